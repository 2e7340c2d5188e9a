using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace DynamicToolset.Service.Api;

/// <summary>The content of the ConfigMap, one toolset each.</summary>
/// <param name="Total">Number of those that match the query.</param>
/// <param name="ConfigMapVersion">The resourceVersion of the ConfigMap; null if there is none.</param>
/// <param name="LastDiscovery">Time when the Services were last evaluated.</param>
public sealed record ToolsetList(ImmutableArray<ToolsetDocument> Toolsets, int Total, string? ConfigMapVersion, DateTimeOffset? LastDiscovery)
{
    internal ToolsetList WithoutMoments() => this with { Toolsets = [.. Toolsets.Select(t => t.WithoutMoments())], LastDiscovery = null };
}

/// <param name="Type">A built-in type, one of a rule, or custom.</param>
/// <param name="Healthy">Null if it is not checked: the toolset of the cluster itself, and those with a URL from overrides.</param>
/// <param name="Config">As in the ConfigMap, with secrets redacted.</param>
/// <param name="ServiceEndpoint">The generated URL; null without a Service.</param>
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

    /// <summary>The last checks, the newest first; only for a single toolset.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<CheckDocument>? HealthHistory { get; init; }

    internal ToolsetDocument WithoutMoments() =>
        this with { DiscoveredAt = null, LastHealthCheck = null, HealthHistory = null, Health = Health?.WithoutMoments() };
}
