using DynamicToolset.Capabilities;
using DynamicToolset.Values;
using static DynamicToolset.Backends.SampleResponse;

namespace DynamicToolset.Backends;

/// <summary>Whatever speaks the query API of Prometheus.</summary>
internal static class Prometheus
{
    private static readonly HolmesForm.BuiltIn Metrics = new(
        "prometheus/metrics",
        "prometheus_url",
        "Ask it with PromQL for the metrics of this cluster: the state and the load of workloads, nodes and services, now and in the past."
        + " Find the names of metrics before you query them.",
        ("timeout", "default_query_timeout_seconds"))
    { HasOwnInstructions = true };

    /// <summary>What the releases of 2025 ask by default is answered by Prometheus and not by its relatives.</summary>
    private static readonly ToolsetValue.Map Healthcheck = ToolsetValue.Map.Of(("healthcheck", new ToolsetValue.Text("api/v1/query?query=up")));

    public static BackendKind Kind { get; } = new("prometheus", [Metrics with { Defaults = Healthcheck }], [Metrics], Answer)
    {
        UrlKeys = ["prometheus_url", "url"],
        Nicknames = ["prom", "prometheus-metrics", "thanos", "victoriametrics", "victoria-metrics", "vmsingle"],
        Capabilities =
        [
            new("/api/v1/status/config", ExternalLabels.Read),
            new("/api/v1/status/runtimeinfo", Retention.Read),
        ],
    };

    // https://prometheus.io/docs/prometheus/latest/management_api/ and .../querying/api/
    private static SampleResponse Answer(string path) => path switch
    {
        "/" => new(302, Html, "<a href=\"/query\">Found</a>.\n\n", ("Location", "/query")),
        "/query" => new(200, Html, "<!doctype html><html lang=\"en\"><head><title>Prometheus Time Series Collection and Processing Server</title></head></html>\n"),
        "/-/healthy" => new(200, Plain, "Prometheus Server is Healthy.\n"),
        "/-/ready" => new(200, Plain, "Prometheus Server is Ready.\n"),
        // Mimir and Cortex have it below a path.
        "/api/v1/status/buildinfo" or "/prometheus/api/v1/status/buildinfo" => new(200, Json, """
            {"status":"success","data":{"version":"3.5.0","revision":"8be3a9560fbdd18a94dedec4b747c35178177202","branch":"HEAD","buildUser":"root@sandbox","buildDate":"20250714-16:15:23","goVersion":"go1.24.5"}}
            """),
        "/api/v1/status/config" => new(200, Json, """
            {"status":"success","data":{"yaml":"global:\n  scrape_interval: 30s\n  scrape_timeout: 10s\n  evaluation_interval: 30s\n  external_labels:\n    cluster: sandbox\n    prometheus: monitoring/k8s\n    prometheus_replica: prometheus-k8s-0\nscrape_configs: []\n"}}
            """),
        "/api/v1/status/runtimeinfo" => new(200, Json, """
            {"status":"success","data":{"startTime":"2025-07-14T16:20:00Z","CWD":"/prometheus","reloadConfigSuccess":true,"lastConfigTime":"2025-07-14T16:20:00Z","corruptionCount":0,"goroutineCount":42,"GOMAXPROCS":2,"GOMEMLIMIT":9223372036854775807,"GOGC":"75","GODEBUG":"","storageRetention":"15d"}}
            """),
        "/api/v1/query" => new(200, Json, """
            {"status":"success","data":{"resultType":"vector","result":[{"metric":{"__name__":"up","instance":"localhost:9090","job":"prometheus"},"value":[1752509723,"1"]}]}}
            """),
        _ => new(404, Plain, "404 page not found\n"),
    };
}
