using System.Diagnostics;
using System.Text.RegularExpressions;
using DynamicToolset.HealthCheck;
using DynamicToolset.Holmes;
using DynamicToolset.Yaml;

namespace DynamicToolset.Tests.HolmesGeneration;

/// <summary>
/// The commands of the generated file, run by a shell with a real curl as HolmesGPT runs them: parameters quoted as Python's shlex.quote
/// does, an empty one left empty. Only the URL's origin is another one. Without curl they are skipped, but in CI they fail.
/// </summary>
public sealed partial class CommandTests : IAsyncDisposable
{
    private readonly RecordingServer _server = new();
    private string _shell = "/bin/sh";
    private string _error = "";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    private static readonly Dictionary<string, string> GoodWords =
        new() { ["trace_id"] = "ab12", ["index"] = "logs-*", ["path"] = "a", ["lookback_seconds"] = "1h" };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string> HostileValues =>
    [
        "'; touch x; '", "$(touch x)", "`touch x`", "; touch x", "& touch x", "| touch x", "{a,b}", "[1-3]", "@/etc/passwd", "a b", "a&b=c#d", "-o x", "--output x",
        "\"; touch x; \"", "${HOME}", "é😀", "../..", "x\ntouch x",
    ];

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("discovered_jaeger_list_services", "", "/api/services", "")]
    [InlineData("discovered_jaeger_search_traces", "service=front end|lookback_seconds=3600|limit=5|operation=GET /|min_duration=2s", "/api/traces", "service=front end|operation=GET /|minDuration=2s|lookback=3600s|limit=5")]
    [InlineData("discovered_jaeger_search_traces", "service=a|lookback_seconds=60|limit=5", "/api/traces", "service=a|operation=|minDuration=|lookback=60s|limit=5")]
    [InlineData("discovered_jaeger_get_trace", "trace_id=ab12", "/api/traces/ab12", "")]
    [InlineData("discovered_jaeger_list_operations", "service=front end/2", "/api/operations", "service=front end/2")]
    [InlineData("discovered_jaeger_get_dependencies", "lookback_seconds=60", "/api/dependencies", "lookback=60000")]
    [InlineData("discovered_elasticsearch_cluster_health", "", "/_cluster/health", "")]
    [InlineData("discovered_elasticsearch_list_indices", "", "/_cat/indices", "v=true|s=index")]
    [InlineData("discovered_elasticsearch_search", "index=logs-*|query=level:error AND x|size=3|sort=@timestamp:desc", "/logs-*/_search", "q=level:error AND x|size=3|sort=@timestamp:desc")]
    [InlineData("discovered_orders_get", "path=api/v1/items?limit=10", "/api/v1/items", "limit=10")]
    [InlineData("discovered_orders_get", "path=/api/v1/items", "/api/v1/items", "")]
    [InlineData("discovered_orders_get", "path=a%20b/%C3%A9?q=../x", "/a%20b/%C3%A9", "q=../x")]
    [InlineData("discovered_orders_get", "path=", "/", "")]
    public async Task A_tool_asks_its_backend_for_what_the_model_wants(string tool, string parameters, string path, string query)
    {
        (int exitCode, string output) = await RunAsync(CommandOf(tool), Pairs(parameters));
        Assert.Equal((0, "ok"), (exitCode, output));
        Uri asked = Asked(Assert.Single(_server.TakeRequests()));
        Assert.Equal(path, asked.AbsolutePath);
        var sent = Query(asked);
        Assert.All(Pairs(query), p => Assert.Equal(p.Value, sent[p.Key]));
    }

    [Fact]
    public async Task Jaeger_is_told_when_to_begin_and_to_end_in_its_own_units()
    {
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        await RunAsync(CommandOf("discovered_jaeger_search_traces"), Pairs("service=a|lookback_seconds=3600|limit=1"));
        await RunAsync(CommandOf("discovered_jaeger_get_dependencies"), Pairs("lookback_seconds=3600"));
        string[] requests = _server.TakeRequests();
        Dictionary<string, string> search = Query(Asked(requests[0])), dependencies = Query(Asked(requests[1]));
        Assert.Equal(3600, Seconds(search["end"], 1_000_000) - Seconds(search["start"], 1_000_000), 5d);
        Assert.InRange(Seconds(search["end"], 1_000_000), now - 1, now + 3600);
        Assert.InRange(Seconds(dependencies["endTs"], 1000), now - 1, now + 3600);

        static double Seconds(string text, int unit) => long.Parse(text, System.Globalization.CultureInfo.InvariantCulture) / (double)unit;
    }

    [Theory]
    [MemberData(nameof(HostileValues))]
    public async Task What_the_model_writes_is_sent_and_never_run(string value)
    {
        foreach ((string tool, string command) in Commands())
        {
            string[] names = [.. Parameter().Matches(command).Select(m => m.Groups[1].Value).Distinct()];
            await RunAsync(command, names.ToDictionary(n => n, _ => value));
            await RunAsync(command, names.ToDictionary(n => n, n => GoodWords.GetValueOrDefault(n, value)));
            Assert.Empty(_folder.GetFileSystemInfos());
            foreach (string request in _server.TakeRequests())
            {
                Assert.StartsWith("GET /", request, StringComparison.Ordinal);
                Assert.DoesNotContain("root:", request, StringComparison.Ordinal);
                AssertSent(tool, command, value, request);
            }
        }
    }

    /// <summary>As people and models write times. The shells are those of HolmesGPT's images; a prerequisite runs in the first.</summary>
    [Theory]
    [InlineData("3600", 3600)]
    [InlineData("3600s", 3600)]
    [InlineData("90m", 5400)]
    [InlineData("1h", 3600)]
    [InlineData("1H", 3600)]
    [InlineData("1 hour", 3600)]
    [InlineData("30 minutes", 1800)]
    [InlineData("5 mins", 300)]
    [InlineData("1h30m", 5400)]
    [InlineData("1.5h", 5400)]
    [InlineData("2d", 172800)]
    [InlineData("2 days", 172800)]
    [InlineData("1w", 604800)]
    [InlineData("-1h", 3600)]
    [InlineData("now-1h", 3600)]
    [InlineData("PT1H30M", 5400)]
    [InlineData("P2D", 172800)]
    [InlineData("010", 10)]
    [InlineData("", null)]
    [InlineData("0", null)]
    [InlineData("0h", null)]
    [InlineData("None", null)]
    [InlineData("yesterday", null)]
    [InlineData("1y", null)]
    [InlineData("5ms", null)]
    [InlineData("1 month", null)]
    [InlineData("1h 1x", null)]
    [InlineData("1x 1h", null)]
    [InlineData("3600.5", null)]
    [InlineData("1e3", null)]
    [InlineData("0x10", null)]
    [InlineData("--1h", null)]
    [InlineData("2026-11-30T12:00:00Z", null)]
    [InlineData("99999999999", null)]
    [InlineData("1h\n1h", null)]
    public async Task A_time_is_read_as_people_write_it_and_nonsense_is_an_error_and_no_search_from_1970(string lookback, int? seconds)
    {
        foreach (string shell in new[] { "/bin/sh", "/bin/bash" })
        {
            _shell = shell;
            (int exitCode, _) = await RunAsync(CommandOf("discovered_jaeger_get_dependencies"), new() { ["lookback_seconds"] = lookback });
            Assert.Equal(seconds is null ? 2 : 0, exitCode);
            string[] requests = _server.TakeRequests();
            Assert.Equal(seconds is null ? [] : [$"{seconds}000"], requests.Select(r => Query(Asked(r))["lookback"]));
            Assert.Equal(seconds is null, _error.Contains("lookback_seconds: write 90m", StringComparison.Ordinal));
        }
    }

    /// <summary>Whatever a server might take for a step upwards, or for the end of the path.</summary>
    [Theory]
    [InlineData("discovered_orders_get", "path", "../admin")]
    [InlineData("discovered_orders_get", "path", "..")]
    [InlineData("discovered_orders_get", "path", "a/../../admin")]
    [InlineData("discovered_orders_get", "path", "a/..")]
    [InlineData("discovered_orders_get", "path", "/../admin")]
    [InlineData("discovered_orders_get", "path", "//admin")]
    [InlineData("discovered_orders_get", "path", "a//b")]
    [InlineData("discovered_orders_get", "path", "%2e%2e/admin")]
    [InlineData("discovered_orders_get", "path", "%2E%2E/admin")]
    [InlineData("discovered_orders_get", "path", ".%2e/admin")]
    [InlineData("discovered_orders_get", "path", "..%2fadmin")]
    [InlineData("discovered_orders_get", "path", "a%2F..%2Fadmin")]
    [InlineData("discovered_orders_get", "path", "a%2Fb")]
    [InlineData("discovered_orders_get", "path", "..%5cadmin")]
    [InlineData("discovered_orders_get", "path", "..\\admin")]
    [InlineData("discovered_orders_get", "path", "%252e%252e/admin")]
    [InlineData("discovered_orders_get", "path", "%%32%65%%32%65/admin")]
    [InlineData("discovered_orders_get", "path", "%25252e/admin")]
    [InlineData("discovered_orders_get", "path", "%c0%ae%c0%ae/admin")]
    [InlineData("discovered_orders_get", "path", "..;/admin")]
    [InlineData("discovered_orders_get", "path", "a\n/../admin")]
    [InlineData("discovered_orders_get", "path", "%0d%0aX:y")]
    [InlineData("discovered_orders_get", "path", "%zz")]
    [InlineData("discovered_orders_get", "path", "a%2")]
    [InlineData("discovered_orders_get", "path", "a#b")]
    [InlineData("discovered_orders_get", "path", "a?b=1#c")]
    [InlineData("discovered_orders_get", "path", "..?x")]
    [InlineData("discovered_jaeger_get_trace", "trace_id", "../services")]
    [InlineData("discovered_jaeger_get_trace", "trace_id", "%2e%2e")]
    [InlineData("discovered_jaeger_get_trace", "trace_id", "ab?x=1")]
    [InlineData("discovered_jaeger_get_trace", "trace_id", "ab#")]
    [InlineData("discovered_jaeger_get_trace", "trace_id", "")]
    [InlineData("discovered_elasticsearch_search", "index", "..")]
    [InlineData("discovered_elasticsearch_search", "index", ".")]
    [InlineData("discovered_elasticsearch_search", "index", "")]
    [InlineData("discovered_elasticsearch_search", "index", "a/../_cluster/settings?x=")]
    [InlineData("discovered_elasticsearch_search", "index", "%2e%2e")]
    [InlineData("discovered_elasticsearch_search", "index", "_cluster/settings?")]
    [InlineData("discovered_elasticsearch_search", "index", "_all#")]
    public async Task A_path_of_the_models_does_not_climb_out_of_where_it_begins(string tool, string parameter, string value)
    {
        foreach (string shell in new[] { "/bin/sh", "/bin/bash" })
        {
            _shell = shell;
            (int exitCode, _) = await RunAsync(CommandOf(tool), new() { [parameter] = value });
            Assert.Equal(2, exitCode);
            Assert.Empty(_server.TakeRequests());
            Assert.StartsWith($"{parameter}: write ", _error, StringComparison.Ordinal);
        }
    }

    /// <summary>HolmesGPT's own client resolves dots after it has compared the path with those that are allowed.</summary>
    [Fact]
    public void Below_a_path_a_command_asks_whose_path_is_looked_at()
    {
        string text = new HolmesGoldenCase("sub-paths").Make(HolmesTarget.Current).Text;
        Assert.DoesNotContain("type: \"http\"", text, StringComparison.Ordinal);
        Assert.Contains("http://gateway.infra:80/orders/'\\\"${path-}\\\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_checks_of_a_backend_that_is_there_pass()
    {
        foreach (string command in Entries().SelectMany(e => Commands(e["prerequisites"])))
            Assert.Equal(0, (await RunAsync(command, [])).ExitCode);
        Assert.Equal(["/", "/_cluster/health", "/health"], _server.TakeRequests().Select(r => Asked(r).AbsolutePath).Order(StringComparer.Ordinal));
    }

    /// <summary>What HolmesGPT says of a backend at its start is what is said here.</summary>
    [Theory]
    [InlineData(200)]
    [InlineData(201)]
    [InlineData(204)]
    [InlineData(302)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task The_checks_come_to_the_verdict_that_ours_come_to(int status)
    {
        _server.Status = status;
        bool isHealthy = ProbeOutcome.Of(new ProbeAnswer.Response(status, null, null, default), AcceptedStatuses.Default).IsSuccess;
        foreach (string command in Entries().SelectMany(e => Commands(e["prerequisites"])))
        {
            (int exitCode, string output) = await RunAsync(command, []);
            Assert.Equal((isHealthy, ""), (exitCode == 0, output));
        }
    }

    [Fact]
    public async Task The_checks_of_a_backend_that_hangs_up_fail()
    {
        _server.Status = RecordingServer.HangUp;
        foreach (string command in Entries().SelectMany(e => Commands(e["prerequisites"])))
            Assert.NotEqual(0, (await RunAsync(command, [])).ExitCode);
    }

    [Fact]
    public async Task Credentials_come_from_the_environment_whatever_is_in_them()
    {
        foreach (string command in Entries("secrets-by-environment").SelectMany(e => Commands(e["tools"])))
            await RunAsync(command, new() { ["index"] = "a" }, ("ES_USER", "elastic"), ("ES_PASSWORD", "p \"`touch x`\\$HOME"), ("ORDERS_TOKEN", "t0"));
        Assert.Empty(_folder.GetFileSystemInfos());
        string[] requests = _server.TakeRequests();
        string basic = Convert.ToBase64String("elastic:p \"`touch x`\\$HOME"u8);
        Assert.Equal(4, requests.Length);
        Assert.Equal(3, requests.Count(r => r.Contains($"Authorization: Basic {basic}\r\n", StringComparison.Ordinal)));
        Assert.Equal(1, requests.Count(r => r.Contains("Authorization: Bearer t0\r\n", StringComparison.Ordinal)));
    }

    /// <summary>A secret made by echo ends with a line, and with a carriage return where that was on Windows.</summary>
    [Theory]
    [InlineData("t0\n")]
    [InlineData("t0\r\n")]
    [InlineData("t0\n\n")]
    public async Task A_line_break_of_a_secret_does_not_end_the_header(string token)
    {
        await RunAsync(Entries("secrets-by-environment").SelectMany(e => Commands(e["tools"])).Last(), [], ("ORDERS_TOKEN", token));
        Assert.Contains("\r\nAuthorization: Bearer t0\r\n", Assert.Single(_server.TakeRequests()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("\n")]
    public async Task A_credential_that_is_not_there_is_told_by_its_name_and_never_sent_empty(string? value)
    {
        foreach (string shell in new[] { "/bin/sh", "/bin/bash" })
        {
            _shell = shell;
            foreach (YamlNode.Mapping entry in Entries("secrets-by-environment"))
            {
                foreach (string command in Commands(entry["tools"]).Concat(Commands(entry["prerequisites"])))
                {
                    (string, string)[] environment = value is null ? [] : [("ES_USER", value), ("ES_PASSWORD", value), ("ORDERS_TOKEN", value)];
                    Assert.NotEqual(0, (await RunAsync(command, new() { ["index"] = "a" }, environment)).ExitCode);
                    Assert.Matches("(ES_USER|ORDERS_TOKEN): is not set in the pod of HolmesGPT", _error);
                    Assert.Empty(_server.TakeRequests());
                }
            }
        }
    }

    /// <summary>HolmesGPT shows the model the command after os.path.expandvars, which puts in <c>$NAME</c> and <c>${NAME}</c>.</summary>
    [Fact]
    public void No_credential_gets_into_the_command_that_the_model_is_shown()
    {
        IEnumerable<string> commands = Entries("secrets-by-environment").SelectMany(e => Commands(e["tools"]).Concat(Commands(e["prerequisites"])));
        Assert.Contains(commands, c => c.Contains("ES_PASSWORD", StringComparison.Ordinal));
        Assert.All(commands, c => Assert.DoesNotMatch(Expanded(), c));
    }

    [Fact]
    public async Task The_inventory_prints_what_there_is()
    {
        (int exitCode, string output) = await RunAsync(CommandOf("discovered_inventory_show"), []);
        Assert.Equal(0, exitCode);
        Assert.Equal("TYPE URL TOOLSET", output.Split('\n')[0]);
        Assert.Equal(6, output.Split('\n').Length);
    }

    /// <summary>In the query a value arrives as it was, whatever is in it.</summary>
    private static void AssertSent(string tool, string command, string value, string request)
    {
        Dictionary<string, string> sent = Query(Asked(request));
        foreach (Match match in Sent().Matches(command))
            Assert.True(sent[match.Groups[1].Value] == value, $"{tool} sent {request}");
    }

    private static Uri Asked(string request) => new("http://x" + request.Split(' ')[1]);

    private static Dictionary<string, string> Query(Uri asked) => asked.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(p => p.Split('=', 2))
        .ToDictionary(p => p[0], p => Uri.UnescapeDataString((p.ElementAtOrDefault(1) ?? "").Replace('+', ' ')));

    private static Dictionary<string, string> Pairs(string text) =>
        text.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('=', 2)).ToDictionary(p => p[0], p => p[1]);

    private static string CommandOf(string tool) => Commands().Single(c => c.Tool == tool).Command;

    private static IEnumerable<(string Tool, string Command)> Commands() => Entries()
        .SelectMany(e => (e["tools"] as YamlNode.Sequence)?.Items ?? [])
        .Cast<YamlNode.Mapping>()
        .Select(t => (((YamlNode.Scalar)t["name"]!).Text, ((YamlNode.Scalar)t["command"]!).Text));

    private static IEnumerable<string> Commands(YamlNode? list) =>
        ((list as YamlNode.Sequence)?.Items ?? []).Cast<YamlNode.Mapping>().Select(t => ((YamlNode.Scalar)t["command"]!).Text).Where(c => c.Contains("curl ", StringComparison.Ordinal));

    private static IEnumerable<YamlNode.Mapping> Entries(string name = "everything")
    {
        var file = (YamlNode.Mapping)YamlReader.Read(new HolmesGoldenCase(name).Make(HolmesTarget.Compat).Text).Documents.Single();
        return ((YamlNode.Mapping)file["toolsets"]!).Entries.Where(e => e.Key.StartsWith("discovered/", StringComparison.Ordinal))
            .Where(e => name == "everything" || e.Key != "discovered/jaeger")
            .Select(e => (YamlNode.Mapping)e.Value);
    }

    private async Task<(int ExitCode, string Output)> RunAsync(string command, Dictionary<string, string> parameters, params (string Name, string Value)[] environment)
    {
        string rendered = Parameter().Replace(command, m => Quoted(parameters.GetValueOrDefault(m.Groups[1].Value, "")));
        if (command.Contains("curl ", StringComparison.Ordinal))
            rendered = Origin().Replace(rendered, "'" + _server.Url);
        var start = new ProcessStartInfo(_shell, ["-c", rendered]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder.FullName };
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync(Stop);
        string output = await process.StandardOutput.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop);
        _error = await error;
        bool isMissing = process.ExitCode == 127 && _error.Contains("curl", StringComparison.Ordinal);
        Assert.SkipWhen(isMissing && Environment.GetEnvironmentVariable("CI") != "true", "There is no curl here.");
        return (process.ExitCode, output.TrimEnd('\n'));
    }

    private static string Quoted(string value) => Safe().IsMatch(value)
        ? value
        : $"'{value.Replace("'", "'\"'\"'", StringComparison.Ordinal)}'";

    [GeneratedRegex(@"\$(\w+|\{\w+\})")]
    private static partial Regex Expanded();

    [GeneratedRegex(@"\{\{ (\w+) \}\}")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"--data-urlencode (\w+)=\{\{ \w+ \}\}(?= |$)")]
    private static partial Regex Sent();

    [GeneratedRegex(@"'https?://[a-z0-9.-]+:[0-9]+")]
    private static partial Regex Origin();

    [GeneratedRegex(@"\A[A-Za-z0-9_@%+=:,./-]+\z")]
    private static partial Regex Safe();
}
