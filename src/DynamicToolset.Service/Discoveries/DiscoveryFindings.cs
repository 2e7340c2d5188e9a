using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.HealthCheck;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rounds;
using DynamicToolset.Toolsets;

namespace DynamicToolset.Service.Discoveries;

/// <summary>What a discovery found, as far as it was asked for.</summary>
/// <param name="IsConverged">Every endpoint was checked, and the ConfigMap is up to date.</param>
/// <param name="Services">How many were detected, by type.</param>
/// <param name="Toolsets">Those that the ConfigMap should contain.</param>
/// <param name="Added">Services, as namespace/name, that were not detected when it was asked for.</param>
/// <param name="Removed">Those that no longer exist.</param>
/// <param name="Changed">Those whose type, endpoint or health has changed.</param>
/// <param name="Write">The last write since it was asked for; null where nothing was written.</param>
public sealed record DiscoveryFindings(
    DateTimeOffset AsOf,
    bool IsConverged,
    ImmutableSortedDictionary<string, int> Services,
    int Healthy,
    int Unhealthy,
    int Unknown,
    NamesDocument Toolsets,
    NamesDocument Added,
    NamesDocument Removed,
    NamesDocument Changed,
    ConfigMapWrite? Write)
{
    /// <param name="before">When it was asked for.</param>
    public static DiscoveryFindings Of(ControllerState before, ControllerState after, DiscoveryScope scope)
    {
        Detection.Matched[] matched = [.. after.Detected.Matched.Where(scope.Admits)];
        Dictionary<ObjectKey, Sight> was = SightsIn(before, scope), now = SightsIn(after, scope);
        return new DiscoveryFindings(
            after.AsOf,
            after.IsConverged,
            matched.CountBy(d => d.Type).ToImmutableSortedDictionary(StringComparer.Ordinal),
            matched.Count(d => StatusOf(after, d) == HealthStatus.Healthy),
            matched.Count(d => StatusOf(after, d) == HealthStatus.Unhealthy),
            matched.Count(d => StatusOf(after, d) == HealthStatus.Unknown),
            NamesDocument.Of(ToolsetsOf(after, scope, now).Select(t => t.Name)),
            NamesOf(now.Keys.Where(key => !was.ContainsKey(key))),
            NamesOf(was.Keys.Where(key => !now.ContainsKey(key))),
            NamesOf(now.Where(s => was.TryGetValue(s.Key, out Sight sight) && sight != s.Value).Select(s => s.Key)),
            Equals(after.LastWrite, before.LastWrite) ? null : Bounded(after.LastWrite!));
    }

    private static NamesDocument NamesOf(IEnumerable<ObjectKey> services) => NamesDocument.Of(services.Order().Select(key => key.ToString()));

    /// <summary>It is kept for an hour.</summary>
    private static ConfigMapWrite Bounded(ConfigMapWrite write) => write with
    {
        Set = [.. write.Set.Take(NamesDocument.Most)],
        Removed = [.. write.Removed.Take(NamesDocument.Most)],
        Drift = [.. write.Drift.Take(NamesDocument.Most)],
    };

    private static HealthStatus StatusOf(ControllerState state, Detection.Matched detection) =>
        state.Health.Checks.StatusOf(detection.EndpointKey);

    private static Dictionary<ObjectKey, Sight> SightsIn(ControllerState state, DiscoveryScope scope) => state.Detected.Matched.Where(scope.Admits)
        .ToDictionary(d => d.Service.Key, d => new Sight(d.Type, d.Endpoint.ToString(), StatusOf(state, d)));

    /// <summary>Toolsets without a Service belong to the whole.</summary>
    private static IEnumerable<Toolset> ToolsetsOf(ControllerState state, DiscoveryScope scope, Dictionary<ObjectKey, Sight> sights) =>
        state.Result.Toolsets.Toolsets.Where(t => t.Source is ToolsetSource.Service { Key: var key } ? sights.ContainsKey(key) : scope.IsAll);

    private readonly record struct Sight(string Type, string Endpoint, HealthStatus Status);
}

/// <param name="Total">Total number.</param>
/// <param name="Names">At most 100 of them.</param>
public sealed record NamesDocument(int Total, ImmutableArray<string> Names)
{
    public const int Most = 100;

    public static NamesDocument Of(IEnumerable<string> names)
    {
        string[] all = [.. names];
        return new NamesDocument(all.Length, [.. all.Take(Most)]);
    }
}
