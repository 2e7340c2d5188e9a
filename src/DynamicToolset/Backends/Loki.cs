using DynamicToolset.Capabilities;
using DynamicToolset.Values;
using static DynamicToolset.Backends.SampleResponse;

namespace DynamicToolset.Backends;

/// <summary>Loki, asked directly and not through a Grafana.</summary>
internal static class Loki
{
    private static readonly HolmesForm.BuiltIn Logs = new(
        "grafana/loki",
        "url",
        "Ask Loki with LogQL for the logs of this cluster, and for those that are older than what a pod still shows. Find the labels first, and"
        + " name a namespace or a pod in each query.",
        ("timeout", "timeout_seconds"),
        ("apiKey", "api_key"))
    { HasOwnInstructions = true };

    /// <summary>Instances are checked one after another, within one short time for all of them.</summary>
    internal static ToolsetValue.Map Impatience { get; } =
        ToolsetValue.Map.Of(("timeout_seconds", new ToolsetValue.Number("10")), ("max_retries", new ToolsetValue.Number("1")));

    public static BackendKind Kind { get; } = new("loki", [Logs], [Logs with { UrlKey = "api_url", Defaults = Impatience }], Answer)
    {
        UrlKeys = ["api_url", "url"],
        Capabilities = [new("/loki/api/v1/labels", body => NamesUnder.Read(body, "data", "labels"))],
    };

    // https://grafana.com/docs/loki/latest/reference/loki-http-api/
    private static SampleResponse Answer(string path) => path switch
    {
        "/ready" => new(200, Plain, "ready\n"),
        "/loki/api/v1/status/buildinfo" => new(200, Json, """
            {"version":"3.5.3","revision":"dd8052b4","branch":"release-3.5.x","buildUser":"root@sandbox","buildDate":"2025-07-21T20:34:11Z","goVersion":""}
            """),
        "/loki/api/v1/labels" => new(200, Json, """{"status":"success","data":["app","container","namespace","pod"]}"""),
        "/loki/api/v1/query_range" => new(200, Json, """{"status":"success","data":{"resultType":"streams","result":[],"stats":{}}}"""),
        _ => new(404, Plain, "404 page not found\n"),
    };
}
