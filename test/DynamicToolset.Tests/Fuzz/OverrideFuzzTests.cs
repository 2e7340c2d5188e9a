using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Overrides;
using DynamicToolset.Pipeline;
using DynamicToolset.Rules;
using DynamicToolset.Testing;
using DynamicToolset.Tests.Forms;
using DynamicToolset.Tests.Samples;
using DynamicToolset.Validation;

namespace DynamicToolset.Tests.Fuzz;

[Collection(FuzzCollection.Name)]
public sealed class OverrideFuzzTests
{
    /// <summary>In bytes for one of the text: an empty map and a comma sixty lists deep take a line of 125 characters in the toolset, beside the map itself.</summary>
    private const double MostHeld = 100;

    private static readonly string[] Pieces =
    [
        "enabled: ", "config: ", "url: ", "headers: ", "description: ", "tools: ", "toolset: ", "apiKey: ", "username: ", "instances: ",
        "labels: ", "${NAME}", "{{ env.NAME }}", "{{ x }}", "'a: b'", "\"a\\nb\"", "\" a \"",
        "Host: ", "Content-Length: ", "x.y: ", "é", "http://a.b:80", "ftp://a", "30s", "1e9s", "off",
    ];

    private static readonly Place[] Places =
        [.. Place.In(OverrideGrammar.Long, "", yaml => $"grafana: {yaml}"), .. Place.In(OverrideGrammar.Short, "", yaml => $"shop: {yaml}")];

    private static readonly string[] Texts =
    [
        "prometheus:\n  enabled: false\ngrafana:\n  config:\n    apiKey: \"${OTHER_KEY}\"\n    headers: {X-Scope-OrgID: shop, Authorization: \"Bearer ${TOKEN}\"}\n",
        "elasticsearch: {url: 'http://e.logging:9200', username: elastic, password: \"${ES}\", verify_ssl: false, timeout_seconds: 30}\n",
        "jaeger: {query_endpoint: /jaeger/api/traces, timeout: 30s, api_key: \"${KEY}\"}\nshop: {description: Orders, config: {url: 'http://shop.shop:80', default_headers: {X-Tenant: a}}}\n",
        .. Places.Select(p => p.Around(p.Form.Example)),
    ];

    private static readonly RepeatedText[] LongOnes =
    [
        new("", "a@: {}\n", ""), new("", "a@: {enabled: no}\n", ""), new("", "a@: {url: 'http://a:1'}\n", ""),
        new("", "a@: {url: 'http://a:1', headers: {X-A: \"${A}\"}}\n", ""),
        new("", "a@:\n  enabled: yes\n  config:\n    url: http://a@.b:80\n", ""),
        new("a: {a: [", "a,", "]}"), new("a: {a: [", "{},", "]}"), new("a: {a: [", "[],", "]}"), new("a: {a: [", "{a: b},", "]}"),
        new("a: {a: [", "[{}],", "]}"), new("a: {a: [", "~,", "]}"), new("a: {a: [", "1,", "]}"),
        new("a: {url: u, ", "a@: ,", "}"), new("a: {headers: {", "a@: ,", "}}"), new("prometheus: {config: {", "a@: {b: c},", "}}"),
        new("prometheus: {config: {labels: {", "a@: b,", "}}}"),
        new($"a: {{a: {new string('[', 55)}", "{},", $"{new string(']', 55)}}}"),
        new($"a: {{a: {new string('[', 55)}", "[{}],", $"{new string(']', 55)}}}"), new("a: {url: 'http://", "a", "'}"),
        new("grafana: {description: \"", "\\u00e9", "\"}"), new("grafana: {description: \"", "\\0", "\"}"),
        new("a:\n  a: |\n", "    a\n", ""), new("a:\n", "  a@:\n  - - - a\n", ""), new("grafana: {headers: {X-A: '", "${A}", "'}}"),
        new("grafana: {instances: [", "{url: 'http://a:1'},", "]}"), new("a: {}\n", "# a\n", ""),
        new("{\"a\":{\"a\":[", "\"a\",", "0]}}"), new("{", "\"a@\":{},", "\"z\":{}}"),
    ];

    private static readonly ImmutableArray<ServiceRecord> Services = ServiceText.ParseAll(
        "m/prometheus app=prometheus web:9090", "m/grafana app=grafana service:3000", "m/jaeger app=jaeger query:16686",
        "m/elasticsearch app=elasticsearch http:9200", "shop/shop http:80 @toolset=true @type=custom");

    /// <summary>Whatever a text says it is taken or refused at a place in it, and what is taken can be written, for HolmesGPT too.</summary>
    [Fact]
    public Task Whatever_stands_in_overrides_is_taken_or_refused_and_little_of_it_is_held() =>
        new FuzzSeries(MostHeld).TryAsync(6_000, 120..5_880, Make, MutatedText.SizeOf, Use);

    private static string Make(Random random)
    {
        var mutation = new TextMutation(random, Texts, Pieces);
        return MutatedText.Make(random, mutation, LongOnes, () => random.Next(2) == 0 ? mutation.Next() : Places[random.Next(Places.Length)].Around(mutation.Piece()));
    }

    private static FuzzOutcome Use(string text)
    {
        OverrideSet overrides = OverrideParser.Parse(text);
        MutatedText.AssertTell(text, FileCheck.Of([new RuleFile("overrides.yaml", text)]).Problems.Select(p => (p.Position, p.Message)));
        PipelineResult? made = overrides.Problem is null ? MutatedText.Generate(BuiltInRules.All, Services, overrides) : null;
        return new FuzzOutcome(overrides.Problem is null, (overrides, made));
    }
}
