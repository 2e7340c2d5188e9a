using System.Text;
using DynamicToolset.HealthCheck;
using DynamicToolset.Rules;

namespace DynamicToolset.Tests.Rules;

/// <summary>What the shipped rules make of what products answer.</summary>
public sealed class FingerprintTests
{
    private const string Prometheus3 = """{"status":"success","data":{"version":"3.5.0","revision":"8be3a956","branch":"HEAD","buildUser":"root@x","buildDate":"20250714","goVersion":"go1.24.5"}}""";
    private const string Debian = """{"status":"success","data":{"version":"2.42.0+ds","revision":"2.42.0+ds-5+deb12u1","branch":"debian/sid","buildUser":"t","buildDate":"20260604","goVersion":"go1.19.8"}}""";
    private const string Thanos = """{"status":"success","data":{"version":"0.41.0","revision":"abc","branch":"HEAD","goVersion":"go1.25.7"}}""";
    private const string Mimir = """{"status":"success","data":{"application":"Grafana Mimir","version":"2.17.0","revision":"5bedc7a1","branch":"x","goVersion":"go1.24","features":{}}}""";
    private const string VictoriaMetrics = """{"status":"success","data":{"version":"2.24.0"}}""";
    private const string Prometheus224 = """{"status":"success","data":{"version":"2.24.0","revision":"02e92236","branch":"HEAD","buildUser":"root@x","buildDate":"20210106","goVersion":"go1.15.6"}}""";
    private const string Promxy = """{"status":"success","data":{"version":"0.0.93","revision":"abc","goVersion":"go1.22"}}""";
    private const string Agent = """{"status":"error","errorType":"execution","error":"unavailable with Prometheus Agent"}""";
    private const string Vector = """{"status":"success","data":{"resultType":"vector","result":[]}}""";
    private const string Alertmanager = """{"cluster":{"peers":[],"status":"disabled"},"config":{"original":"global: {}\n"},"uptime":"2026-01-01T00:00:00Z","versionInfo":{"branch":"b","version":"0.25.0"}}""";
    private const string Pushgateway = """{"status":"success","data":{"build_information":{"branch":"b","version":"1.5.1"},"flags":{"log.level":"info"},"start_time":"x"}}""";
    private const string Elasticsearch = """{"name":"e","version":{"number":"8.19.0","lucene_version":"9.12.2"},"tagline":"You Know, for Search"}""";
    private const string OpenSearch = """{"name":"o","version":{"distribution":"opensearch","number":"2.19.1","lucene_version":"9.12.1"},"tagline":"The OpenSearch Project: https://opensearch.org/"}""";
    private const string OpenSearchAsElasticsearch = """{"name":"o","version":{"number":"7.10.2","lucene_version":"9.12.1"},"tagline":"The OpenSearch Project: https://opensearch.org/"}""";
    private const string Kibana = """{"name":"kibana","uuid":"x","version":{"number":"8.19.0"},"status":{"overall":{"level":"available"}}}""";
    private const string Grafana = """{"database":"ok","version":"12.1.0","commit":"84bf0daff9"}""";
    private const string GrafanaHiding = """{"database":"ok"}""";
    private const string Loki = """{"version":"3.5.1","revision":"d4e637d6","branch":"HEAD","buildUser":"root","buildDate":"2025","goVersion":"go1.24"}""";
    private const string Jaeger = """{"data":["frontend"],"total":1,"limit":0,"offset":0,"errors":null}""";
    private const string JaegerWithoutData = """{"data":null,"total":0,"limit":0,"offset":0,"errors":null}""";
    private const string Zipkin = """{"status":"UP","zipkin":{"status":"UP","details":{}}}""";

    [Theory]
    [InlineData("prometheus", "/api/v1/status/buildinfo", 200, Prometheus3, "prometheus 3.5.0")]
    [InlineData("prometheus", "/api/v1/status/buildinfo", 200, Debian, "prometheus 2.42.0+ds")]
    [InlineData("prometheus", "/api/v1/status/buildinfo", 200, Prometheus224, "prometheus 2.24.0")]
    [InlineData("prometheus", "/api/v1/status/buildinfo", 200, Thanos, "thanos 0.41.0")]
    [InlineData("prometheus", "/api/v1/status/buildinfo", 200, Mimir, "mimir 2.17.0")]
    [InlineData("prometheus", "/api/v1/status/buildinfo", 200, VictoriaMetrics, "victoriametrics")]
    [InlineData("prometheus", "/api/v1/status/buildinfo", 200, Promxy, null)]
    [InlineData("prometheus", "/api/v1/query?query=up", 422, Agent, "prometheus-agent")]
    [InlineData("prometheus", "/api/v1/query?query=up", 200, Vector, null)]
    [InlineData("prometheus", "/api/v2/status", 200, Alertmanager, "alertmanager 0.25.0")]
    [InlineData("prometheus", "/api/v1/status", 200, Pushgateway, "pushgateway 1.5.1")]
    [InlineData("elasticsearch", "/", 200, Elasticsearch, "elasticsearch 8.19.0")]
    [InlineData("elasticsearch", "/", 200, OpenSearch, "opensearch 2.19.1")]
    [InlineData("elasticsearch", "/", 200, OpenSearchAsElasticsearch, "opensearch")]
    [InlineData("elasticsearch", "/api/status", 200, Kibana, "kibana 8.19.0")]
    [InlineData("grafana", "/api/health", 200, Grafana, "grafana 12.1.0")]
    [InlineData("grafana", "/api/health", 200, GrafanaHiding, "grafana")]
    [InlineData("grafana", "/loki/api/v1/status/buildinfo", 200, Loki, "loki 3.5.1")]
    [InlineData("jaeger", "/api/services", 200, Jaeger, "jaeger")]
    [InlineData("jaeger", "/api/services", 200, JaegerWithoutData, "jaeger")]
    [InlineData("jaeger", "/health", 200, Zipkin, "zipkin")]
    public void A_product_is_known_by_what_it_answers(string rule, string path, int status, string body, string? identity) =>
        Assert.Equal(identity, Read(rule, path, Answer(status, body))?.ToString());

