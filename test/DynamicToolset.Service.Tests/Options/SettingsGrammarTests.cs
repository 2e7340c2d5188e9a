using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.Overrides;
using DynamicToolset.Pipeline;
using DynamicToolset.Rules;
using DynamicToolset.Service.Hosting;
using DynamicToolset.Service.Options;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Options;

/// <summary>Every setting in the file with everything that does not belong there. The settings are those that are declared, so that none is forgotten.</summary>
public sealed class SettingsGrammarTests
{
    private const string AnyText = "null number negative fraction boolean empty-text text";

    private static readonly (string Name, string Yaml)[] Shapes =
    [
        ("null", "~"), ("empty-list", "[]"), ("list", "[some]"), ("empty-map", "{}"), ("map", "{some: thing}"), ("nested-list", "[[some]]"), ("number", "7"), ("negative", "-7"),
        ("fraction", "1.5"), ("boolean", "true"), ("empty-text", "''"), ("text", "some words"), ("null-in-list", "[~]"),
    ];

    /// <summary>By the beginning of what is allowed: the shapes that are taken. Null is an empty text; whatever else stands in one place is the text that it is written as.</summary>
    private static readonly (string Allowed, string Taken)[] Kinds =
    [
        ("a DNS label: a-z, 0-9 and '-', at most 63 characters; or empty", "null number boolean empty-text"),
        ("a DNS label: ", "number boolean"),
        ("a DNS name such as cluster.local, or empty", "null number fraction boolean empty-text"),
        ("a DNS name: ", "number fraction boolean"),
        ("a path, or empty", AnyText),
        ("a name on one line, or empty", AnyText),
        ("a comma list of namespaces ", "null empty-list list number boolean empty-text"),
        ("a comma list of toolset names ", "null empty-list empty-text"),
        ("a comma list of token audiences ", "null empty-list list number negative fraction boolean empty-text"),
        ("a comma list of ", "null empty-list empty-text"),
        ("a duration ", ""),
        ("true or false", "boolean"),
        ("a whole number from ", "number"),
        ("one of ", ""),
        ("an absolute URL ", "null empty-text"),
        ("an IP address ", "null empty-text"),
        ("printable ASCII ", "null number negative fraction boolean empty-text"),
    ];

    private static readonly string[] Pieces = [.. Settings.Definitions.SelectMany(d => new[] { $"{d.Name}: ", d.Default }).Append("[a, b]").Append("5m").Append("http://holmes/x").Append("10.0.0.0/8").Where(p => p.Length > 0)];

    public static TheoryData<string> Names { get; } = [.. Settings.Definitions.Select(d => d.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_setting_takes_what_its_kind_does_and_refuses_all_else_where_it_stands(string name)
    {
        SettingDefinition definition = Settings.Definitions.Single(d => d.Name == name);
        string[] taken = name == "CONFIG_FILE" ? [] : Kinds.First(k => definition.Allowed.StartsWith(k.Allowed, StringComparison.Ordinal)).Taken.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        foreach ((string shape, string yaml) in Shapes)
        {
            // Seven lies in the range of every whole number.
            ImmutableArray<string> problems = Read($"{name}: {yaml}").Problems;
            bool isTaken = taken.Contains(shape);
            Assert.True(problems.IsEmpty == isTaken, $"{name}: {yaml} gives {string.Join('\n', problems)}");
            Assert.All(problems, p => Assert.Contains($"my.yaml:1:{name.Length + 3}", p, StringComparison.Ordinal));
            Assert.All(problems.Where(_ => name != "CONFIG_FILE" && !taken.Contains(shape)), p => Assert.Contains($"allowed: {definition.Allowed}", p, StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_name_in_another_case_is_unknown_and_one_that_is_there_twice_is_refused(string name)
    {
        Assert.Equal([$"my.yaml:2:1: unknown setting \"{name.ToLowerInvariant()}\" (did you mean {name}?)"], Read($"# a comment\n{name.ToLowerInvariant()}: x").Problems);
        Assert.Equal(["my.yaml:2:1: This key is a duplicate of line 1: keep one of them"], Read($"{name}: x\n{name}: x").Problems);
    }

    /// <summary>Whatever a file says is taken or refused at a place in it, and what is taken can be worked with.</summary>
    [Fact]
    public void Mutated_settings_are_taken_or_refused_and_nothing_else()
    {
        string[] texts =
        [
            "PORT: 8081\nMETRICS_PORT: 9091\nNAMESPACES: [monitoring, logging]\nHEALTH_CHECK_TIMEOUT: 2s\nLOG_LEVEL: warn\n",
            "HEALTH_CHECK_ALLOWED_NETWORKS:\n  - 10.0.0.0/8\n  - fd00::/8\nHEALTH_CHECK_RESOLVE: grafana.monitoring:3000=127.0.0.1:13000\nCLUSTER_DOMAIN: cluster.local\n",
            "{HOLMES_TARGET: current, HOLMES_BASE_TOOLSETS: [kubernetes/core], HOLMES_RELOAD_URL: 'http://holmes/x', HOLMES_RELOAD_API_KEY: abc, PREFERRED_NAMESPACES: a}",
        ];
        Chance.Try(3_000, 60..2_940, random =>
        {
            string text = new TextMutation(random, texts, Pieces).Next();
            SettingsReading reading = Read(text);
            Assert.All(reading.Problems, p => Assert.Matches(@"my\.yaml:[0-9]+:[0-9]+|must be longer than|must differ from", p));
            Assert.All(reading.Problems, p => Assert.DoesNotContain('\n', p));
            if (reading.Settings is { } settings)
                Generate(settings);
            return reading.Settings is not null;
        });
    }

    private static SettingsReading Read(string text) =>
        SettingsReading.Of(SettingsProfile.Service, new Dictionary<string, string>(), _ => null, SettingsFile.Parse("my.yaml", text));

    private static void Generate(Settings settings)
    {
        ToolsetPipeline pipeline = Controller.ToPipeline(settings, BuiltInRules.All);
        var none = new Dictionary<string, string>();
        var labels = new Dictionary<string, string> { ["app"] = "grafana" };
        var service = new ServiceRecord(new ObjectKey("monitoring", "grafana"), "uid", "1", ServiceKind.ClusterIP, labels, none, [new ServicePort("service", 3000)], none);
        pipeline.Generate([.. pipeline.Detect([service]).OfType<Detection.Matched>()], _ => true, Incumbents.None, OverrideState.Start.Next(OverrideSet.None), present: null, lastSeenOverrides: null);
    }
}
