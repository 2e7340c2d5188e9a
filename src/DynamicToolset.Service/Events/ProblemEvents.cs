using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Rounds;

namespace DynamicToolset.Service.Events;

/// <summary>
/// Makes an Event of each problem that somebody else has to mend, when it begins, on the object that it is about; and of what has
/// happened where somebody will look for the reason.
/// </summary>
/// <param name="interval">The same Event about the same object is sent once per this time.</param>
internal sealed class ProblemEvents(EventRecorder recorder, TimeProvider time, TimeSpan interval)
{
    /// <summary>These are logged once and need no Event: nothing is broken, or the cluster sends its own Event.</summary>
    private static readonly ImmutableHashSet<ProblemKind> Quiet =
    [
        ProblemKind.ChecksObstructed, ProblemKind.LeftOutForHolmes, ProblemKind.NoRoom, ProblemKind.WithheldCredentials,
        ProblemKind.MissingCredentials, ProblemKind.MissingTenant, ProblemKind.NoData, ProblemKind.UnverifiedCertificates,
        ProblemKind.ConfigMapMissing, ProblemKind.NotOwned, ProblemKind.OverrideSlip, ProblemKind.DormantOverride, ProblemKind.ForeignKey,
    ];

    private readonly long _origin = time.GetTimestamp();
    private ImmutableHashSet<(EventSubject, ProblemKind, string)> _known = [];
    private Notices _notices = new(interval);

    internal static bool HasEvent(ProblemKind kind) => !Quiet.Contains(kind);

    /// <summary>Nothing is wrong any more.</summary>
    internal static bool IsNormal(NoticeKind kind) => kind == NoticeKind.DriftRepaired;

    /// <summary>Call it after every round, one caller at a time.</summary>
    public void Report(ControllerState state, ImmutableArray<Problem> problems)
    {
        ReportNews(state);
        // The leader tells; a new one tells anew what is still so, for the one before may not have come to it.
        if (!state.Leadership.Leads)
        {
            _known = [];
            return;
        }

        ImmutableArray<(EventSubject Subject, Problem Problem)> present =
        [
            .. from problem in problems
               where HasEvent(problem.Kind)
               let subject = SubjectOf(problem.Service, problem.ServiceUid, state.Observed)
               where subject is not null
               select (subject, problem),
        ];
        // An Event that could not be recorded is sent after the next round.
        _known =
        [
            .. present
                .Where(p => _known.Contains(Identity(p)) || recorder.TryRecord(p.Subject, p.Problem.Kind.ToString(), p.Problem.Detail))
                .Select(Identity),
        ];
    }

    /// <summary>
    /// Whoever changed a key by hand looks at the ConfigMap next, and should find why it is as it was; who misses a backend looks at its Service.
    /// </summary>
    private void ReportNews(ControllerState state)
    {
        (_notices, ImmutableArray<Notice> due) = _notices.After(state, time.GetElapsedTime(_origin));
        foreach (Notice notice in due)
        {
            if (SubjectOf(notice.Service, notice.ServiceUid, state.Observed) is { } subject)
                recorder.TryRecord(subject, notice.Kind.ToString(), notice.Detail, IsNormal(notice.Kind));
        }
    }

    private static EventSubject SubjectOf(ConfigMapRecord configMap) => new("ConfigMap", configMap.Key, configMap.Uid);

    private static (EventSubject, ProblemKind, string) Identity((EventSubject Subject, Problem Problem) present) =>
        (present.Subject, present.Problem.Kind, present.Problem.About);

    /// <summary>A ConfigMap that was made anew is another object, of which <c>kubectl describe</c> shows no Event of the one before.</summary>
    private static EventSubject? SubjectOf(ObjectKey? service, string serviceUid, ConfigMapRecord? configMap)
    {
        if (service is { } key)
            return new EventSubject("Service", key, serviceUid);
        return configMap is null ? null : SubjectOf(configMap);
    }
}
