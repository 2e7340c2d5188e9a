using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using DynamicToolset.Service.Tests.Hosting;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Cli;

/// <summary>
/// Text that would move a cursor, turn the direction of writing, break a line or hide itself, wherever others can put some: no command prints it as
/// it is, be it to a terminal or into a file that is looked at on one.
/// </summary>
public sealed class HostileTextTests
{
    /// <summary>One of each: direction, width, lines, byte order, C0, C1, ANSI, soft hyphen, tag.</summary>
    private const string Hostile = "\u202eX\u2066\u200b\u200d\u200e\u200f\u061c\u2028\u2029\ufeff\u0085\u009b\u001b[31m\u0007\u00ad\U000E0041";

    /// <summary>The same in a text of YAML.</summary>
    private static readonly string Escaped = string.Concat(Hostile.EnumerateRunes().Select(r => string.Create(CultureInfo.InvariantCulture, $"\\U{r.Value:x8}")));

    private static readonly string[] Annotations = ["toolset", "toolset-type", "toolset-name", "health-endpoint", "toolset-port", "toolset-scheme"];

    [Theory]
    [InlineData("explain --all -f services.json")]
    [InlineData("explain --all -f services.json -o json")]
    [InlineData("explain m/prometheus -f services.json")]
    [InlineData("explain m/labels -f services.json")]
    [InlineData("explain m/ports -f services.json")]
    [InlineData("explain m/bad-toolset-port -f services.json")]
    [InlineData("generate -f services.json")]
    [InlineData("generate -f services.json -o json --overrides good.yaml")]
    [InlineData("generate -f services.json --overrides good.yaml")]
    [InlineData("generate -f services.json --overrides bad.yaml")]
    [InlineData("generate -f services.json --overrides broken.yaml")]
    [InlineData("validate good.yaml bad.yaml broken.yaml rule.yaml named")]
    [InlineData("validate good.yaml bad.yaml broken.yaml rule.yaml -o json")]
    [InlineData("validate --holmes holmes.yaml")]
    [InlineData("validate --holmes holmes.yaml -o json")]
    [InlineData("generate -f services.json --detectors-dir rules")]
    [InlineData("sandbox --once -f labels.json")]
    [InlineData("run --print-config --config settings.yaml")]
    [InlineData("run --print-config --config good.yaml")]
    public async Task What_stands_in_files_is_printed_by_no_command_as_it_is(string command)
    {
        using TestFolder folder = Files();
        string[] arguments = [.. command.Split(' ').Select(a => File.Exists(Path.Combine(folder.Path, a)) || Directory.Exists(Path.Combine(folder.Path, a)) ? Path.Combine(folder.Path, a) : a)];
        (_, string output, string error) = await BuiltProgram.RunAsync([], arguments);
        AssertHarmless(output + error);
    }

