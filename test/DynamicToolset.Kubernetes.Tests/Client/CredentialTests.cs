using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Config;
using DynamicToolset.Kubernetes.Tests.Scripted;
using DynamicToolset.Testing;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Kubernetes.Tests.Client;

public sealed class CredentialTests : IDisposable
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    private readonly FakeTimeProvider _time = new(DateTimeOffset.Parse("2026-01-01T00:00:00Z", CultureInfo.InvariantCulture));
    private readonly TestFolder _folder = new();

    [Fact]
    public async Task A_token_is_sent_as_bearer_and_a_password_as_basic()
    {
        await using var server = new ScriptedServer(Version, Version, Version);
        await AskAsync(server, new KubeCredentials.Token("t-1"));
        await AskAsync(server, new KubeCredentials.Basic("ann", "sesam:öffne"));
        await AskAsync(server, new KubeCredentials.None());
        Assert.Equal(["Bearer t-1", "Basic YW5uOnNlc2FtOsO2ZmZuZQ==", null], server.Requests.Select(request => request.Header("Authorization")));
    }

    [Fact]
    public async Task A_rotated_token_file_is_read_again_within_a_minute()
    {
        await using var server = new ScriptedServer(Version, Version, Version);
        using KubeApiClient client = server.Client(_time, new KubeCredentials.TokenFile(_folder.Write("token", "old\n")));
        await client.GetVersionAsync(Stop);
        _folder.Write("token", "new");
        await client.GetVersionAsync(Stop);
        _time.Advance(TimeSpan.FromSeconds(60));
        await client.GetVersionAsync(Stop);
        Assert.Equal(["Bearer old", "Bearer old", "Bearer new"], server.Requests.Select(request => request.Header("Authorization")));
    }

    [Fact]
    public async Task A_refused_token_is_read_again_and_tried_once_more()
    {
        await using var server = new ScriptedServer(Version, e => e.AnswerAsync(401, Json.Status(401, "Unauthorized")), Version);
        using KubeApiClient client = server.Client(_time, new KubeCredentials.TokenFile(_folder.Write("token", "old")));
        await client.GetVersionAsync(Stop);
        _folder.Write("token", "new");
        await client.GetVersionAsync(Stop);
        Assert.Equal(["Bearer old", "Bearer old", "Bearer new"], server.Requests.Select(request => request.Header("Authorization")));
    }

    [Fact]
    public async Task Rotation_every_five_seconds_fails_no_request()
    {
        string token = "";
        await using var server = new ScriptedServer([.. Enumerable.Repeat<Func<Exchange, Task>>(
            e => e.Header("Authorization") == "Bearer " + token ? Version(e) : e.AnswerAsync(401, Json.Status(401, "Unauthorized")), 100)]);
        string file = _folder.Write("token", token = "t0");
        using KubeApiClient client = server.Client(_time, new KubeCredentials.TokenFile(file));
        for (int i = 1; i <= 24; i++)
        {
            await client.GetVersionAsync(Stop);
            _folder.Write("token", token = $"t{i}");
            _time.Advance(TimeSpan.FromSeconds(5));
        }
    }

    [Fact]
    public async Task A_token_that_is_refused_and_not_renewed_is_not_sent_twice()
    {
        await using var server = new ScriptedServer(e => e.AnswerAsync(401, Json.Status(401, "Unauthorized")));
        KubeApiException error = await Assert.ThrowsAsync<KubeApiException>(() => AskAsync(server, new KubeCredentials.Token("secret-token")));
        Assert.Equal(401, error.Code);
        Assert.Single(server.Requests);
        Assert.DoesNotContain("secret-token", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_file_that_vanishes_for_a_moment_leaves_the_last_token_in_use()
    {
        await using var server = new ScriptedServer(Version, Version);
        string file = _folder.Write("token", "t");
        using KubeApiClient client = server.Client(_time, new KubeCredentials.TokenFile(file));
        await client.GetVersionAsync(Stop);
        File.Delete(file);
        _time.Advance(TimeSpan.FromSeconds(60));
        await client.GetVersionAsync(Stop);
        Assert.Equal("Bearer t", server.Requests[1].Header("Authorization"));
    }

    [Theory, InlineData(""), InlineData("two\nlines"), InlineData("t\u00f6ken")]
    public async Task A_file_that_holds_no_token_is_named_and_its_text_is_not(string text)
    {
        await using var server = new ScriptedServer();
        string file = _folder.Write("token", text);
        KubeApiException error = await Assert.ThrowsAsync<KubeApiException>(() => AskAsync(server, new KubeCredentials.TokenFile(file)));
        Assert.Equal((KubeFault.Credentials, true), (error.Fault, error.IsRetryable));
        Assert.Contains($"{file}: holds no bearer token", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("two", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plugin_runs_once_until_its_token_expires()
    {
        await using var server = new ScriptedServer(Version, Version, Version);
        using KubeApiClient client = server.Client(_time, Plugin(Counting("""{"token":"t'$n'","expirationTimestamp":"2026-01-01T00:10:00Z"}""")));
        await client.GetVersionAsync(Stop);
        _time.Advance(TimeSpan.FromMinutes(9));
        await client.GetVersionAsync(Stop);
        _time.Advance(TimeSpan.FromMinutes(1));
        await client.GetVersionAsync(Stop);
        Assert.Equal(["Bearer t1", "Bearer t1", "Bearer t2"], server.Requests.Select(request => request.Header("Authorization")));
    }

    [Fact]
    public async Task A_plugin_runs_again_when_its_token_is_refused()
    {
        await using var server = new ScriptedServer(e => e.AnswerAsync(401, Json.Status(401, "Unauthorized")), Version);
        await AskAsync(server, Plugin(Counting("""{"token":"t'$n'"}""")));
        Assert.Equal(["Bearer t1", "Bearer t2"], server.Requests.Select(request => request.Header("Authorization")));
    }

    [Fact]
    public async Task Requests_at_the_same_time_share_one_run_of_the_plugin()
    {
        await using var server = new ScriptedServer([.. Enumerable.Repeat<Func<Exchange, Task>>(Version, 8)]);
        using KubeApiClient client = server.Client(_time, Plugin(Counting("""{"token":"t'$n'"}""")));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => client.GetVersionAsync(Stop)));
        Assert.All(server.Requests, request => Assert.Equal("Bearer t1", request.Header("Authorization")));
    }

    [Fact]
    public async Task A_plugin_gets_its_arguments_variables_and_what_it_is_told_of_the_cluster()
    {
        string script = _folder.WriteScript("plugin", $$"""
            printf '%s|%s|%s' "$1" "$2" "$GREETING" > '{{_folder.Path}}/seen'
            printf '%s' "$KUBERNETES_EXEC_INFO" > '{{_folder.Path}}/info'
            {{Print("""{"token":"t"}""")}}
            """);
        await using var server = new ScriptedServer(Version);
        ExecPlugin plugin = Describe(script) with
        {
            Arguments = ["get token", "--now"],
            Environment = [new("GREETING", "hello world")],
            ClusterJson = """{"server":"https://a"}""",
        };
        await AskAsync(server, new KubeCredentials.Exec(plugin));
        Assert.Equal("get token|--now|hello world", File.ReadAllText(Path.Combine(_folder.Path, "seen")));
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","spec":{"interactive":false,"cluster":{"server":"https://a"}}}"""),
            JsonNode.Parse(File.ReadAllText(Path.Combine(_folder.Path, "info")))));
    }

    [Fact]
    public async Task A_plugin_may_give_a_client_certificate()
    {
        var authority = new TestAuthority();
        var seen = new List<string>();
        using var identity = authority.Issue("from-plugin");
        string key = System.Security.Cryptography.X509Certificates.ECDsaCertificateExtensions.GetECDsaPrivateKey(identity)!.ExportPkcs8PrivateKeyPem();
        var status = new JsonObject { ["clientCertificateData"] = identity.ExportCertificatePem(), ["clientKeyData"] = key };
        string answer = _folder.Write("answer.json", Credential(status.ToJsonString()));
        string script = _folder.WriteScript("plugin", $"cat '{answer}'");
        await using var server = new ScriptedServer(authority.Server("127.0.0.1", clients: authority, seen), Version);
        using var client = new KubeApiClient(
            new KubeConnection
            {
                Server = server.Url,
                Tls = new KubeTls { CertificateAuthority = new PemSource.Text(authority.Pem, "test") },
                Credentials = Plugin(script),
            },
            _time);
        await client.GetVersionAsync(Stop);
        Assert.Equal(["CN=from-plugin"], seen.Distinct());
    }

    [Theory]
    [InlineData("exit 3", "ended with exit code 3")]
    [InlineData("echo 'log in first' >&2; exit 1", "ended with exit code 1 and said: log in first")]
    [InlineData("echo 'no /home/a1/.config/gcloud3 at https://sts.eu-west-1.amazonaws.com or sts.eu-west-1.amazonaws.com:443 for arn-of-me' >&2; exit 1", "ended with exit code 1 and said: no /home/a1/.config/gcloud3 at https://sts.eu-west-1.amazonaws.com or sts.eu-west-1.amazonaws.com:443 for arn-of-me")]
    [InlineData("echo swordfish; echo 'wrong: \"swordfish\" and wJalrXUtnFEMI/K7MDENG' >&2; exit 1", "ended with exit code 1 and said: wrong: \"<redacted>\" and <redacted>")]
    [InlineData("echo nonsense", "printed no ExecCredential")]
    [InlineData("echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\"}'", "printed neither a token nor a client certificate")]
    [InlineData("echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"v0\",\"status\":{\"token\":\"t\"}}'", "printed an apiVersion other than client.authentication.k8s.io/v1")]
    [InlineData("cat /dev/zero", "printed too much: it has more than 1 MiB")]
    [InlineData("cat /dev/zero >&2", "printed too much: it has more than 64 KiB")]
    public async Task A_plugin_that_fails_is_named_with_what_it_did(string script, string expected)
    {
        await using var server = new ScriptedServer();
        string path = _folder.WriteScript("plugin", script + "\n");
        KubeApiException error = await Assert.ThrowsAsync<KubeApiException>(() => AskAsync(server, Plugin(path)));
        Assert.Equal(KubeFault.Credentials, error.Fault);
        Assert.Contains($"config:7:3: {path} {expected}; run it by hand to see why", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_cannot_wait_for_a_plugin_names_it_and_leaves_it_running_for_the_next()
    {
        await using var server = new ScriptedServer(Version);
        string path = _folder.WriteScript("plugin", $"mkfifo '{_folder.Path}/go'; read x < '{_folder.Path}/go'\n{Print("""{"token":"t"}""")}");
        using KubeApiClient client = server.Client(_time, Plugin(path));
        Task<KubeVersion> first = client.GetVersionAsync(Stop);
        await Patience.EventuallyAsync(() => File.Exists($"{_folder.Path}/go"), "the plugin runs");
        _time.Advance(new KubeApiClientOptions().RequestTimeout);
        KubeApiException error = await Assert.ThrowsAsync<KubeApiException>(() => first.WithPatienceAsync());
        Assert.Equal((KubeFault.Credentials, true), (error.Fault, error.IsConnectionFailure));
        Assert.Contains($"config:7:3: {path} has not answered yet, so that the API server could not be asked (the plugin may take 60 seconds); run it by hand to see why", error.Message, StringComparison.Ordinal);
        Task<KubeVersion> second = client.GetVersionAsync(Stop);
        await File.WriteAllTextAsync($"{_folder.Path}/go", "x\n", Stop);
        await second.WithPatienceAsync();
        Assert.Equal("Bearer t", Assert.Single(server.Requests).Header("Authorization"));
    }

    [Fact]
    public async Task Who_stops_waits_for_no_plugin_and_hears_of_no_failure()
    {
        await using var server = new ScriptedServer();
        using KubeApiClient client = server.Client(_time, Plugin(Hanging("exec sleep 1000")));
        using var stop = new CancellationTokenSource();
        Task<KubeVersion> call = client.GetVersionAsync(stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WithPatienceAsync());
    }

    /// <summary>By its time, and by the end of the program.</summary>
    [Theory]
    [InlineData("exec sleep 1000", true)]
    [InlineData("sleep 1000", true)]
    [InlineData("sh -c 'sleep 1000 & wait'", true)]
    [InlineData("sh -c 'sleep 1000 &'; exit 0", true)]
    [InlineData("sh -c 'sleep 1000 &'; exit 0", false)]
    [InlineData("sleep 1000", false)]
    public async Task Nothing_that_a_plugin_started_outlives_its_end(string script, bool isByTime)
    {
        await using var server = new ScriptedServer();
        string path = Hanging(script);
        KubeApiClient client = server.Client(_time, Plugin(path));
        Task<KubeVersion> call = client.GetVersionAsync(Stop);
        await Patience.EventuallyAsync(() => Sleepers() == 1, "the plugin sleeps");
        if (isByTime)
        {
            _time.Advance(TimeSpan.FromSeconds(ConnectionBounds.PluginTime.Most));
            KubeApiException error = await Assert.ThrowsAsync<KubeApiException>(() => call.WithPatienceAsync());
            Assert.Contains($"{path} ", error.Message, StringComparison.Ordinal);
        }

        client.Dispose();
        await Patience.EventuallyAsync(() => Sleepers() == 0, "nothing of the plugin is left");
    }

    [Fact]
    public async Task A_plugin_that_is_not_installed_is_told_with_the_hint_of_the_kubeconfig()
    {
        await using var server = new ScriptedServer();
        ExecPlugin plugin = Describe("no-such-plugin") with { InstallHint = "get it from example.com" };
        KubeApiException error = await Assert.ThrowsAsync<KubeApiException>(() => AskAsync(server, new KubeCredentials.Exec(plugin)));
        Assert.Contains("no-such-plugin cannot be started; get it from example.com", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static Task Version(Exchange exchange) => exchange.AnswerAsync(200, """{"major":"1","minor":"34","gitVersion":"v1.34.9"}""");

    private async Task AskAsync(ScriptedServer server, KubeCredentials credentials)
    {
        using KubeApiClient client = server.Client(_time, credentials);
        await client.GetVersionAsync(Stop);
    }

    // Prints a credential in which $n is the number of the run.
    private string Counting(string status) => _folder.WriteScript("plugin", $"""
        echo x >> '{_folder.Path}/runs'
        n=$(wc -l < '{_folder.Path}/runs' | tr -d ' ')
        {Print(status)}
        """);

    // What sleeps is known by a variable that it inherits.
    private string Hanging(string script) => _folder.WriteScript("plugin", $"export SLEEPER='{_folder.Path}'\n{script}\n");

    private int Sleepers() => Directory.EnumerateDirectories("/proc").Count(folder =>
    {
        try
        {
            return File.ReadAllText($"{folder}/environ").Contains($"SLEEPER={_folder.Path}", StringComparison.Ordinal)
                && File.ReadAllText($"{folder}/cmdline").StartsWith("sleep", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    });

    private static string Print(string status) => $"printf '%s' '{Credential(status)}'\n";

    private static string Credential(string status) =>
        $$"""{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{{status}} }""";

    private static KubeCredentials.Exec Plugin(string command) => new(Describe(command));

    private static ExecPlugin Describe(string command) =>
        new(command, [], ImmutableArray<KeyValuePair<string, string>>.Empty, "client.authentication.k8s.io/v1", "", null, "config:7:3");
}
