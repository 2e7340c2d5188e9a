using System.Diagnostics;
using System.Text;
using DynamicToolset.Service.Tests.Hosting;
using DynamicToolset.Service.Tests.Probing;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Cli;

/// <summary>
/// A credential of every kind, wherever one can stand and broken in every way: whatever goes wrong with it, no command prints it, on neither
/// stream and at no level.
/// </summary>
public sealed class PlantedCredentialTests
{
    /// <summary>Part of each secret.</summary>
    private const string Secret = "hunter2";

    /// <summary>Where SERVER is a server that refuses everybody, and PROXY the port of a proxy that does.</summary>
    private static readonly (string Title, string Cluster, string User)[] Kubeconfigs =
    [
        ("a token", "{server: SERVER}", "{token: hunter2-hunter2}"),
        ("a token that fits no header", "{server: SERVER}", """{token: "hunter2\n\u0007é"}"""),
        ("a token that is no text", "{server: SERVER}", "{token: [hunter2]}"),
        ("a token that is a map", "{server: SERVER}", "{token: {hunter2: hunter2}}"),
        ("a token in a text that does not end", "{server: SERVER}", "{token: \"hunter2}"),
        ("a token twice", "{server: SERVER}", "{token: hunter2-a, token: hunter2-b}"),
        ("a password", "{server: SERVER}", "{username: a, password: hunter2}"),
        ("a password that fits no header", "{server: SERVER}", """{username: "a:hunter2", password: "hunter2\n"}"""),
        ("a key that is no base64", "{server: SERVER}", "{client-certificate-data: aHVudGVyMg==, client-key-data: hunter2}"),
        ("a key that is no key", "{server: SERVER}", "{client-certificate-data: aHVudGVyMg==, client-key-data: aHVudGVyMg==}"),
        ("a key without a certificate", "{server: SERVER}", "{client-key-data: aHVudGVyMg==}"),
        ("a plugin that fails after it has printed", "{server: SERVER}", """{exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: sh, args: ["-c", "echo hunter2-of-the-plugin; echo cannot use hunter2-of-the-plugin with $TOKEN and hunter2-argument-hunter2 >&2; exit 1", hunter2-argument-hunter2], env: [{name: TOKEN, value: hunter2-environment}]}}"""),
        ("a plugin that complains of a token", "{server: SERVER}", """{exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: sh, args: ["-c", "echo 'bad token: eyJhbGciOiJSUzI1NiJ9.eyJodW50ZXIyIjoiaHVudGVyMiJ9.hunter2hunter2hunter2' >&2; exit 1"]}}"""),
        ("a plugin that prints something else", "{server: SERVER}", """{exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: echo, args: [hunter2]}}"""),
        ("a plugin whose token is refused", "{server: SERVER}", """{exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: echo, args: ['{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"hunter2"}}']}}"""),
        ("a plugin whose token fits no header", "{server: SERVER}", """{exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: echo, args: ['{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"hunter2\nhunter2"}}']}}"""),
        ("a plugin that is not there", "{server: SERVER}", """{exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: no-such-plugin, args: [hunter2], env: [{name: TOKEN, value: hunter2}]}}"""),
        ("a server with a password", "{server: 'https://a:hunter2@127.0.0.1:1'}", "{}"),
        ("a server that is no URL", "{server: 'hunter2@ x'}", "{}"),
        ("a proxy that refuses", "{server: 'https://api.example', proxy-url: 'http://a:hunter2@127.0.0.1:PROXY'}", "{}"),
        ("a proxy that refuses plain HTTP", "{server: 'http://api.example', proxy-url: 'http://a:hunter2@127.0.0.1:PROXY'}", "{}"),
        ("a proxy that speaks no SOCKS", "{server: 'https://api.example', proxy-url: 'socks5://a:hunter2@127.0.0.1:PROXY'}", "{}"),
        ("a proxy that is not there", "{server: 'https://api.example', proxy-url: 'http://a:hunter2@127.0.0.1:1'}", "{}"),
        ("a proxy that is no URL", "{server: 'https://api.example', proxy-url: 'http://a:hunter2@b c:1'}", "{}"),
        ("a proxy of another kind", "{server: 'https://api.example', proxy-url: 'ftp://a:hunter2@b'}", "{}"),
    ];

    private static readonly (string Title, string[] Arguments, (string Name, string Value)[] Environment)[] Settings =
    [
        ("a proxy of the environment that refuses", [], [("HTTPS_PROXY", "http://a:hunter2@127.0.0.1:PROXY")]),
        ("a proxy of the environment that is no URL", [], [("HTTPS_PROXY", "http://a:hunter2@b c")]),
        ("a password in the URL of the reload", [], [("HOLMES_RELOAD_URL", "http://a:hunter2@holmes/x")]),
        ("a password in a URL that is none", [], [("HOLMES_RELOAD_URL", "http//a:hunter2@holmes x")]),
        ("a token in the query of a URL", ["--print-config"], [("HOLMES_RELOAD_URL", "http://holmes/x?token=hunter2")]),
        ("a key", ["--print-config"], [("HOLMES_RELOAD_API_KEY", "hunter2")]),
        ("a key in a flag", ["--holmes-reload-api-key=hunter2", "--print-config"], []),
        ("a key that fits no header", [], [("HOLMES_RELOAD_API_KEY", "hunter2 é")]),
        ("a key in a flag that is misspelt", ["--holmes-reload-apikey=hunter2"], []),
        ("a key in a file", ["--print-config", "--config", "FOLDER/good.yaml"], []),
        ("a key in a file, in JSON", ["--print-config", "-o", "json", "--config", "FOLDER/good.yaml"], []),
        ("a key in a file that is a list", ["--print-config", "--config", "FOLDER/list.yaml"], []),
        ("a key in a file that does not end", ["--print-config", "--config", "FOLDER/open.yaml"], []),
        ("a key in a file under a name that is misspelt", ["--print-config", "--config", "FOLDER/misspelt.yaml"], []),
    ];

