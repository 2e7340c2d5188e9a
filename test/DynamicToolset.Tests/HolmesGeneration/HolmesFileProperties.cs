using System.Collections.Immutable;
using System.Text.RegularExpressions;
using CsCheck;
using DynamicToolset.Backends;
using DynamicToolset.Holmes;
using DynamicToolset.Holmes.Generation;
using DynamicToolset.Tests.Properties;
using DynamicToolset.Toolsets;
using DynamicToolset.Values;
using DynamicToolset.Yaml;

namespace DynamicToolset.Tests.HolmesGeneration;

/// <summary>Whatever admins write and Services are called, HolmesGPT takes the file, or there is none.</summary>
public sealed partial class HolmesFileProperties(ITestOutputHelper output)
{
    private static readonly ImmutableArray<string> Bases = ["kubernetes/core", "kubernetes/logs"];

    private static readonly string[] Keys =
    [
        "url", "api_url", "prometheus_url", "timeout", "timeout_seconds", "apiKey", "api_key", "username", "password", "verify_ssl", "headers", "additional_headers",
        "default_headers", "labels", "query_endpoint", "instances", "healthcheck", "external_url", "max_retries", "prometheus_ssl_enabled", "additional_labels",
        "default_query_timeout_seconds", "query_timeout_seconds_default", "client_cert", "enable_rendering", "broker", "kafka_broker", "management_url", "verify_certs", "kafka_password", "id", "name", "clusters", "bearer_token",
    ];

    /// <summary>Every command without what differs from one backend to another.</summary>
    private static readonly ImmutableHashSet<string> KnownCommands =
        [.. from name in (string[])["everything", "urls", "kinds"]
            from target in Enum.GetValues<HolmesTarget>()
            from command in Commands(new HolmesGoldenCase(name).Make(target).Text)
            select Plain(command)];

    private static Gen<ToolsetValue> Urls { get; } = Gen.OneOf(
        "http://a.b:80", "https://A.b", "tcp://a.b:9092", "a.b:9092,c.d:9092", "http://[::1]:9", "http://u:p@a.b:80", "http://a.b:80/x y", "http://a.b:80/'; touch x; '", "http://a.b:80/p/", "ftp://a", "http://a.b:80/$(x)",
        "https://a.b?orgId=1#x", "https://a.b/?q=1&token=x", "https://a.b/?q={{x}}", "https://a.b:80/x:y@z?a:b@c")
        .Select(u => (ToolsetValue)new ToolsetValue.Text(u));

    private static Gen<ToolsetValue> Headers { get; } = Gen.Select(
        Gen.OneOf("Authorization", "X-Scope-OrgID", "x.y", "X'Y", "Token", "url"),
        Gen.OneOf(Gen.OneOf("${TOKEN}", "Bearer ${TOKEN}", "Bearer ${TOKEN}\"; touch x", "{{ env.X }}", "{${A}}"), Generated.Texts),
        (name, text) => (ToolsetValue)ToolsetValue.Map.Of((name, new ToolsetValue.Text(text))));

    private static Gen<ToolsetValue> Values { get; } = Gen.Frequency(
        (3, Generated.Values),
        (2, Headers),
        (2, Urls),
        (2, Gen.OneOf("${NAME}", "30s", "/jaeger/api/traces", "/x'/traces").Select(t => (ToolsetValue)new ToolsetValue.Text(t))),
        (1, Gen.OneOf("0", "7", "1000000000").Select(n => (ToolsetValue)new ToolsetValue.Number(n))));

    private static Gen<Toolset> Toolsets { get; } = Gen.Select(
        Gen.OneOf([.. BackendKinds.All.Select(k => k.Name), "unknown"]),
        Gen.OneOf("a", "b-c", "inventory", "prometheus", new string('x', 63)),
        Urls,
        Gen.Select(Gen.Frequency((8, Gen.OneOf(Keys)), (1, Generated.Texts)), Values, (key, value) => KeyValuePair.Create(key, value)).Array[0, 6],
        (type, name, url, config) => new Toolset(
            name,
            type,
            ToolsetValue.Map.Of(("config", new ToolsetValue.Map([.. config.Append(KeyValuePair.Create("url", url)).DistinctBy(c => c.Key)]))),
            new ToolsetSource.Override()));

    [Fact]
    public void Whatever_an_admin_writes_the_file_is_fit_to_be_loaded() =>
        Toolsets.Array[0, 4].Select(t => t.DistinctBy(s => s.Name).ToImmutableArray()).Holds(
            600,
            output,
            Check,
            toolsets => toolsets.Select(t => t.Type).Append(File(toolsets, HolmesTarget.Compat).LeftOut.IsEmpty ? "nothing left out" : "something left out").Distinct(),
            "prometheus",
            "custom",
            "nothing left out",
            "something left out");

    [Fact]
    public void Whatever_is_in_the_cluster_the_file_is_fit_to_be_loaded() =>
        World.All.Holds(150, output, world => Check(world.Generate(null).Toolsets.Toolsets), world => world.Services.Select(s => s.Class).Distinct(), "matching", "hostile", "custom");

    private static HolmesFile File(ImmutableArray<Toolset> toolsets, HolmesTarget target) => new HolmesGenerator(new HolmesProfile(target, Bases)).Generate(toolsets);

    private static void Check(ImmutableArray<Toolset> toolsets)
    {
        foreach (HolmesTarget target in Enum.GetValues<HolmesTarget>())
        {
            HolmesFile file = File(toolsets, target);
            // What is known to go wrong is left out one by one, so that nothing has ever to be refused.
            Assert.Empty(file.Problems);
            Assert.Empty(HolmesLinter.Lint(file.Text, target, Bases));
            Assert.All(Commands(file.Text).Select(Plain), c => Assert.Contains(c, KnownCommands));
        }
    }

    private static IEnumerable<string> Commands(string text) => All(YamlReader.Read(text).Documents.Single());

    private static IEnumerable<string> All(YamlNode node) => node switch
    {
        YamlNode.Mapping map => map.Entries.SelectMany(e => e is { Key: "command", Value: YamlNode.Scalar command } ? [command.Text] : All(e.Value)),
        YamlNode.Sequence list => list.Items.SelectMany(All),
        _ => [],
    };

    private static string Plain(string command) => More().Replace(Found().Replace(Timeout().Replace(Option().Replace(Url().Replace(command, "'URL'"), ""), "N"), ""), "");

    [GeneratedRegex(@"'https?://[a-z0-9.-]+:[0-9]{1,5}(/[A-Za-z0-9._~/-]*)?'")]
    private static partial Regex Url();

    [GeneratedRegex(
        @" -f(?= )| --insecure"
        + @"| -H ""[A-Za-z0-9_-]+: ((Basic|Bearer|ApiKey) )?\$\{[A-Za-z_][A-Za-z0-9_]*:\?[A-Za-z ,]+\}""| -u ""\$\{\w+:\?[A-Za-z ,]+\}:\$\{\w+:\?[A-Za-z ,]+\}"""
        + @"|(?<name>\w+)=\$\(printf %s ""\$\{\k<name>-\}"" \| tr -d '\\r\\n'\); ")]
    private static partial Regex Option();

    [GeneratedRegex(@"(?<=--max-time )[0-9]{1,3}(?= )")]
    private static partial Regex Timeout();

    [GeneratedRegex(@" [a-z]+ 'URL' (yes|no)")]
    private static partial Regex Found();

    [GeneratedRegex(@" and [0-9]+ more\z")]
    private static partial Regex More();
}
