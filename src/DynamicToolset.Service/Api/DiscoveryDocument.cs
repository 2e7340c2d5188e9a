using System.Collections.Immutable;
using System.Text.Json.Serialization;
using DynamicToolset.Service.Discoveries;

namespace DynamicToolset.Service.Api;

/// <summary>Options of a requested discovery, all optional.</summary>
/// <param name="Namespaces">Limits the result to Services in these namespaces, at most 100; everything is evaluated.</param>
/// <param name="ServiceTypes">Limits the result to these types, at most 100; everything is evaluated.</param>
/// <param name="Force">List all Services and the ConfigMap again, and check every endpoint, before the evaluation.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record DiscoveryRequest(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ImmutableArray<string>? Namespaces = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ImmutableArray<string>? ServiceTypes = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Force = null);

/// <param name="Message">Whether it was started, or joined a running one.</param>
/// <param name="EstimatedCompletion">Estimated from the last ones.</param>
public sealed record DiscoveryAccepted(string Message, string JobId, DateTimeOffset EstimatedCompletion);

/// <summary>A requested discovery.</summary>
/// <param name="State">running, succeeded or failed.</param>
/// <param name="Namespaces">The limit of the result; empty for all.</param>
/// <param name="ServiceTypes">The limit of the result; empty for all.</param>
/// <param name="Requests">Number of requests for it, including those that joined.</param>
/// <param name="CompletedAt">Null while it is running.</param>
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

/// <summary>What was found, within the limits of the request; at most 100 names of each kind.</summary>
/// <param name="AsOf">Time of the last round, which the answer shows.</param>
/// <param name="Converged">Every endpoint was checked, and the ConfigMap is up to date.</param>
/// <param name="Services">Detected Services by type.</param>
/// <param name="Toolsets">Those that the ConfigMap should contain.</param>
/// <param name="Added">Services, as namespace/name, that were not detected when it was asked for.</param>
/// <param name="Removed">Those that no longer exist.</param>
/// <param name="Changed">Those whose type, endpoint or health has changed.</param>
/// <param name="Written">The last write since the request, whatever caused it; null if nothing was written.</param>
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
