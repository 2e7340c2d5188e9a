using System.Collections.Immutable;
using DynamicToolset.Service.Explaining;

namespace DynamicToolset.Service.Api;

/// <summary>The Services that are detected.</summary>
/// <param name="Total">Of those that the question fits.</param>
/// <param name="LastDiscovery">When the Services were last looked at.</param>
public sealed record ServiceList(ImmutableArray<ServiceDocument> Services, int Total, DateTimeOffset? LastDiscovery)
{
    internal ServiceList WithoutMoments() => this with { Services = [.. Services.Select(s => s.WithoutMoments())], LastDiscovery = null };
}

/// <param name="Endpoint">Its URL.</param>
/// <param name="Healthy">Null where that is not known yet.</param>
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
    /// <summary>The name of its toolset while it is healthy, and the one that is kept for it while it is not; null where it has none.</summary>
    public string? Toolset { get; init; }

    /// <summary>What of its URL was found by asking: https, a prefix, or both with a space between; null where nothing was.</summary>
    public string? AsProbed { get; init; }

    /// <summary>What its backend said that it is; null where it did not say.</summary>
    public ExplainedIdentity? Identity { get; init; }

    /// <summary>What its backend says of itself, for a model; null where it did not tell.</summary>
    public string? Says { get; init; }

    /// <summary>What HolmesGPT will meet there; null where nothing is known of it.</summary>
    public ExplainedQuestion? Question { get; init; }

    public HealthDocument? Health { get; init; }

    internal ServiceDocument WithoutMoments() => this with { DiscoveredAt = null, Health = Health?.WithoutMoments() };
}
