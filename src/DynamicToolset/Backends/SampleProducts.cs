using System.Collections.Immutable;
using static DynamicToolset.Backends.SampleResponse;

namespace DynamicToolset.Backends;

/// <summary>
/// What products answer that are no kind of their own: compatible ones, and those that are taken for another by their labels. What is not listed here
/// answers as its kind.
/// </summary>
public static class SampleProducts
{
    private const string BuildInfo = "/api/v1/status/buildinfo";

    private static readonly SampleResponse NotFound = new(404, Plain, "404 page not found\n");

    // https://github.com/grafana/dskit/blob/main/user/id.go
    private static readonly SampleResponse NoTenant = new(401, Plain, "no org id\n");

    private static readonly SampleResponse NoSeries = new(200, Json, """{"status":"success","data":{"resultType":"vector","result":[]}}""");

    private static readonly ImmutableDictionary<string, Func<string, SampleResponse>> ByName = new Dictionary<string, Func<string, SampleResponse>>
    {
        ["pushgateway"] = Pushgateway,
        ["prometheus-agent"] = PrometheusAgent,
        ["thanos"] = Thanos,
        ["victoriametrics"] = VictoriaMetrics,
        ["mimir"] = Mimir,
        ["cortex"] = Cortex,
        ["kibana"] = DashboardsOf("kbn-name", "kibana", "8.19.0", """{"level":"available","summary":"All services are available"}"""),
        ["opensearch-dashboards"] = DashboardsOf("osd-name", "dashboards", "3.1.0", """{"state":"green","title":"Green","nickname":"Looking good"}"""),
        ["victoriatraces"] = VictoriaTraces,
    }.ToImmutableDictionary(StringComparer.Ordinal);

