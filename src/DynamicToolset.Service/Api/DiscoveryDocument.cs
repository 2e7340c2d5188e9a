using System.Collections.Immutable;
using System.Text.Json.Serialization;
using DynamicToolset.Service.Discoveries;

namespace DynamicToolset.Service.Api;

/// <summary>What a discovery is asked for with. All of it may be left out.</summary>
/// <param name="Namespaces">The result is limited to Services in these, at most 100. Evaluated is always everything.</param>
/// <param name="ServiceTypes">The result is limited to these types, at most 100. Evaluated is always everything.</param>
/// <param name="Force">All Services and the ConfigMap are listed anew, and every endpoint is checked now.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record DiscoveryRequest(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ImmutableArray<string>? Namespaces = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ImmutableArray<string>? ServiceTypes = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Force = null);

/// <param name="Message">Whether it was begun, or one that runs was joined.</param>
/// <param name="EstimatedCompletion">By how long the last ones took.</param>
public sealed record DiscoveryAccepted(string Message, string JobId, DateTimeOffset EstimatedCompletion);

/// <summary>A discovery that was asked for.</summary>
/// <param name="State">running, succeeded or failed.</param>
/// <param name="Namespaces">What the result is limited to; empty for all.</param>
/// <param name="ServiceTypes">What the result is limited to; empty for all.</param>
/// <param name="Requests">How many have asked for it: the first, and those who joined.</param>
/// <param name="CompletedAt">Null while it runs.</param>
/// <param name="Failure">Null unless it failed.</param>
/// <param name="Result">Null unless it succeeded.</param>
public sealed record DiscoveryDocument(
    string JobId,
    string State,
    bool Force,
    ImmutableArray<string> Namespaces,
    ImmutableArray<string> ServiceTypes,
    int Requests,
    DateTimeOffset RequestedAt,
    DateTimeOffset EstimatedCompletion,
    DateTimeOffset? CompletedAt,
    DiscoveryFailure? Failure,
    DiscoveryResult? Result)
{
    internal static DiscoveryDocument Of(DiscoveryJob job) => new(
        job.Id,
        job.State,
        job.Force,
        [.. job.Scope.Namespaces],
        [.. job.Scope.Types],
        job.Requests,
        job.RequestedAt,
        job.EstimatedCompletion,
        job.CompletedAt,
        job.Failure,
        job.Findings is { } findings ? DiscoveryResult.Of(findings) : null);
}

/// <summary>What was found, as far as it was asked for; names are at most 100 of each kind.</summary>
/// <param name="AsOf">When what is shown was decided by.</param>
/// <param name="Converged">Every endpoint was asked, and the ConfigMap says what it should.</param>
/// <param name="Services">Detected ones, by type.</param>
/// <param name="Toolsets">Those that the ConfigMap should hold.</param>
/// <param name="Added">Services, as namespace/name, that were not detected when it was asked for.</param>
/// <param name="Removed">Those that were, and are no more.</param>
/// <param name="Changed">Those whose type, endpoint or health is another one.</param>
/// <param name="Written">The last write since it was asked for, whoever caused it; null where nothing was written.</param>
public sealed record DiscoveryResult(
    DateTimeOffset AsOf,
    bool Converged,
    ImmutableSortedDictionary<string, int> Services,
    int Healthy,
    int Unhealthy,
    int Unknown,
    NamesDocument Toolsets,
    NamesDocument Added,
    NamesDocument Removed,
    NamesDocument Changed,
    WriteDocument? Written)
{
    internal static DiscoveryResult Of(DiscoveryFindings found) => new(
        found.AsOf,
        found.IsConverged,
        found.Services,
        found.Healthy,
        found.Unhealthy,
        found.Unknown,
        found.Toolsets,
        found.Added,
        found.Removed,
        found.Changed,
        found.Write is { } write ? StatusReader.WriteOf(write) : null);
}
