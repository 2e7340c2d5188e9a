using System.Collections.Immutable;
using DynamicToolset.Cluster;

namespace DynamicToolset.Discovery;

/// <summary>
/// Tells which compatible backends are not needed now. One in the namespace of a real one reads what that one collects, so that a toolset for
/// each would ask the same twice; while none of the real ones answers it stands in for them. Where its owner asks for a toolset it has one anyway.
/// Real is what a rule finds: what only an annotation names may be anything, and comes after it.
/// </summary>
internal static class StandIns
{
    /// <returns>Those that stand by, each with the first real one of its type and namespace that answers.</returns>
    public static ImmutableDictionary<ObjectKey, ObjectKey> StandingBy(
        ImmutableArray<Detection.Matched> detections, Func<Detection.Matched, bool> isHealthy)
    {
        ImmutableArray<Detection.Matched> compatible = [.. detections.Where(d => d is { IsCompatible: true, IsAskedFor: false })];
        if (compatible.IsEmpty)
            return ImmutableDictionary<ObjectKey, ObjectKey>.Empty;
        Dictionary<(string Namespace, string Type), ObjectKey> real = detections
            .Where(d => d is { IsCompatible: false, Rule: not null } && isHealthy(d))
            .GroupBy(PlaceOf, d => d.Service.Key)
            .ToDictionary(place => place.Key, place => place.Min());
        return compatible.Where(d => real.ContainsKey(PlaceOf(d))).ToImmutableDictionary(d => d.Service.Key, d => real[PlaceOf(d)]);
    }

    /// <returns>The others that have real ones of their type in their namespace, which do not answer then.</returns>
    public static ImmutableDictionary<ObjectKey, ImmutableArray<Detection.Matched>> StandingIn(
        ImmutableArray<Detection.Matched> detections, ImmutableDictionary<ObjectKey, ObjectKey> standingBy)
    {
        ImmutableArray<Detection.Matched> compatible =
            [.. detections.Where(d => d is { IsCompatible: true, IsAskedFor: false } && !standingBy.ContainsKey(d.Service.Key))];
        if (compatible.IsEmpty)
            return ImmutableDictionary<ObjectKey, ImmutableArray<Detection.Matched>>.Empty;
        ILookup<(string Namespace, string Type), Detection.Matched> real =
            detections.Where(d => d is { IsCompatible: false, Rule: not null }).ToLookup(PlaceOf);
        return compatible.Where(d => real.Contains(PlaceOf(d))).ToImmutableDictionary(d => d.Service.Key, d => real[PlaceOf(d)].ToImmutableArray());
    }

    private static (string Namespace, string Type) PlaceOf(Detection.Matched detection) => (detection.Service.Key.Namespace, detection.Type);
}
