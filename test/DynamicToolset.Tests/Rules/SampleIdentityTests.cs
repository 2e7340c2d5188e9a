using System.Text;
using DynamicToolset.Backends;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.HealthCheck;
using DynamicToolset.Identification;
using DynamicToolset.Rules;
using DynamicToolset.Tests.Samples;

namespace DynamicToolset.Tests.Rules;

/// <summary>The samples of the sandbox answer as the products do, so each is told from each by the shipped rules.</summary>
public sealed class SampleIdentityTests
{
    private static IEnumerable<DetectorRule> Asking { get; } = [.. BuiltInRules.All.Rules.Where(r => r.Fingerprint is not null)];

    public static TheoryData<string, string> Told { get; } = [.. Asking.SelectMany(r => r.Fingerprint!.Names.Distinct().Select(n => (r.Name, n)))];

    [Theory]
    [MemberData(nameof(Told))]
    public void What_a_rule_can_tell_it_tells_of_the_sample(string rule, string product)
    {
        Assert.Contains(product, SampleProducts.Names);
        Assert.Equal(product, IdentityOf(rule, product)?.Name);
    }

    [Fact]
    public void No_sample_is_taken_for_another_product_by_any_rule() => Assert.All(
        Asking.SelectMany(r => SampleProducts.Names.Select(p => (r.Name, Product: p))),
        pair => Assert.Equal(pair.Product, IdentityOf(pair.Name, pair.Product)?.Name ?? pair.Product));

    /// <summary>Kafka speaks no HTTP, and an Alertmanager is found under the name of a Prometheus.</summary>
    [Fact]
    public void Every_kind_of_backend_says_what_it_is() =>
        Assert.All(BackendKinds.All.Where(k => k.Name is not ("kafka" or "custom" or "alertmanager")), k => Assert.Equal(k.Name, IdentityOf(k.Name, k.Name)?.Name));

    /// <param name="taken">The rule that takes it; null where no toolset comes of it.</param>
    [Theory]
    [InlineData("logs/loki app=loki http-metrics:3100", "loki", "loki")]
    [InlineData("logs/loki app=loki http-metrics:3100", "tempo", "tempo")]
    [InlineData("logs/loki app=loki http-metrics:3100", "mimir", "mimir")]
    [InlineData("logs/loki app=loki http-metrics:3100", "grafana", "grafana")]
    [InlineData("logs/loki-gateway http-metrics:80", "loki", "loki-gateway")]
    [InlineData("logs/loki-gateway http-metrics:80", "grafana", "grafana")]
    [InlineData("traces/tempo app=tempo http:3200", "tempo", "tempo")]
    [InlineData("traces/tempo app=tempo http:3200", "loki", "loki")]
    [InlineData("traces/tempo app=tempo http:3200", "jaeger", "jaeger")]
    [InlineData("traces/zipkin app=zipkin http-query:9411", "zipkin", "zipkin")]
    [InlineData("traces/zipkin app=zipkin http-query:9411", "jaeger", "jaeger")]
    [InlineData("traces/zipkin app=zipkin http-query:9411", "tempo", "tempo")]
    [InlineData("logs/opensearch app=opensearch http:9200", "opensearch", "opensearch")]
    [InlineData("logs/opensearch app=opensearch http:9200", "elasticsearch", "elasticsearch")]
    [InlineData("logs/opensearch app=opensearch http:9200", "opensearch-dashboards", null)]
    [InlineData("logs/elasticsearch app=elasticsearch http:9200", "opensearch", "opensearch")]
    [InlineData("logs/elasticsearch app=elasticsearch http:9200", "kibana", null)]
    [InlineData("logs/vlogs app=vlogs http:9428", "victorialogs", "victorialogs")]
    [InlineData("logs/vlogs app=vlogs http:9428", "victoriametrics", "victoriametrics")]
    [InlineData("logs/vlogs app=vlogs http:9428", "victoriatraces", null)]
    [InlineData("shop/rabbitmq app=rabbitmq management:15672", "rabbitmq", "rabbitmq")]
    [InlineData("ops/argocd-server app.kubernetes.io/name=argocd-server https:443", "argocd", "argocd")]
    public void A_decoy_goes_to_the_rule_of_what_answers_or_to_none(string service, string product, string? taken)
    {
        var detector = new Detector(BuiltInRules.All);
        var found = Assert.IsType<Detection.Matched>(detector.Detect(ServiceText.Parse(service)));
        Detection answered = detector.AsAnswered(found, IdentityOf(found.Fingerprint!, product));
        Assert.Equal(taken, (answered as Detection.Matched)?.Rule);
        Assert.Equal(taken is null, answered is Detection.Contradicted);
    }

    [Theory]
    [InlineData("shop/rabbitmq app=rabbitmq amqp:5672")]
    [InlineData("shop/kafka app=kafka tcp-client:9092")]
    public void What_speaks_no_HTTP_is_not_asked(string service) =>
        Assert.Null(Assert.IsType<Detection.Matched>(new Detector(BuiltInRules.All).Detect(ServiceText.Parse(service))).Fingerprint);

    [Theory]
    [InlineData("loki", "3.5.3")]
    [InlineData("tempo", "2.8.1")]
    [InlineData("opensearch", "3.1.0")]
    [InlineData("victorialogs", "v1.26.0")]
    [InlineData("zipkin", "3.5.1")]
    [InlineData("argocd", "v3.0.11+240a183")]
    [InlineData("rabbitmq", null)]
    public void And_in_which_version_where_it_tells(string kind, string? version) => Assert.Equal(new BackendIdentity(kind, version), IdentityOf(kind, kind));

    [Fact]
    public void The_page_lists_what_each_kind_is_asked()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs/detector-rules.md"));
        Assert.All(
            Asking.SelectMany(r => r.Fingerprint!.Requests, (r, request) => $"| `{r.Name}` | `{request.Path}` | {string.Join(", ", request.Signs.Select(s => s.Name).Distinct())} |"),
            row => Assert.Contains(row, page, StringComparison.Ordinal));
    }

    private static BackendIdentity? IdentityOf(string rule, string product) => IdentityOf(BuiltInRules.All.FindRule(rule)!.Fingerprint!, product);

    private static BackendIdentity? IdentityOf(Fingerprint fingerprint, string product)
    {
        EndpointUrl endpoint = EndpointUrl.TryCreate("http", new ObjectKey("a", "b"), 80, "cluster.local")!;
        var inquiry = new Inquiry(new IdentityTarget(new EndpointKey(new ObjectKey("a", "b"), 80), endpoint, fingerprint, "1", IsWanted: true, IsInPlace: false));
        while (inquiry.Next(TimeSpan.FromSeconds(1)) is { } request)
            inquiry = inquiry.With(Answer(SampleProducts.Of(product)(request.Path.Split('?')[0])));
        return inquiry.Found.Identity;
    }

    private static ProbeAnswer.Response Answer(SampleResponse sample) => new(sample.Status, sample.ContentType, null, Encoding.UTF8.GetBytes(sample.Body))
    {
        Headers = [.. sample.Headers.Select(h => KeyValuePair.Create(h.Name, h.Value))],
    };
}
