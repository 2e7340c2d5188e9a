using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace DynamicToolset.Service.Api;

/// <summary>What the ConfigMap says, toolset by toolset.</summary>
/// <param name="Total">Of those that the question fits.</param>
/// <param name="ConfigMapVersion">The resourceVersion of the ConfigMap; null where there is none.</param>
/// <param name="LastDiscovery">When the Services were last looked at.</param>
public sealed record ToolsetList(ImmutableArray<ToolsetDocument> Toolsets, int Total, string? ConfigMapVersion, DateTimeOffset? LastDiscovery)
{
    internal ToolsetList WithoutMoments() => this with { Toolsets = [.. Toolsets.Select(t => t.WithoutMoments())], LastDiscovery = null };
}

/// <param name="Type">A built-in type, one of a rule, or custom.</param>
/// <param name="Healthy">Null where nothing is checked: the toolset of the cluster itself, and those whose URL an admin wrote.</param>
/// <param name="Config">As written, with secrets redacted.</param>
/// <param name="ServiceEndpoint">The URL that was generated; null where no Service stands behind it.</param>
/// <param name="DiscoveredAt">When this replica first found its Service.</param>
public sealed record ToolsetDocument(
    string Name,
    string Type,
    bool Enabled,
    bool? Healthy,
    JsonObject Config,
    string? ServiceEndpoint,
    DateTimeOffset? DiscoveredAt,
    DateTimeOffset? LastHealthCheck)
{
    /// <summary>The Service that it was generated from, as namespace/name.</summary>
    public string? Service { get; init; }

    public HealthDocument? Health { get; init; }

    /// <summary>The last checks, the newest first; only where one toolset is asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<CheckDocument>? HealthHistory { get; init; }

    internal ToolsetDocument WithoutMoments() =>
        this with { DiscoveredAt = null, LastHealthCheck = null, HealthHistory = null, Health = Health?.WithoutMoments() };
}
