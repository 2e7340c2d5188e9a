using System.Collections.Immutable;
using DynamicToolset.Rules;
using DynamicToolset.Tests.Samples;

namespace DynamicToolset.Tests.Rules;

public sealed class RuleVerdictTests
{
    /// <summary>Rules of the shape that the shipped ones have, so that these rows stay true while those grow.</summary>
    private const string RuleTexts = """
        apiVersion: toolset.kubernaut.io/v1alpha1
        kind: DetectorRule
        metadata: {name: prometheus}
        spec:
          match:
            any:
              - labels: {app: prometheus}
              - labels: {app.kubernetes.io/name: prometheus, app.kubernetes.io/component: {operator: In, values: [server, prometheus]}}
              - name: {operator: EndsWithWord, values: [prometheus]}
                port: {number: 9090}
          exclude:
            - name: {operator: EndsWithWord, values: [exporter, operator]}
            - labels: {app.kubernetes.io/component: exporter}
          ports: [{name: web, number: 9090}, {number: 9090}, {name: http}]
          health: {path: /-/healthy}
          toolset: {config: {url: "{endpoint.url}"}}
        ---
        apiVersion: toolset.kubernaut.io/v1alpha1
        kind: DetectorRule
        metadata: {name: thanos}
        spec:
          type: prometheus
          compatible: true
          match: {labels: {app.kubernetes.io/name: thanos, app.kubernetes.io/component: query}}
          ports: [{number: 10902}, {name: http}]
        ---
        apiVersion: toolset.kubernaut.io/v1alpha1
        kind: DetectorRule
        metadata: {name: grafana}
        spec:
          match: {any: [{labels: {app: grafana}}, {labels: {app.kubernetes.io/name: grafana}}]}
          ports: [{name: service, number: 3000}, {name: service}, {number: 3000}, {name: http}]
          health: {path: /api/health}
          toolset: {config: {url: "{endpoint.url}"}}
        ---
        apiVersion: toolset.kubernaut.io/v1alpha1
        kind: DetectorRule
        metadata: {name: elasticsearch}
        spec:
          match: {labels: {app: elasticsearch}}
          exclude: [{selector: {role: {operator: Exists}}}]
          ports: [{number: 9200}, {name: http}]
          health: {path: /_cluster/health}
          toolset: {config: {url: "{endpoint.url}"}}
        ---
        apiVersion: toolset.kubernaut.io/v1alpha1
        kind: DetectorRule
        metadata: {name: jaeger}
        spec: {enabled: false}
        """;

    private static readonly RuleSet Rules = RuleSet.Compose(
        BuiltInRules.Parsed, RuleParser.ReadAll([new RuleFile("rules.yaml", RuleTexts)]).Rules).RuleSet!;

    [Theory]
    [InlineData("labels", "label")]
    [InlineData("annotations", "annotation")]
    [InlineData("selector", "selector")]
    public void A_key_that_is_no_word_is_quoted_so_that_each_text_stays_on_its_line(string field, string subject)
    {
        DetectorRule rule = RuleText.Parse(RuleText.WithSpec($"match: {{{field}: {{\"a\\nb\": x}}}}"));
        RuleVerdict verdict = RuleVerdict.Of(rule, ServiceText.Parse("m/x :80"));
        Assert.Equal($"{subject} \"a\\u000ab\" is missing but must be \"x\"", verdict.Failed);
    }

    [Theory]
    // Scenario 3: Grafana is there, and is not found.
    [InlineData("m/grafana service:3000", "grafana: label app is missing but must be \"grafana\"")]
    [InlineData("m/grafana app=Grafana service:3000", "grafana: label app is \"Grafana\" but must be \"grafana\"")]
    [InlineData("m/dashboards app=grafanna service:3000", "grafana: label app is \"grafanna\" but must be \"grafana\"")]
    [InlineData("m/dashboards app=garfana service:3000", "grafana: label app is \"garfana\" but must be \"grafana\"")]
    [InlineData("m/dashboards app.kubernetes.io/name=grafana-ui service:3000", "grafana: label app.kubernetes.io/name is \"grafana-ui\" but must be \"grafana\"")]
    [InlineData("m/team-grafana-svc web:80", "grafana: label app is missing but must be \"grafana\"")]
    [InlineData("m/dashboards :3000", "grafana: label app is missing but must be \"grafana\"")]
    [InlineData("m/grafana app=grafana service:3000 ExternalName", "grafana: it is an ExternalName Service, which is never connected to")]
    // The port.
    [InlineData("m/g app=grafana web:8080", "grafana: its ports are 8080 (web): there is not a TCP port whose name must be \"service\", nor a TCP port with the number 3000, nor a TCP port whose name must be \"http\"")]
    [InlineData("m/e app=elasticsearch transport:9300", "elasticsearch: its ports are 9300 (transport): there is not a TCP port with the number 9200, nor a TCP port whose name must be \"http\"")]
    [InlineData("m/e app=elasticsearch rest:9200/UDP", "elasticsearch: its ports are 9200 (rest, UDP): there is not a TCP port with the number 9200, nor a TCP port whose name must be \"http\"")]
    [InlineData("m/e app=elasticsearch", "elasticsearch: it has no port: there is not a TCP port with the number 9200, nor a TCP port whose name must be \"http\"")]
    [InlineData("m/my-prometheus web:9091", "prometheus: its ports are 9091 (web): there is not a TCP port with the number 9090")]
    // What only looks like it.
    [InlineData("m/prometheus-node-exporter app=prometheus metrics:9100", "prometheus: it is left out on purpose: the name ends with the word \"exporter\"")]
    [InlineData("m/p app.kubernetes.io/name=prometheus app.kubernetes.io/component=exporter http:9090", "prometheus: label app.kubernetes.io/component is \"exporter\" but must be \"server\" or \"prometheus\"")]
    [InlineData("m/e app=elasticsearch :9200 >role=data", "elasticsearch: it is left out on purpose: selector role is there")]
    // Several come close.
    [InlineData("m/q app.kubernetes.io/name=thanos app.kubernetes.io/component=store http:10902", "thanos: label app.kubernetes.io/component is \"store\" but must be \"query\"")]
    [InlineData("m/thanos-query http:9090", "thanos: label app.kubernetes.io/name is missing but must be \"thanos\"")]
    [InlineData("m/prometheus-grafana service:3000", "grafana: label app is missing but must be \"grafana\"")]
    [InlineData("m/prometheus app=grafana service:81 :9091", "grafana matches")]
    [InlineData("m/jaeger app=jaeger query:16686", "jaeger: the rule is disabled")]
    // Nothing does.
    [InlineData("m/shop app=shop http:80", "nothing")]
    [InlineData("m/shop app=shop http:8080 https:8443", "nothing")]
    [InlineData("m/shop app.kubernetes.io/component=server http:80", "nothing")]
    [InlineData("m/graph http:80", "nothing")]
    [InlineData("m/any", "nothing")]
    public void What_came_closest_is_what_a_person_would_name(string service, string closest) => Assert.Equal(closest, Closest(service));

