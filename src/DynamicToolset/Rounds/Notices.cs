using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.HealthCheck;
using DynamicToolset.Reconciliation;

namespace DynamicToolset.Rounds;

/// <summary>
/// Tells what happened between one state and the next. The same key by the same manager, and the same Service, is told once in an interval:
/// whoever repeats something has been told, and must not use up what others may be told.
/// </summary>
/// <param name="Interval">Greater than zero.</param>
public sealed record Notices(TimeSpan Interval)
{
    /// <summary>Beyond this it is told again too early rather than held.</summary>
    private const int MostRemembered = 1000;

    private PlacedToolsets _placed = PlacedToolsets.None;
    private ConfigMapWrite? _lastWrite;
    private ImmutableDictionary<Subject, TimeSpan> _told = ImmutableDictionary<Subject, TimeSpan>.Empty;

    /// <param name="state">Of every round; a follower sees all and is told nothing.</param>
    /// <param name="now">Since some instant, by a monotonic clock.</param>
    public (Notices Next, ImmutableArray<Notice> Due) After(ControllerState state, TimeSpan now)
    {
        PlacedToolsets placed = _placed.Next(state);
        Notices seen = this with { _placed = placed, _lastWrite = state.LastWrite };
        if (!state.Leadership.Leads)
            return (seen, []);
        ImmutableDictionary<Subject, TimeSpan> told = _told.RemoveRange(_told.Where(t => now - t.Value >= Interval).Select(t => t.Key));
        ImmutableArray<Drift> repaired = [.. RepairedIn(state).Where(d => !told.ContainsKey(SubjectOf(d)))];
        ImmutableArray<Notice> lost = [.. LostIn(state, placed).Where(n => !told.ContainsKey(SubjectOf(n)))];
        if (repaired.IsEmpty && lost.IsEmpty)
            return (seen with { _told = told }, []);
        ImmutableArray<Subject> subjects = [.. repaired.Select(SubjectOf), .. lost.Select(SubjectOf)];
        if (told.Count + subjects.Length > MostRemembered)
            told = told.Clear();
        ImmutableArray<Notice> due = [.. OfRepairs(repaired, state.Observed), .. lost];
        return (seen with { _told = told.SetItems(subjects.Distinct().Select(s => KeyValuePair.Create(s, now))) }, due);
    }

    /// <summary>What was written under our own name is a second copy of this service, or ours: a person finds nothing to do in it.</summary>
    private IEnumerable<Drift> RepairedIn(ControllerState state) => state.LastWrite is { } write && !ReferenceEquals(write, _lastWrite)
        ? write.Drift.Where(d => d.Manager != FieldManager.Ours)
        : [];

    /// <summary>A toolset may go for other reasons: an edit, an override, a Service that is gone.</summary>
    private IEnumerable<Notice> LostIn(ControllerState state, PlacedToolsets placed)
    {
        HashSet<ObjectKey> gone = [.. _placed.Names.Keys.Where(s => !placed.Names.ContainsKey(s))];
        return gone.Count == 0
            ? []
            : state.Detected.All.Where(d => gone.Contains(d.Service.Key)).Select(d => d switch
            {
                Detection.Matched match when Fails(match.EndpointKey, state.Health) => OfFailure(match, state.Health),
                Detection.Contradicted contradicted => OfOther(contradicted),
                _ => null,
            }).OfType<Notice>();
    }

    private static bool Fails(EndpointKey endpoint, JudgedHealth health) =>
        !health.IsHealthy(endpoint) && health.Checks.Find(endpoint) is { Status: HealthStatus.Unhealthy, Last: not null };

    private static IEnumerable<Notice> OfRepairs(ImmutableArray<Drift> repaired, ConfigMapRecord? configMap) => configMap is null
        ? []
        : repaired.GroupBy(d => (d.Kind, d.Manager)).Select(alike => new Notice(
            NoticeKind.DriftRepaired, null, RepairWords.Of(alike.Key.Kind, [.. alike.Select(d => d.Key)], alike.Key.Manager, configMap.Key)));

    private Notice OfFailure(Detection.Matched lost, JudgedHealth health) => OfLoss(
        NoticeKind.BackendUnhealthy,
        lost.Service,
        $"its check fails: {lost.Health.Action}: {health.Checks.Find(lost.EndpointKey)!.Last!.Sentence}. It comes back when the check passes");

    private Notice OfOther(Detection.Contradicted lost) => OfLoss(
        NoticeKind.BackendIsOther,
        lost.Service,
        $"it was found as {lost.Match.Type}, but answers as {lost.Identity}. It comes back when it answers as {lost.Match.Type}");

    private Notice OfLoss(NoticeKind kind, ServiceRecord service, string why) => new(
        kind, service.Key, $"the toolset {_placed.Names[service.Key]} was removed, since {why}. Next: dynamic-toolset explain {service.Key} --probe")
    {
        ServiceUid = service.Uid,
    };

    private static Subject SubjectOf(Drift drift) => new(NoticeKind.DriftRepaired, drift.Key, drift.Manager);

    private static Subject SubjectOf(Notice lost) => new(lost.Kind, lost.Service.ToString()!, null);

    private readonly record struct Subject(NoticeKind Kind, string About, string? Manager);
}