    [Theory]
    [InlineData(200, "404 page not found\n")]
    [InlineData(404, "404 page not found\n")]
    [InlineData(200, "<!doctype html><html><title>Grafana</title></html>")]
    [InlineData(200, "")]
    [InlineData(200, "null")]
    [InlineData(200, "[]")]
    [InlineData(200, "\"prometheus\"")]
    [InlineData(200, """{"data":{"version":{"version":1}},"database":{"ok":true},"total":null}""")]
    [InlineData(200, """{"data":"\ud800","version":"\udfff","database":"\ud800"}""")]
    [InlineData(200, """{"database":"ok",""")]
    public void An_answer_that_does_not_tell_says_nothing(int status, string body) =>
        Assert.All(Requests(), r => Assert.Null(r.IdentityIn(Answer(status, body))));

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(302)]
    [InlineData(307)]
    public void Who_guards_a_backend_or_leads_elsewhere_does_not_speak_for_it(int status) =>
        Assert.Null(Read("prometheus", "/api/v2/status", Answer(status, Alertmanager)));

    [Fact]
    public void Nothing_is_known_of_who_does_not_answer() =>
        Assert.Null(Read("prometheus", "/api/v2/status", new ProbeAnswer.None(ProbeFailure.Timeout)));

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void A_body_that_is_longer_than_what_is_read_says_nothing(int more, bool isKnown)
    {
        string body = Grafana + new string(' ', Fingerprint.MostBodyBytes - 1 - Grafana.Length + more);
        Assert.Equal(isKnown, Read("grafana", "/api/health", Answer(200, body)) is not null);
    }

    [Theory]
    [InlineData(14, true)]
    [InlineData(20, false)]
    public void Json_that_is_nested_deeper_than_any_product_has_it_says_nothing(int depth, bool isKnown)
    {
        string body = $$"""{"database":"ok","x":{{new string('[', depth)}}{{new string(']', depth)}}}""";
        Assert.Equal(isKnown, Read("grafana", "/api/health", Answer(200, body)) is not null);
    }

    [Theory]
    [InlineData("1.2.3-rc.1+build_4~x", true)]
    [InlineData("1.2.3<script>", false)]
    [InlineData("1.2.3\\n", false)]
    [InlineData("1 2", false)]
    [InlineData("", false)]
    [InlineData("\\u202e1.2", false)]
    public void A_version_is_shown_only_where_it_looks_like_one(string version, bool isShown)
    {
        BackendIdentity identity = Read("grafana", "/api/health", Answer(200, $$"""{"database":"ok","version":"{{version}}"}"""))!;
        Assert.Equal(isShown ? version : null, identity.Version);
    }

    [Fact]
    public void A_version_that_is_longer_than_any_is_none() =>
        Assert.Equal(new BackendIdentity("grafana"), Read("grafana", "/api/health", Answer(200, $$"""{"database":"ok","version":"{{new string('1', 65)}}"}""")));

    [Fact]
    public void A_header_tells_whatever_its_case()
    {
        ProbeAnswer.Response answer = Answer(200, "{}") with { Headers = [KeyValuePair.Create("OSD-Name", "x")] };
        Assert.Equal("opensearch-dashboards", Read("elasticsearch", "/api/status", answer)?.Name);
    }

    [Fact]
    public void Whatever_is_asked_is_asked_within_the_bounds()
    {
        Assert.All(BuiltInRules.All.Rules, r => Assert.True(r.Fingerprint is null || r.Fingerprint.Requests.Length <= Fingerprint.MostRequests));
        Assert.Equal(["osd-name"], Request("elasticsearch", "/api/status").Headers);
    }

    private static BackendIdentity? Read(string rule, string path, ProbeAnswer answer) => Request(rule, path).IdentityIn(answer);

    private static FingerprintRequest Request(string rule, string path) =>
        BuiltInRules.All.FindRule(rule)!.Fingerprint!.Requests.Single(r => r.Path == path);

    private static IEnumerable<FingerprintRequest> Requests() => BuiltInRules.All.Rules.Select(r => r.Fingerprint).OfType<Fingerprint>().SelectMany(f => f.Requests);

    private static ProbeAnswer.Response Answer(int status, string body) => new(status, "application/json", null, Encoding.UTF8.GetBytes(body));
}
