using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Rounds;

namespace DynamicToolset.Service.Events;

/// <summary>Makes an Event of each problem that somebody else has to mend, when it begins, on the object that it is about.</summary>
internal sealed class ProblemEvents(EventRecorder recorder)
{
    /// <summary>These are told once in a log and need no Event: nothing is broken, or the cluster has an Event of its own.</summary>
    private static readonly ImmutableHashSet<ProblemKind> Quiet =
    [
        ProblemKind.ChecksObstructed, ProblemKind.LeftOutForHolmes, ProblemKind.NoRoom, ProblemKind.WithheldCredentials,
        ProblemKind.MissingCredentials, ProblemKind.ConfigMapMissing, ProblemKind.NotOwned, ProblemKind.DormantOverride, ProblemKind.ForeignKey,
    ];

    private ImmutableHashSet<(EventSubject, ProblemKind, string)> _known = [];

    /// <summary>To be told of every round, by one caller at a time.</summary>
    public void Report(ControllerState state, ImmutableArray<Problem> problems)
    {
        // The leader tells; a new one tells anew what is still so, for the one before may not have come to it.
        if (!state.Leadership.Leads)
        {
            _known = [];
            return;
        }

        ImmutableArray<(EventSubject Subject, Problem Problem)> present =
        [
            .. from problem in problems
               where !Quiet.Contains(problem.Kind)
               let subject = SubjectOf(problem, state.Observed)
               where subject is not null
               select (subject, problem),
        ];
        // What could not be recorded is still to be told in the next round.
        _known =
        [
            .. present
                .Where(p => _known.Contains(Identity(p)) || recorder.TryRecord(p.Subject, p.Problem.Kind.ToString(), p.Problem.Detail))
                .Select(Identity),
        ];
    }

    private static (EventSubject, ProblemKind, string) Identity((EventSubject Subject, Problem Problem) present) =>
        (present.Subject, present.Problem.Kind, present.Problem.About);

    /// <summary>A ConfigMap that was made anew is another object, of which <c>kubectl describe</c> shows no Event of the one before.</summary>
    private static EventSubject? SubjectOf(Problem problem, ConfigMapRecord? configMap)
    {
        if (problem.Service is { } service)
            return new EventSubject("Service", service, problem.ServiceUid);
        return configMap is null ? null : new EventSubject("ConfigMap", configMap.Key, configMap.Uid);
    }
}