    [Theory]
    [InlineData("diff", "<U+202E>X<U+2066><U+200B>")]
    [InlineData("diff", "<U+00AD><U+E0041>")]
    [InlineData("diff -o json", "")]
    [InlineData("explain --all", "odd")]
    [InlineData("run --dry-run", "<U+00AD><U+E0041>")]
    [InlineData("run --dry-run --log-format text", "<U+00AD><U+E0041>")]
    public async Task What_stands_in_the_cluster_is_printed_by_no_command_as_it_is(string command, string shown)
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        cluster.AddService("grafana", "m");
        cluster.Load(Service("odd", new JsonObject { ["kubernaut.io/toolset"] = Hostile, ["x"] = Hostile }, []).ToJsonString());
        cluster.Load("{apiVersion: v1, kind: ConfigMap, metadata: {name: kubernaut-toolset-config, namespace: kubernaut-system}, data: {foreign: x}}");
        foreach (string key in (string[])["grafana-toolset.yaml", "gone-toolset.yaml", "foreign"])
            cluster.SetData(key, $"toolset: {Hostile}\n{Hostile}\n");
        cluster.Patch(new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["kubernaut.io/override-error"] = Hostile } } }.ToJsonString());
        cluster.SetData("overrides.yaml", $"grafana: {{config: {{\"a{Escaped}\": \"{Escaped}\"}}}}\n");
        using Process process = BuiltProgram.Start([("KUBECONFIG", cluster.Kubeconfig), ("PORT", "0"), ("METRICS_PORT", "0"), ("SHUTDOWN_DELAY", "0s"), ("LOG_LEVEL", "debug")], command.Split(' '));
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = new StringBuilder();
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WithPatienceAsync() is { } line)
        {
            output.Append(line).Append('\n');
            if (line.Contains("Would write the ConfigMap", StringComparison.Ordinal))
                await BuiltProgram.SignalAsync(process, "TERM");
        }

        await BuiltProgram.WaitAsync(process);
        string said = output + await error;
        AssertHarmless(said);
        Assert.Contains(shown, said, StringComparison.Ordinal);
    }

    private static void AssertHarmless(string said)
    {
        Assert.NotEqual("", said.Trim());
        Assert.All(said.Split('\n'), line => Assert.DoesNotContain(line.EnumerateRunes(), IsObeyed));
    }

    private static bool IsObeyed(Rune rune) => rune.Value != '\t' && Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static TestFolder Files()
    {
        var folder = new TestFolder();
        JsonObject[] services =
        [
            Service("prometheus", new JsonObject { [Hostile] = Hostile }, new JsonObject { ["app"] = "prometheus", [Hostile] = Hostile }),
            Service("labels", [], new JsonObject { ["app"] = Hostile, ["app.kubernetes.io/name"] = Hostile }),
            Service("ports", [], new JsonObject { ["app"] = "grafana" }),
            .. Annotations.Select(a => Service($"bad-{a}", new JsonObject { ["kubernaut.io/toolset"] = "true", ["kubernaut.io/toolset-type"] = "custom", [$"kubernaut.io/{a}"] = Hostile }, [])),
            Service(Hostile, [], new JsonObject { ["app"] = "grafana" }),
        ];
        folder.Write("services.json", new JsonObject { ["apiVersion"] = "v1", ["kind"] = "List", ["items"] = new JsonArray([.. services]) }.ToJsonString());
        folder.Write("labels.json", Service("odd", new JsonObject { ["kubernaut.io/toolset"] = Hostile, ["sandbox.dynamic-toolset/answer"] = Hostile }, []).ToJsonString());
        folder.Write("good.yaml", $"prometheus: {{config: {{\"a{Escaped}\": \"v{Escaped}\", headers: {{\"X{Escaped}\": \"{Escaped}\"}}}}}}\n\"n{Escaped}\": {{config: {{url: \"http://x{Escaped}\"}}}}\n");
        folder.Write("bad.yaml", $"\"n{Escaped}\": 5\nprometheus: {{\"k{Escaped}\": 5, enabled: \"x{Escaped}\"}}\n");
        folder.Write("broken.yaml", $"a: [{Hostile} }}\n");
        folder.Write("settings.yaml", $"\"PORT{Escaped}\": 1\nPORT: \"{Escaped}\"\nCLUSTER_DOMAIN: \"{Escaped}\"\n");
        string rule = folder.Write("rule.yaml", $"apiVersion: \"{Escaped}\"\nkind: \"{Escaped}\"\nname: \"{Escaped}\"\n\"fo{Escaped}\": 1\n");
        folder.Write("holmes.yaml", $"toolsets:\n  \"a{Escaped}\":\n    \"b{Escaped}\": 1\n    description: \"{Escaped}\"\n    tools: [{{name: \"{Escaped}\", command: \"x {{{{ {Escaped} }}}}\"}}]\n");
        string named = Directory.CreateDirectory(Path.Combine(folder.Path, "named")).FullName;
        File.WriteAllText(Path.Combine(named, "\u202e\u001b[31m\u0085.yaml"), "x: [");
        string rules = Directory.CreateDirectory(Path.Combine(folder.Path, "rules")).FullName;
        File.Copy(rule, Path.Combine(rules, "\u202e\u001b[31m.yaml"));
        return folder;
    }

    private static JsonObject Service(string name, JsonObject annotations, JsonObject labels) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Service",
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "m", ["labels"] = labels, ["annotations"] = annotations },
        ["spec"] = new JsonObject
        {
            ["selector"] = name == "ports" ? new JsonObject { [Hostile] = Hostile } : [],
            ["ports"] = new JsonArray(new JsonObject { ["port"] = 9090, ["name"] = name == "odd" ? "http" : Hostile, ["appProtocol"] = name == "odd" ? null : Hostile }),
        },
    };
}
