namespace DynamicToolset.Holmes.Generation;

/// <summary>What a backend is to HolmesGPT.</summary>
internal enum BackendKind
{
    /// <summary>Whatever speaks the query API of Prometheus.</summary>
    Prometheus,

    Grafana,

    Jaeger,

    Elasticsearch,

    /// <summary>Something that answers HTTP, of which no more is known.</summary>
    Custom,
}