    /// <summary>Every product that there is a sample of, in the order of their names.</summary>
    public static IEnumerable<string> Names => [.. ByName.Keys.Concat(BackendKinds.All.Select(k => k.Name)).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>What it answers to a GET of a path.</summary>
    public static Func<string, SampleResponse> Of(string product) => ByName.GetValueOrDefault(product) ?? BackendKinds.Of(product).Sample;

    /// <summary>The same of one that has nothing yet.</summary>
    public static Func<string, SampleResponse> WithoutData(string product)
    {
        Func<string, SampleResponse> full = Of(product);
        return path => path switch
        {
            _ when path.EndsWith("/api/v1/query", StringComparison.Ordinal) && full(path).Status == 200 => NoSeries,
            "/api/services" => new(200, Json, """{"data":null,"total":0,"limit":0,"offset":0,"errors":null}"""),
            "/api/v2/services" => new(200, Json, "[]"),
            "/_cluster/health" when full(path) is { Status: 200 } health => health with
            {
                Body = health.Body.Replace("\"active_primary_shards\":1,\"active_shards\":1,", "\"active_primary_shards\":0,\"active_shards\":0,", StringComparison.Ordinal),
            },
            _ => full(path),
        };
    }

    /// <summary>The same of one that keeps the data of tenants apart: its health and what it is are nobody's in particular.</summary>
    public static Func<string, SampleResponse> OfTenants(string product)
    {
        Func<string, SampleResponse> open = Of(product);
        return path => path.Contains("/api/", StringComparison.Ordinal) && !path.EndsWith("/buildinfo", StringComparison.Ordinal) ? NoTenant : open(path);
    }

    // https://github.com/prometheus/pushgateway#query-api
    private static SampleResponse Pushgateway(string path) => path switch
    {
        "/" => new(200, Html, "<!DOCTYPE html>\n<html lang=\"en\"><head><title>Prometheus Pushgateway</title></head></html>\n"),
        "/-/healthy" or "/-/ready" => new(200, Plain, "OK"),
        "/api/v1/status" => new(200, Json, """
            {"status":"success","data":{"build_information":{"branch":"HEAD","buildDate":"20250408","buildUser":"root@sandbox","goVersion":"go1.24.2","revision":"6b0ee1a2","version":"1.11.1"},"flags":{"log.level":"info"},"start_time":"2025-07-14T16:15:23Z"}}
            """),
        _ => NotFound,
    };

    // https://prometheus.io/docs/prometheus/latest/prometheus_agent/
    private static SampleResponse PrometheusAgent(string path) => path switch
    {
        "/" => new(302, Html, "<a href=\"/agent\">Found</a>.\n\n", ("Location", "/agent")),
        "/-/healthy" => new(200, Plain, "Prometheus Agent is Healthy.\n"),
        BuildInfo => BackendKinds.Of("prometheus").Sample(path),
        _ when path.StartsWith("/api/v1/", StringComparison.Ordinal) => new(422, Json, """{"status":"error","errorType":"execution","error":"unavailable with Prometheus Agent"}"""),
        _ => NotFound,
    };

    // https://thanos.io/tip/components/query.md/
    private static SampleResponse Thanos(string path) => path switch
    {
        "/" => new(302, Html, "<a href=\"/graph\">Found</a>.\n\n", ("Location", "/graph")),
        "/-/healthy" or "/-/ready" => new(200, Plain, "OK"),
        BuildInfo => new(200, Json, """
            {"status":"success","data":{"version":"0.39.2","revision":"36681afb5e6b","branch":"HEAD","buildUser":"root@sandbox","buildDate":"20250722-07:30:42","goVersion":"go1.24.0"}}
            """),
        "/api/v1/query" => BackendKinds.Of("prometheus").Sample(path),
        _ => NotFound,
    };

    // https://github.com/VictoriaMetrics/VictoriaMetrics, where this version stands for Grafana, which asks for it
    private static SampleResponse VictoriaMetrics(string path) => path switch
    {
        "/" => new(200, Html, "<h2>Single-node VictoriaMetrics</h2></br>"),
        "/-/healthy" => new(200, Plain, "VictoriaMetrics is Healthy.\n"),
        "/health" or "/-/ready" => new(200, Plain, "OK"),
        _ when path.EndsWith(BuildInfo, StringComparison.Ordinal) => new(200, Json, """{"status":"success","data":{"version":"2.24.0"}}"""),
        _ when path.EndsWith("/api/v1/query", StringComparison.Ordinal) => BackendKinds.Of("prometheus").Sample("/api/v1/query"),
        _ => new(400, Plain, $"unsupported path requested: \"{path}\"\n"),
    };

    // https://grafana.com/docs/mimir/latest/references/http-api/#build-information
    private static SampleResponse Mimir(string path) => path switch
    {
        "/-/healthy" or "/ready" => new(200, Plain, "ready\n"),
        BuildInfo => new(200, Json, """
            {"status":"success","data":{"application":"Grafana Mimir","version":"2.17.0","revision":"3ef5d1a7","branch":"HEAD","goVersion":"go1.24.4","features":{"ruler_config_api":"true"}}}
            """),
        "/prometheus/api/v1/query" => NoTenant,
        _ => NotFound,
    };

    // https://cortexmetrics.io/docs/api/#build-information
    private static SampleResponse Cortex(string path) => path switch
    {
        "/ready" => new(200, Plain, "ready\n"),
        _ when path.EndsWith(BuildInfo, StringComparison.Ordinal) => new(200, Json, """
            {"status":"success","data":{"application":"Cortex","version":"1.19.0","revision":"e4a1b2c3","branch":"HEAD","goVersion":"go1.24.1","features":{}}}
            """),
        "/prometheus/api/v1/query" => new(401, Plain, "no org id\n"),
        _ => NotFound,
    };

    // https://www.elastic.co/docs/api/doc/kibana/operation/operation-get-status, and what parted from it
    private static Func<string, SampleResponse> DashboardsOf(string header, string name, string version, string overall) => path => path switch
    {
        "/" => new(302, Plain, "", ("Location", "/app/home"), (header, name)),
        "/api/status" => new(
            200,
            Json,
            $$"""{"name":"{{name}}","uuid":"5b2de169-2785","version":{"number":"{{version}}"},"status":{"overall":{{overall}} } }""",
            (header, name)),
        _ => new(404, Json, """{"statusCode":404,"error":"Not Found","message":"Not Found"}""", (header, name)),
    };

    // https://docs.victoriametrics.com/victoriatraces/querying/
    private static SampleResponse VictoriaTraces(string path) => path switch
    {
        "/" => new(200, Html, "<h2>Single-node VictoriaTraces</h2></br>\n"),
        "/health" => new(200, Plain, "OK"),
        "/select/buildinfo" => new(200, Json, """{"status":"success","data":{"version":"v0.5.0"}}"""),
        "/select/jaeger/api/services" => new(200, Json, """{"data":["checkout","frontend"],"errors":null,"limit":0,"offset":0,"total":2}"""),
        _ => new(400, Plain, $"unsupported path requested: \"{path}\"\n"),
    };
}
