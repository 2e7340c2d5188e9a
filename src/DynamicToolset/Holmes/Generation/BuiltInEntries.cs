using System.Collections.Immutable;
using System.Diagnostics;
using DynamicToolset.Values;

namespace DynamicToolset.Holmes.Generation;

/// <summary>HolmesGPT's own toolsets for what is found, in the order in which they are written.</summary>
internal static class BuiltInEntries
{
    /// <summary>Instances are checked one after another, within one short time for all of them.</summary>
    private static readonly ToolsetValue.Map Impatience = ToolsetValue.Map.Of(("timeout_seconds", Number("10")), ("max_retries", Number("1")));

    public static BuiltInEntry Prometheus { get; } = new(
        KeyMap.Of("prometheus/metrics", ("timeout", "default_query_timeout_seconds")),
        ("prometheus_url", "prometheus_url"),
        "Ask it with PromQL for the metrics of this cluster: the state and the load of workloads, nodes and services, now and in the past."
        + " Find the names of metrics before you query them. It is")
    {
        // What the releases of 2025 ask by default is answered by Prometheus and not by its relatives.
        Defaults = target => target == HolmesTarget.Compat
            ? ToolsetValue.Map.Of(("healthcheck", new ToolsetValue.Text("api/v1/query?query=up")))
            : ToolsetValue.Map.Empty,
    };

    public static BuiltInEntry Grafana { get; } = new(
        KeyMap.Of("grafana/dashboards", ("timeout", "timeout_seconds"), ("apiKey", "api_key")),
        ("url", "api_url"),
        "Search Grafana's dashboards by name or tag to learn what the people of this cluster look at, read the one that fits, and run the queries"
        + " of its panels with the toolset of their data source. It is")
    {
        EndsUrlWithSlash = (target, url) => target == HolmesTarget.Current || url.Plain is not { Path: "" or "/" },
        Defaults = target => target == HolmesTarget.Current ? Impatience : ToolsetValue.Map.Empty,
    };

    public static ImmutableArray<BuiltInEntry> Elasticsearch { get; } =
    [
        OfElasticsearch(
            "elasticsearch/data",
            "Search what Elasticsearch keeps of this cluster, mostly logs, and those that are older than what a pod still shows."
            + " List the indices and look at the fields of one before you search it. It is"),
        OfElasticsearch(
            "elasticsearch/cluster",
            "Ask it for the state of Elasticsearch itself when searches fail or logs are missing: the health of the cluster, its nodes, shards and"
            + " indices. It is"),
    ];

    public static IEnumerable<BuiltInEntry> Of(BackendKind kind, HolmesTarget target) => kind switch
    {
        BackendKind.Prometheus => [Prometheus],
        BackendKind.Grafana => [Grafana],
        BackendKind.Elasticsearch when target == HolmesTarget.Current => Elasticsearch,
        BackendKind.Elasticsearch or BackendKind.Jaeger or BackendKind.Custom => [],
        _ => throw new UnreachableException(),
    };

    private static BuiltInEntry OfElasticsearch(string name, string purpose) =>
        new(KeyMap.Of(name, ("timeout", "timeout_seconds"), ("apiKey", "api_key")), ("url", "api_url"), purpose);

    private static ToolsetValue.Number Number(string digits) => new(digits);
}