    [Theory]
    [InlineData("m/grafana http:80", true)]
    [InlineData("m/dashboards app=grafanna", true)]
    [InlineData("m/dashboards app=grafana-ui", true)]
    [InlineData("m/prometheus-node-exporter metrics:9100", true)]
    [InlineData("m/dashboards :3000", false)]
    [InlineData("m/x web:9090", false)]
    [InlineData("m/x app=shop service:80", false)]
    [InlineData("m/x app.kubernetes.io/component=server web:9090", false)]
    public void Only_a_name_or_a_label_brings_a_Service_near(string service, bool isNear) =>
        Assert.Equal(isNear, Verdicts(service).Any(v => v.IsNear));

    [Theory]
    [InlineData("m/grafana service:3000", "grafana", "set the label app to \"grafana\"")]
    [InlineData("m/g app=grafana web:8080", "grafana", "name a TCP port \"service\", or give it the number 3000")]
    [InlineData("m/my-prometheus web:9091", "prometheus", "give a TCP port the number 9090")]
    [InlineData("m/q app.kubernetes.io/name=thanos http:10902", "thanos", "set the label app.kubernetes.io/component to \"query\"")]
    [InlineData("m/prometheus-node-exporter app=prometheus metrics:9100", "prometheus", null)]
    [InlineData("m/jaeger app=jaeger query:16686", "jaeger", "enable the rule in DETECTORS_DIR")]
    [InlineData("m/grafana app=grafana service:3000", "grafana", null)]
    public void The_remedy_mends_what_failed(string service, string rule, string? remedy) =>
        Assert.Equal(remedy, Verdicts(service).Single(v => v.Rule == rule).Remedy);

    [Theory]
    [InlineData("m/g app=grafana service:3000", "grafana", "label app is \"grafana\"")]
    [InlineData("m/q app.kubernetes.io/name=thanos app.kubernetes.io/component=query http:10902", "thanos", "label app.kubernetes.io/name is \"thanos\", label app.kubernetes.io/component is \"query\"")]
    [InlineData("m/my-prometheus web:9090", "prometheus", "the name is \"my-prometheus\", there is a TCP port with the number 9090")]
    public void What_held_is_told_too(string service, string rule, string held) =>
        Assert.Equal((held, null), Verdicts(service).Where(v => v.Rule == rule).Select(v => (v.Held, v.Failed)).Single());

    [Fact]
    public void Text_of_others_stays_on_one_line_of_plain_characters()
    {
        const string Hostile = "grafana\u001b[31m\r\n\u202e\u2028{{x}}\"`é";
        var service = ServiceText.Parse("m/grafana service:80") with
        {
            Labels = new Dictionary<string, string> { ["app"] = Hostile },
            Ports = [new(Hostile, 81)],
        };
        Assert.All(
            Rules.Rules.Select(r => RuleVerdict.Of(r, service)).SelectMany(v => new[] { v.Held, v.Failed, v.Remedy }).OfType<string>(),
            text => Assert.DoesNotContain(text, c => c is < ' ' or > '~' and not '…'));
    }

    private static string Closest(string service)
    {
        RuleVerdict best = Verdicts(service)[0];
        return best.IsMatched ? $"{best.Rule} matches" : best.IsClose ? $"{best.Rule}: {best.Failed}" : "nothing";
    }

    private static ImmutableArray<RuleVerdict> Verdicts(string service) =>
    [
        .. Rules.Rules.Select(r => RuleVerdict.Of(r, ServiceText.Parse(service))).OrderByDescending(v => v.IsMatched).ThenByDescending(v => v.Closeness),
    ];
}
