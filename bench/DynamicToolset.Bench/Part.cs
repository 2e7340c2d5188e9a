namespace DynamicToolset.Bench;

/// <summary>What can be measured alone; in the order of the table.</summary>
internal enum Part
{
    Start,

    /// <summary>And CPU and requests of a service that idles.</summary>
    Memory,

    Failover,

    Latency,

    /// <summary>And the latencies at rest, beside which its own stand.</summary>
    Churn,

    Custom,

    Api,
}
