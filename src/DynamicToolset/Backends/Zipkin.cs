using static DynamicToolset.Backends.SampleResponse;

namespace DynamicToolset.Backends;

/// <summary>Zipkin, by the second version of its API (https://zipkin.io/zipkin-api/). HolmesGPT has no toolset for it.</summary>
internal static class Zipkin
{
    private static readonly HolmesForm.Parameter Service = new("service", "Name of a service, exactly as the list of services has it.");

    private static readonly HolmesForm.Parameter Lookback = new(
        "lookback_seconds", "How far to look back from now: 90m, 1h, 2d, or a number of seconds such as 3600.", HolmesForm.ParameterKind.Lookback);

    /// <summary>Its times are in milliseconds; what is empty is taken for nothing said.</summary>
    private static readonly HolmesForm Traces = new HolmesForm.Commands(
        "Traces that Zipkin keeps of this cluster",
        "Zipkin keeps the traces of requests through the services of this cluster. Use it to find out which service is slow or fails, and where in"
        + " a request the time goes. Call {list_services} first: the other tools want names as it has them."
        + " {search_traces} finds the newest traces of a service, {get_trace} shows one with all its spans,"
        + " {list_spans} names what a service does, {get_dependencies} says which service calls which.",
        new("list_services", "Lists the services that have traces in Zipkin.", new("/api/v2/services")),
        new(
            "search_traces",
            "Finds the newest traces of a service in Zipkin, with their spans.",
            new(
                "/api/v2/traces",
                ("serviceName", "{{ service }}"),
                ("annotationQuery", "{{ annotation_query }}"),
                ("endTs", "$(date +%s)000"),
                ("lookback", "${lookback_seconds-}000"),
                ("limit", "{{ limit }}")),
            Service,
            new("annotation_query", "Only traces with this tag, such as error or http.status_code=500; several are joined with and. An empty text for any."),
            Lookback,
            new("limit", "At most so many traces, such as 20.")),
        new(
            "get_trace",
            "Shows one trace of Zipkin with all its spans.",
            new("/api/v2/trace") { Tail = "\"${trace_id-}\"" },
            new HolmesForm.Parameter("trace_id", "The id of a trace, in hexadecimal, as a search has it.", HolmesForm.ParameterKind.Hexadecimal)),
        new("list_spans", "Lists what the spans of a service in Zipkin are called.", new("/api/v2/spans", ("serviceName", "{{ service }}")), Service),
        new(
            "get_dependencies",
            "Shows which services call which, and how often, as Zipkin has seen it.",
            new("/api/v2/dependencies", ("endTs", "$(date +%s)000"), ("lookback", "${lookback_seconds-}000")),
            Lookback));

    public static BackendKind Kind { get; } = new("zipkin", [Traces], [Traces], Answer);

    private static SampleResponse Answer(string path) => path switch
    {
        "/" => new(302, Plain, "", ("Location", "/zipkin/")),
        "/health" => new(200, Json, """{"status":"UP","zipkin":{"status":"UP","details":{"InMemoryStorage{}":{"status":"UP"}}}}"""),
        "/info" => new(200, Json, """{"zipkin":{"version":"3.5.1","commit":"f5bcae8"}}"""),
        "/api/v2/services" => new(200, Json, """["checkout","frontend"]"""),
        "/api/v2/traces" => new(200, Json, "[]"),
        _ => new(404, Plain, "Status: 404\nDescription: Not Found\n"),
    };
}
