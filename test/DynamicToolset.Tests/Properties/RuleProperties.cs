using System.Collections.Immutable;
using System.Diagnostics;
using CsCheck;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.Overrides;
using DynamicToolset.Rules;
using DynamicToolset.Testing;
using DynamicToolset.Tests.Forms;
using DynamicToolset.Tests.Samples;
using DynamicToolset.Validation;

namespace DynamicToolset.Tests.Properties;

public sealed class RuleProperties(ITestOutputHelper output)
{
    private static readonly string[] Pieces =
    [
        "{operator: Matches, values: ['(a|a)*b', '(.*)*', '\\w{255}']}", "{operator: Matches, values: ['((a{50}){50}){50}']}", "{operator: HasWord, values: ['-', '', '--']}",
        "{operator: EndsWithWord, values: ['']}", "{operator: NotIn, values: [x]}", "{operator: [thing]}", "{operator: In}", "{operator: HasWord}", "{operator: DoesNotExist}", "any: ", "all: ", "not: ", "match: ", "ports: ", "labels: ", "selector: ",
        "name: ", "kind: ", "port: ", "enabled: false", "type: ", "toolset: ", "headers: {Host: x}", "{endpoint.url}", "{a.b}", "${x}", "{{ x }}", "../..", "/a?b#c", "kubernetes", "custom", "overrides", "prometheus",
    ];

    private static readonly ImmutableArray<RuleFile> Files =
    [
        .. BuiltInRules.Files(),
        new RuleFile("loki.yaml", RuleText.WithSpec("priority: 7", "loki")),
        new RuleFile("cortex.yaml", RuleText.WithSpec("type: prometheus", "cortex") + "---\n" + RuleText.WithSpec("compatible: true", "tempo")),
    ];

    [Fact]
    public void Files_in_any_order_make_the_same_rules()
    {
        RuleSet expected = BuiltInRules.With(Files).RuleSet!;
        Gen.Shuffle(Files.ToArray()).Holds(
            300,
            output,
            shuffled =>
            {
                RuleSet rules = BuiltInRules.With(shuffled).RuleSet!;
                Assert.Equal(expected.Rules.Select(r => r.Name), rules.Rules.Select(r => r.Name));
                Assert.Equal(expected.Types.Select(t => t.Name), rules.Types.Select(t => t.Name));
                Assert.True(rules.ChangesSince(expected).IsEmpty);
            },
            shuffled => [shuffled[0] == Files[0] ? "the first stays first" : "another is first"],
            "another is first");
    }

    /// <summary>Whatever a file says it is taken or refused at a place in it, soon, and what is taken can be used.</summary>
    [Fact]
    public void Mutated_rules_are_taken_or_refused_and_nothing_else()
    {
        Place[] places = [.. Place.In(RuleGrammar.Document, "", yaml => yaml)];
        string[] texts = [.. Files.Select(f => f.Text), .. places.Select(p => p.Around(p.Form.Example))];
        var slowest = TimeSpan.Zero;
        Chance.Try(6_000, 120..5_880, random =>
        {
            var mutation = new TextMutation(random, texts, Pieces);
            (bool isTaken, TimeSpan took) = Try(random.Next(2) == 0 ? mutation.Next() : places[random.Next(places.Length)].Around(mutation.Piece()));
            slowest = took > slowest ? took : slowest;
            return isTaken;
        });
        output.WriteLine($"the slowest in {slowest.TotalMilliseconds:F0} ms");
    }

    private static (bool IsTaken, TimeSpan Took) Try(string text)
    {
        long begun = Stopwatch.GetTimestamp();
        try
        {
            bool isTaken = Use(text);
            TimeSpan took = Stopwatch.GetElapsedTime(begun);
            // A thousand times what the slowest takes: this is about what never ends, not about the machine.
            Assert.True(took < TimeSpan.FromSeconds(120), $"it took {took.TotalSeconds} s");
            return (isTaken, took);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"This text broke the reader:\n{text}", e);
        }
    }

    private static bool Use(string text)
    {
        var file = new RuleFile("fuzz.yaml", text);
        RuleSetReading reading = BuiltInRules.With([file]);
        Assert.All(FileCheck.Of([file]).Problems.Where(p => p.File == file.Name), p => MutatedText.AssertIsIn(text, p.Position));
        if (reading.RuleSet is not { } rules)
            return false;
        var detector = new Detector(rules);
        detector.DetectAll(Services);
        new Explainer(detector, new NameResolver(rules, [])).ExplainAll(Services, static _ => true, Incumbents.None);
        MutatedText.Generate(rules, Services, OverrideSet.None);
        return true;
    }

    /// <summary>Ordinary ones, and names and labels as no API server would take them.</summary>
    private static readonly ImmutableArray<ServiceRecord> Services =
    [
        .. ServiceText.ParseAll(
            "m/p app=prometheus web:9090 >app=prometheus", "m/g app=grafana service:3000", "m/j app=jaeger query:16686", "m/e app=elasticsearch http:9200 Headless >a=b",
            "m/x app=x :80", "m/loki a= :80", "m/q app.kubernetes.io/name=thanos :10902>http ExternalName"),
        ServiceText.Parse("m/a :80") with { Labels = new Dictionary<string, string> { ["app"] = new string('a', 5_000), [""] = "-" } },
        ServiceText.Parse("m/b :80") with { Key = new ObjectKey("", "---"), Labels = new Dictionary<string, string> { ["app"] = "\0\uD800 x" } },
    ];
}
