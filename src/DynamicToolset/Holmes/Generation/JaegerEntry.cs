using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Values;

namespace DynamicToolset.Holmes.Generation;

/// <summary>Jaeger, by the HTTP API that its own pages use (https://www.jaegertracing.io/docs/latest/architecture/apis/).</summary>
internal static class JaegerEntry
{
    public const string EndpointKey = "query_endpoint";

    private const string Traces = "/traces";
    private const string UsualRoot = "/api";

    private static readonly ToolParameter Service = new("service", "Name of a service, exactly as the list of services has it.");

    private static readonly ToolParameter Lookback = new(
        "lookback_seconds", "How far to look back from now, in seconds, a whole number: 3600 for an hour, 86400 for a day.");

    /// <summary>What a key of the config becomes; null where it becomes nothing.</summary>
    public static string? NameOf(string key) => key == EndpointKey ? CurlOptions.Url : CurlOptions.NameOf(key, BackendKind.Jaeger);

    public static DraftEntry? Write(Backend backend, DiscoveredName name)
    {
        if (CommandEntry.TryBegin(backend, name) is not { } entry)
            return null;
        entry.LeaveOut(entry.Options.Rest.Where(e => e.Key != EndpointKey));
        PlainUrl api = entry.Url.Below(Root(backend))!;
        return entry.Write(
            $"Traces that Jaeger keeps of this cluster: {backend.Place}.",
            "Jaeger keeps the traces of requests through the services of this cluster. Use it to find out which service is slow or fails, and where in"
            + $" a request the time goes. Call {name.Tool("list_services")} first: the other tools want names as it has them."
            + $" {name.Tool("search_traces")} finds the newest traces of a service, {name.Tool("get_trace")} shows one with all its spans,"
            + $" {name.Tool("list_operations")} names what a service does, {name.Tool("get_dependencies")} says which service calls which."
            + $" It is {backend.Place}.",
            Tools(entry.Curl, api, name));
    }

    /// <summary>A GET of /api/traces looks back two days unless it is told the start, in microseconds; a dependency graph wants milliseconds.</summary>
    private static ImmutableArray<CommandTool> Tools(CurlCommand curl, PlainUrl api, DiscoveredName name) =>
    [
        new(name.Tool("list_services"), "Lists the services that have traces in Jaeger.", curl.Get(api.Below("/services")!)),
        new(
            name.Tool("search_traces"),
            "Finds the newest traces of a service in Jaeger, with their spans.",
            curl.Query(
                api.Below(Traces)!,
                ("service", "{{ service }}"),
                ("operation", "{{ operation }}"),
                ("minDuration", "{{ min_duration }}"),
                ("start", "$(expr $(date +%s) - {{ lookback_seconds }})000000"),
                ("end", "$(date +%s)000000"),
                ("lookback", "{{ lookback_seconds }}s"),
                ("limit", "{{ limit }}")),
            Service,
            new ToolParameter("operation", "Only traces with this operation; an empty text for any."),
            new ToolParameter("min_duration", "Only traces with a span of at least this long, such as 500ms or 2s; an empty text for any."),
            Lookback,
            new ToolParameter("limit", "At most so many traces, such as 20.")),
        new(
            name.Tool("get_trace"),
            "Shows one trace of Jaeger with all its spans.",
            curl.GetBelow(api.Below(Traces)!, "{{ trace_id }}"),
            new ToolParameter("trace_id", "The id of a trace, in hexadecimal, as a search has it.")),
        new(
            name.Tool("list_operations"),
            "Lists the operations of a service that have traces in Jaeger.",
            curl.GetBelow(api.Below("/services")!, "{{ service }}'/operations'"),
            Service with { Description = $"{Service.Description} Write a space as %20 and a slash as %2F." }),
        new(
            name.Tool("get_dependencies"),
            "Shows which services call which, and how often, as Jaeger has seen it.",
            curl.Query(api.Below("/dependencies")!, ("endTs", "$(date +%s)000"), ("lookback", "{{ lookback_seconds }}000")),
            Lookback),
    ];

    /// <summary>The toolset key says where traces are asked for; the rest of the API is beside it.</summary>
    private static string Root(Backend backend)
    {
        if (backend.Config[EndpointKey] is not { } value)
            return UsualRoot;
        if (value is ToolsetValue.Text { Value: var path } && UrlPath.IsPlain(path) && path.EndsWith(Traces, StringComparison.Ordinal) && path != Traces)
            return path[..^Traces.Length];
        backend.LeftOut.Add(KeyPath.Join(KeyPath.Config, EndpointKey), "must be a path such as /api/traces, of letters, digits and ._~/-");
        return UsualRoot;
    }
}
