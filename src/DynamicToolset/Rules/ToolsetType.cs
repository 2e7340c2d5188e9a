using DynamicToolset.HealthCheck;
using DynamicToolset.Values;

namespace DynamicToolset.Rules;

/// <summary>A kind of backend: how its health is asked, what its toolset says, and which of its Services speak for it.</summary>
/// <param name="Config">
/// A tree in which <c>{endpoint.url}</c>, <c>{service.name}</c> and <c>{service.namespace}</c> are filled in. A <c>${…}</c> is the reader's
/// business and passes through untouched.
/// </param>
public sealed record ToolsetType(string Name, HealthCheckSpec Health, ToolsetValue.Map Config, TwinRule Twins)
{
    /// <summary>How its backends are asked what they are; null where they are not.</summary>
    public Fingerprint? Fingerprint { get; init; }

    /// <summary>What HolmesGPT will ask its backends; null where nothing tells beside their health.</summary>
    public Question? Question { get; init; }
}
