using System.Collections.Immutable;
using DynamicToolset.Cluster;

namespace DynamicToolset.Discovery;

/// <summary>
/// Finds Services that are other names of one backend. Charts put several before the same pods (a headless one for the StatefulSet, one for
/// each role, one with a load balancer), and a toolset for each would tell its reader of backends that are not there.
/// </summary>
public static class Twins
{
    /// <summary>
    /// Each candidate is compared with this many backends of its namespace at most, so that a namespace filled with thousands of Services
    /// does not hold up the others. Beyond it twins stay two; nobody runs that many backends of one type side by side.
    /// </summary>
    private const int MostBackends = 256;

    /// <summary>
    /// Two Services of a namespace are twins where their pod selectors say so: one selects all that the other does, or one stands before the
    /// pods of all instances, and they only do not contradict each other. Keys that tell roles apart are left out of the comparison, and a
    /// Service without a selector has no twin, for nobody knows where it leads. Whose owner has spoken stays, and its twins give way to it: a
    /// backend that is to be left alone is not to come back by another of its names.
    /// </summary>
    /// <param name="ofOneType">In any order, no Service twice.</param>
    /// <returns>Those that give way, each with the one that stays. None that stays gives way to another.</returns>
    public static ImmutableDictionary<ObjectKey, ObjectKey> Find(IEnumerable<TwinCandidate> ofOneType)
    {
        ImmutableDictionary<ObjectKey, ObjectKey>.Builder givingWay = ImmutableDictionary.CreateBuilder<ObjectKey, ObjectKey>();
        foreach (IGrouping<string, TwinCandidate> neighbours in ofOneType.GroupBy(c => c.Service.Key.Namespace))
        {
            ILookup<bool, TwinCandidate> byOwner = BestFirst(neighbours).ToLookup(c => c.Wish != OwnerWish.None);
            List<Backend> staying = [.. byOwner[true].Take(MostBackends).Select(Backend.Of)];
            foreach (Backend next in byOwner[false].Select(Backend.Of))
            {
                if (staying.Find(s => s.SharesPodsWith(next)) is { } twin)
                    givingWay.Add(next.Key, twin.Key);
                else if (staying.Count < MostBackends)
                    staying.Add(next);
            }
        }

        return givingWay.ToImmutable();
    }

    /// <summary>Names come last: they make the order total, and with it the result independent of the order of arrival.</summary>
    private static IOrderedEnumerable<TwinCandidate> BestFirst(IEnumerable<TwinCandidate> candidates) => candidates
        .OrderBy(c => c.IsCompatible)
        .ThenBy(c => c.Service.Kind == ServiceKind.Headless)
        .ThenByDescending(c => c.Priority)
        .ThenBy(c => c.Preference)
        .ThenBy(c => c.Service.Selector.Count)
        .ThenBy(c => Exposure(c.Service.Kind))
        .ThenBy(c => c.Service.Key.Name.Length)
        .ThenBy(c => c.Service.Key.Name, StringComparer.Ordinal);

    /// <summary>Those made for the inside of the cluster come first.</summary>
    private static int Exposure(ServiceKind kind) => kind switch
    {
        ServiceKind.ClusterIP or ServiceKind.Headless => 0,
        ServiceKind.LoadBalancer => 1,
        _ => 2,
    };

    /// <param name="Pods">The selector without the keys that tell roles apart.</param>
    private sealed record Backend(
        ObjectKey Key,
        bool IsBeforeAll,
        IReadOnlyDictionary<string, string> Selector,
        IReadOnlyDictionary<string, string> Pods)
    {
        public static Backend Of(TwinCandidate candidate)
        {
            ServiceRecord service = candidate.Service;
            return new Backend(
                service.Key,
                candidate.IsBeforeAll,
                service.Selector,
                service.Selector.Where(p => !candidate.RoleKeys.Contains(p.Key)).ToDictionary(StringComparer.Ordinal));
        }

        /// <summary>Whole selectors are compared too: they may consist of nothing but a role, and be the same.</summary>
        public bool SharesPodsWith(Backend other) =>
            Nests(Selector, other.Selector)
            || (IsBeforeAll || other.IsBeforeAll ? Agree(Pods, other.Pods) : Nests(Pods, other.Pods));

        private static bool Nests(IReadOnlyDictionary<string, string> one, IReadOnlyDictionary<string, string> other) =>
            one.Count <= other.Count ? IsPartOf(one, other) : IsPartOf(other, one);

        private static bool IsPartOf(IReadOnlyDictionary<string, string> broad, IReadOnlyDictionary<string, string> narrow) =>
            broad.Count > 0 && broad.All(p => narrow.TryGetValue(p.Key, out string? value) && value == p.Value);

        private static bool Agree(IReadOnlyDictionary<string, string> one, IReadOnlyDictionary<string, string> other) =>
            one.Count > 0 && other.Count > 0 && one.All(p => !other.TryGetValue(p.Key, out string? value) || value == p.Value);
    }
}
