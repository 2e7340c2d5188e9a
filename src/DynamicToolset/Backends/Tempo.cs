using DynamicToolset.Capabilities;
using static DynamicToolset.Backends.SampleResponse;

namespace DynamicToolset.Backends;

/// <summary>Tempo, asked directly and not through a Grafana.</summary>
internal static class Tempo
{
    private static readonly HolmesForm.BuiltIn Traces = new(
        "grafana/tempo",
        "url",
        "Ask Tempo with TraceQL for the traces of requests through the services of this cluster, to find out which service is slow or fails and where"
        + " in a request the time goes. Find the names of tags first.",
        ("timeout", "timeout_seconds"),
        ("apiKey", "api_key"))
    { HasOwnInstructions = true };

    public static BackendKind Kind { get; } = new("tempo", [Traces], [Traces with { UrlKey = "api_url", Defaults = Loki.Impatience }], Answer)
    {
        UrlKeys = ["api_url", "url"],
        Capabilities = [new("/api/search/tags", body => NamesUnder.Read(body, "tagNames", "tags"))],
    };

    // https://grafana.com/docs/tempo/latest/api_docs/
    private static SampleResponse Answer(string path) => path switch
    {
        "/ready" => new(200, Plain, "ready\n"),
        "/api/echo" => new(200, Plain, "echo"),
        "/api/status/buildinfo" => new(200, Json, """
            {"version":"2.8.1","revision":"2a9b1ea4c","branch":"HEAD","buildUser":"","buildDate":"","goVersion":"go1.24.3"}
            """),
        "/api/search" => new(200, Json, """{"traces":[],"metrics":{"totalBlocks":0,"completedJobs":0,"totalJobs":0}}"""),
        "/api/search/tags" => new(200, Json, """{"tagNames":["service.name"],"metrics":{}}"""),
        _ => new(404, Plain, "404 page not found\n"),
    };
}
