using System.Collections.Immutable;
using DynamicToolset.Service.Explaining;

namespace DynamicToolset.Service.Api;

/// <summary>The Services that are detected.</summary>
/// <param name="Total">Number of those that match the query.</param>
/// <param name="LastDiscovery">Time when the Services were last evaluated.</param>
public sealed record ServiceList(ImmutableArray<ServiceDocument> Services, int Total, DateTimeOffset? LastDiscovery)
{
    internal ServiceList WithoutMoments() => this with { Services = [.. Services.Select(s => s.WithoutMoments())], LastDiscovery = null };
}

/// <param name="Endpoint">Its URL.</param>
/// <param name="Healthy">Null if not known yet.</param>
/// <param name="Labels">Those that a rule reads.</param>
/// <param name="Annotations">Those that a rule or the service itself reads.</param>
/// <param name="DiscoveredAt">When this replica first found it.</param>
public sealed record ServiceDocument(
    string Name,
    string Namespace,
    string Type,
    string Endpoint,
    bool? Healthy,
    ImmutableSortedDictionary<string, string> Labels,
    ImmutableSortedDictionary<string, string> Annotations,
    DateTimeOffset? DiscoveredAt)
{
    /// <summary>The name of its toolset if it is healthy, else the name that is kept for it; null if it has none.</summary>
    public string? Toolset { get; init; }

    /// <summary>The part of its URL that the health check found: https, a prefix, or both separated by a space; null if none.</summary>
    public string? AsProbed { get; init; }

    /// <summary>The product that its backend identified as; null if unknown.</summary>
    public ExplainedIdentity? Identity { get; init; }

    /// <summary>Its backend's description of itself, for the model; null if unknown.</summary>
    public string? Says { get; init; }

    /// <summary>What HolmesGPT will get from it; null if unknown.</summary>
    public ExplainedQuestion? Question { get; init; }

    public HealthDocument? Health { get; init; }

    internal ServiceDocument WithoutMoments() => this with { DiscoveredAt = null, Health = Health?.WithoutMoments() };
}
