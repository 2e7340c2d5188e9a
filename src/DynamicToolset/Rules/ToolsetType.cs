using DynamicToolset.HealthCheck;
using DynamicToolset.Values;

namespace DynamicToolset.Rules;

/// <summary>A type of backend: its health check, its toolset, and which of several Services of one backend is used.</summary>
/// <param name="Config">
/// A tree in which <c>{endpoint.url}</c>, <c>{service.name}</c> and <c>{service.namespace}</c> are filled in. A <c>${…}</c> is the reader's
/// business and passes through untouched.
/// </param>
public sealed record ToolsetType(string Name, HealthCheckSpec Health, ToolsetValue.Map Config, TwinRule Twins)
{
    /// <summary>How its backends are asked what they are; null where they are not.</summary>
    public Fingerprint? Fingerprint { get; init; }

    /// <summary>The request that HolmesGPT will send; null if only health is checked.</summary>
    public Question? Question { get; init; }
}
