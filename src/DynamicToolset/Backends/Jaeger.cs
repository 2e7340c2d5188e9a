using static DynamicToolset.Backends.SampleResponse;

namespace DynamicToolset.Backends;

/// <summary>Jaeger, by the HTTP API that its own pages use (https://www.jaegertracing.io/docs/latest/architecture/apis/).</summary>
internal static class Jaeger
{
    private static readonly HolmesForm.Parameter Service = new("service", "Name of a service, exactly as the list of services has it.");

    private static readonly HolmesForm.Parameter Lookback = new(
        "lookback_seconds", "How far to look back from now: 90m, 1h, 2d, or a number of seconds such as 3600.", HolmesForm.ParameterKind.Lookback);

    /// <summary>A GET of /api/traces looks back two days unless it is told the start, in microseconds; a dependency graph wants milliseconds.</summary>
    private static readonly HolmesForm Traces = new HolmesForm.Commands(
        "Traces that Jaeger keeps of this cluster",
        "Jaeger keeps the traces of requests through the services of this cluster. Use it to find out which service is slow or fails, and where in"
        + " a request the time goes. Call {list_services} first: the other tools want names as it has them."
        + " {search_traces} finds the newest traces of a service, {get_trace} shows one with all its spans,"
        + " {list_operations} names what a service does, {get_dependencies} says which service calls which.",
        new("list_services", "Lists the services that have traces in Jaeger.", new("/services")),
        new(
            "search_traces",
            "Finds the newest traces of a service in Jaeger, with their spans.",
            new(
                "/traces",
                ("service", "{{ service }}"),
                ("operation", "{{ operation }}"),
                ("minDuration", "{{ min_duration }}"),
                ("start", "$(expr $(date +%s) - ${lookback_seconds-})000000"),
                ("end", "$(date +%s)000000"),
                ("lookback", "${lookback_seconds-}s"),
                ("limit", "{{ limit }}")),
            Service,
            new("operation", "Only traces with this operation; an empty text for any."),
            new("min_duration", "Only traces with a span of at least this long, such as 500ms or 2s; an empty text for any."),
            Lookback,
            new("limit", "At most so many traces, such as 20.")),
        new(
            "get_trace",
            "Shows one trace of Jaeger with all its spans.",
            new("/traces") { Tail = "\"${trace_id-}\"" },
            new HolmesForm.Parameter("trace_id", "The id of a trace, in hexadecimal, as a search has it.", HolmesForm.ParameterKind.Hexadecimal)),
        new(
            "list_operations",
            "Lists the operations of a service that have traces in Jaeger.",
            new("/operations", ("service", "{{ service }}")),
            Service),
        new(
            "get_dependencies",
            "Shows which services call which, and how often, as Jaeger has seen it.",
            new("/dependencies", ("endTs", "$(date +%s)000"), ("lookback", "${lookback_seconds-}000")),
            Lookback))
    {
        Root = new("query_endpoint", "/traces", "/api"),
    };

    public static BackendKind Kind { get; } = new("jaeger", [Traces], [Traces], Answer);

    /// <summary>The UI routes in the browser, so any other path is its page.</summary>
    private static SampleResponse Answer(string path) => path switch
    {
        "/api/services" => new(200, Json, """{"data":["checkout","frontend"],"total":2,"limit":0,"offset":0,"errors":null}"""),
        "/api/traces" => new(400, Json, """{"data":null,"total":0,"limit":0,"offset":0,"errors":[{"code":400,"msg":"parameter 'service' is required"}]}"""),
        _ => new(200, Html, "<!doctype html><html lang=\"en\"><head><title>Jaeger UI</title></head><body><div id=\"jaeger-ui-root\"></div></body></html>\n"),
    };
}
