using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.Overrides;
using DynamicToolset.Pipeline;
using DynamicToolset.Rules;
using DynamicToolset.Testing;
using DynamicToolset.Tests.Forms;
using DynamicToolset.Tests.Samples;
using DynamicToolset.Validation;

namespace DynamicToolset.Tests.Fuzz;

[Collection(FuzzCollection.Name)]
public sealed class RuleFuzzTests
{
    /// <summary>
    /// In bytes for one of the text: a letter and a comma in a list of the config are held as they stand there, as they mean, and as they are filled in for
    /// the one Service that fits.
    /// </summary>
    private const double MostHeld = 80;

    private static readonly string[] Pieces =
    [
        "{operator: Matches, values: ['(a|a)*b', '(.*)*', '\\w{255}']}", "{operator: Matches, values: ['((a{50}){50}){50}']}",
        "{operator: HasWord, values: ['-', '', '--']}",
        "{operator: EndsWithWord, values: ['']}", "{operator: NotIn, values: [x]}", "{operator: [thing]}", "{operator: In}",
        "{operator: HasWord}", "{operator: DoesNotExist}", "any: ", "all: ", "not: ", "match: ", "ports: ", "labels: ", "selector: ",
        "name: ", "kind: ", "port: ", "enabled: false", "type: ", "toolset: ", "headers: {Host: x}", "{endpoint.url}", "{a.b}", "${x}",
        "{{ x }}", "../..", "/a?b#c", "kubernetes", "custom", "overrides", "prometheus",
    ];

    private static readonly Place[] Places = [.. Place.In(RuleGrammar.Document, "", yaml => yaml)];

    private static readonly string[] Texts = [.. BuiltInRules.Files().Select(f => f.Text), RuleText.WithSpec("type: prometheus"), .. Places.Select(p => p.Around(p.Form.Example))];

    /// <summary>Each takes nearly a MiB when it is compiled, and more when it is used.</summary>
    private static readonly string Expressions =
        string.Concat(Enumerable.Range(0, 40).Select(i => $"{{labels: {{app: {{operator: Matches, values: ['.*-(canary|memberlist|ruler){i}']}}}}}},"));

    private static readonly RepeatedText[] LongOnes =
    [
        .. new[]
        {
            ("match: {any: [", "{name: a@},", "]}"), ("match: {all: [", "{labels: {a: b}},", "]}"), ("match: {labels: {", "a@: b,", "}}"),
            ("match: {labels: {app: {operator: In, values: [", "a,", "]}}}"),
            ("match: {any: [", "{name: {operator: Matches, values: [a@,b@,c@,d@,e@,f@,g@,h@]}},", "]}"),
            ("match: {any: [", "{name: {operator: Matches, values: ['(.*@)*(a|b|.c){9}']}},", "]}"), ("match: ", "{not: ", ""),
            ($"match: {{any: [{Expressions}", "{kind: Headless},", "]}"), ($"match: {{any: [{Expressions}", "{name: x},", "]}"),
            ("exclude: [", "{kind: Headless},", "]"), ("ports: [", "{number: 1},", "]"),
            ("ports: [", "{name: a},{name: b, number: 1},", "]"), ("paths: [", "/a,", "]"), ("health: {path: /a, status: [", "200,", "]}"),
            ("toolset: {config: {a: [", "a,", "]}}"), ("toolset: {config: {a: [", "{},", "]}}"), ("toolset: {config: {", "a@: ,", "}}"),
            ("toolset: {config: {a: \"", "{endpoint.url}", "\"}}"), ("twins: {roleKeys: [", "a,", "]}"),
        }.Select(t => Around(t.Item1, t.Item2, t.Item3)),
        new("", RuleText.WithSpec("priority: 7", "x@") + "---\n", ""),
        new("", RuleText.WithSpec("match: {name: {operator: Matches, values: [a.*b]}}", "x@") + "---\n", ""),
    ];

    /// <summary>Ordinary ones, and names and labels as no API server would take them.</summary>
    private static readonly ImmutableArray<ServiceRecord> Services =
    [
        .. ServiceText.ParseAll(
            "m/p app=prometheus web:9090 >app=prometheus", "m/g app=grafana service:3000", "m/j app=jaeger query:16686",
            "m/e app=elasticsearch http:9200 Headless >a=b",
            "m/x app=x :80", "m/loki a= :80", "m/q app.kubernetes.io/name=thanos :10902>http ExternalName"),
        ServiceText.Parse("m/a :80") with { Labels = new Dictionary<string, string> { ["app"] = new string('a', 5_000), [""] = "-" } },
        ServiceText.Parse("m/b :80") with { Key = new ObjectKey("", "---"), Labels = new Dictionary<string, string> { ["app"] = "\0\uD800 x" } },
    ];

    /// <summary>Whatever a file says it is taken or refused at a place in it, and what is taken can be used and told of.</summary>
    [Fact]
    public Task Whatever_stands_in_a_file_of_rules_is_taken_or_refused_and_little_of_it_is_held() =>
        new FuzzSeries(MostHeld).TryAsync(6_000, 120..5_880, Make, MutatedText.SizeOf, Use);

    private static string Make(Random random)
    {
        var mutation = new TextMutation(random, Texts, Pieces);
        return MutatedText.Make(random, mutation, LongOnes, () => random.Next(2) == 0 ? mutation.Next() : Places[random.Next(Places.Length)].Around(mutation.Piece()));
    }

    private static FuzzOutcome Use(string text)
    {
        var file = new RuleFile("fuzz.yaml", text);
        RuleSetReading reading = BuiltInRules.With([file]);
        MutatedText.AssertTell(text, FileCheck.Of([file]).Problems.Where(p => p.File == file.Name).Select(p => (p.Position, p.Message)));
        if (reading.RuleSet is not { } rules)
            return new FuzzOutcome(IsTaken: false, reading);
        PipelineResult made = MutatedText.Generate(rules, Services, OverrideSet.None);
        var explainer = new Explainer(new Detector(rules), new NameResolver(rules, []));
        Assert.All(explainer.ExplainAll(Services, static _ => true, Incumbents.None, static _ => true), ToldText.AssertOneLineEach);
        return new FuzzOutcome(IsTaken: true, (reading, made));
    }

    private static RepeatedText Around(string start, string piece, string end)
    {
        string[] parts = RuleText.WithSpec($"{start}\u0001{end}").Split('\u0001');
        return new RepeatedText(parts[0], piece, parts[1]);
    }
}