    public static TheoryData<string> Titles => [.. Kubeconfigs.Select(k => k.Title), .. Settings.Select(s => s.Title)];

    [Theory]
    [MemberData(nameof(Titles))]
    public async Task No_command_prints_it(string title)
    {
        const string Refusal = "Content-Type: text/plain\r\nX-Said: hunter2\r\nContent-Length: 7\r\n\r\nhunter2";
        await using LoopbackBackend server = LoopbackBackend.Answering($"HTTP/1.1 401 hunter2\r\n{Refusal}");
        await using LoopbackBackend proxy = LoopbackBackend.Answering($"HTTP/1.1 407 hunter2\r\nProxy-Authenticate: Basic realm=hunter2\r\n{Refusal}");
        using var folder = new TestFolder();
        folder.Write("good.yaml", "HOLMES_RELOAD_API_KEY: hunter2\nHOLMES_RELOAD_URL: 'http://holmes/x?a=hunter2'\n");
        folder.Write("list.yaml", "HOLMES_RELOAD_API_KEY: [hunter2, hunter2 é]\n");
        folder.Write("open.yaml", "HOLMES_RELOAD_API_KEY: \"hunter2\n");
        folder.Write("misspelt.yaml", "HOLMES_RELOAD_APIKEY: hunter2\n");
        (string Title, string Cluster, string User) access = (title, "{server: 'https://api.example'}", "{token: hunter2}");
        access = Kubeconfigs.Append(access).First(k => k.Title == title);
        (string Title, string[] Arguments, (string Name, string Value)[] Environment) given = (title, [], []);
        given = Settings.Append(given).First(s => s.Title == title);
        string kubeconfig = folder.Write("kubeconfig", Placed($"current-context: c\ncontexts: [{{name: c, context: {{cluster: c, user: u}}}}]\nclusters: [{{name: c, cluster: {access.Cluster}}}]\nusers: [{{name: u, user: {access.User}}}]\n"));
        (string, string)[] variables = [("KUBECONFIG", kubeconfig), ("LOG_LEVEL", "debug"), ("PORT", "0"), ("METRICS_PORT", "0"), ("SHUTDOWN_DELAY", "0s"), .. given.Environment.Select(e => (e.Name, Placed(e.Value)))];
        string[] flags = [.. given.Arguments.Select(Placed)];

        Task<string> running = RunUntilItFailsAsync(variables, ["run", .. flags]);
        if (flags.Length == 0)
        {
            (_, string output, string error) = await BuiltProgram.RunAsync(variables, ["explain", "--all"]);
            AssertClean(output + error);
        }

        AssertClean(await running);

        string Placed(string text) => text
            .Replace("SERVER", $"'http://{server.EndPoint}'", StringComparison.Ordinal)
            .Replace("PROXY", $"{proxy.EndPoint.Port}", StringComparison.Ordinal)
            .Replace("FOLDER", folder.Path, StringComparison.Ordinal);
    }

    /// <summary>With a look at what its ports tell, where it comes so far that it has some.</summary>
    private static async Task<string> RunUntilItFailsAsync((string, string)[] environment, string[] arguments)
    {
        using Process process = BuiltProgram.Start(environment, arguments);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var all = new StringBuilder();
        using var http = new HttpClient();
        string listening = "";
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WithPatienceAsync() is { } line)
        {
            all.AppendLine(line);
            if (line.Contains(ListeningLine.Text, StringComparison.Ordinal))
                listening = line;
            if (!line.Contains("\"msg\":\"Failed to list services\"", StringComparison.Ordinal))
                continue;
            (int api, int metrics) = ListeningLine.Ports(listening);
            foreach (string path in (string[])[$"{api}/readyz?verbose", $"{api}/healthz?verbose", $"{metrics}/metrics"])
            {
                using HttpResponseMessage answer = await http.GetAsync($"http://127.0.0.1:{path}", TestContext.Current.CancellationToken);
                all.AppendLine(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            }

            await BuiltProgram.SignalAsync(process, "TERM");
        }

        await BuiltProgram.WaitAsync(process);
        return all + await error;
    }

    private static void AssertClean(string text)
    {
        string[] forms = [Secret, Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret))[..8], "aHVudGVyMi", "eyJodW50ZXIy"];
        Assert.All(text.Split('\n'), line => Assert.DoesNotContain(forms, form => line.Contains(form, StringComparison.Ordinal)));
        Assert.NotEqual("", text);
    }
}
