using System.Collections.Immutable;

namespace DynamicToolset.Backends;

/// <summary>The kinds of backends that are known. A further one is a file in this folder, a rule, and its place in the list here.</summary>
public static class BackendKinds
{
    /// <summary>In the order in which toolsets are written and backends are counted.</summary>
    public static ImmutableArray<BackendKind> All { get; } =
    [
        Prometheus.Kind,
        Grafana.Kind,
        Jaeger.Kind,
        Elasticsearch.Kind,
        Loki.Kind,
        Tempo.Kind,
        OpenSearch.Kind,
        VictoriaLogs.Kind,
        Zipkin.Kind,
        RabbitMq.Kind,
        ArgoCd.Kind,
        Kafka.Kind,
        Alertmanager.Kind,
        Backends.Custom.Kind,
    ];

    /// <summary>What every type is that is none of the others.</summary>
    public static BackendKind Custom => Backends.Custom.Kind;

    public static BackendKind Of(string type) => All.FirstOrDefault(k => k.Name == type) ?? Custom;
}
