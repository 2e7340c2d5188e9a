using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Messages;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rounds;

namespace DynamicToolset.Service.Events;

/// <summary>
/// Makes an Event of each problem that somebody else has to mend, when it begins, on the object that it is about; and of each change that was
/// undone.
/// </summary>
internal sealed class ProblemEvents(EventRecorder recorder)
{
    /// <summary>These are told once in a log and need no Event: nothing is broken, or the cluster has an Event of its own.</summary>
    private static readonly ImmutableHashSet<ProblemKind> Quiet =
    [
        ProblemKind.ChecksObstructed, ProblemKind.LeftOutForHolmes, ProblemKind.NoRoom, ProblemKind.WithheldCredentials,
        ProblemKind.MissingCredentials, ProblemKind.MissingTenant, ProblemKind.NoData, ProblemKind.UnverifiedCertificates,
        ProblemKind.ConfigMapMissing, ProblemKind.NotOwned, ProblemKind.OverrideSlip, ProblemKind.DormantOverride, ProblemKind.ForeignKey,
    ];

    /// <summary>A line of <c>kubectl describe</c> is for a person.</summary>
    private const int MostKeys = 5;

    private ImmutableHashSet<(EventSubject, ProblemKind, string)> _known = [];
    private ConfigMapWrite? _lastWrite;

    internal static bool HasEvent(ProblemKind kind) => !Quiet.Contains(kind);

    /// <summary>To be told of every round, by one caller at a time.</summary>
    public void Report(ControllerState state, ImmutableArray<Problem> problems)
    {
        // The leader tells; a new one tells anew what is still so, for the one before may not have come to it.
        if (!state.Leadership.Leads)
        {
            _known = [];
            return;
        }

        ReportDrift(state);
        ImmutableArray<(EventSubject Subject, Problem Problem)> present =
        [
            .. from problem in problems
               where HasEvent(problem.Kind)
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

    /// <summary>Whoever changed a key by hand looks at the ConfigMap next, and should find why it is as it was.</summary>
    private void ReportDrift(ControllerState state)
    {
        if (ReferenceEquals(state.LastWrite, _lastWrite))
            return;
        _lastWrite = state.LastWrite;
        if (_lastWrite is { Drift.IsEmpty: false } repair && state.Observed is { } configMap)
            recorder.TryRecord(SubjectOf(configMap), "DriftRepaired", Tell(repair), isNormal: true);
    }

    private static string Tell(ConfigMapWrite repair) =>
        $"{KeysOf(repair)} changed by {ManagersOf(repair)}, and set back; what a toolset should say belongs in {ToolsetKey.Overrides}";

    private static string KeysOf(ConfigMapWrite repair)
    {
        string keys = string.Join(", ", repair.Drift.Take(MostKeys).Select(d => d.Key));
        int more = repair.Drift.Length - MostKeys;
        return more > 0 ? $"{keys} and {more} more were" : repair.Drift.Length > 1 ? $"{keys} were" : $"{keys} was";
    }

    private static string ManagersOf(ConfigMapWrite repair)
    {
        string[] managers = [.. repair.Drift.Select(d => d.Manager).OfType<string>().Distinct().Take(MostKeys)];
        return managers.Length == 0 ? "somebody" : string.Join(", ", managers.Select(QuotedText.OrPlain));
    }

    private static EventSubject SubjectOf(ConfigMapRecord configMap) => new("ConfigMap", configMap.Key, configMap.Uid);

    private static (EventSubject, ProblemKind, string) Identity((EventSubject Subject, Problem Problem) present) =>
        (present.Subject, present.Problem.Kind, present.Problem.About);

    /// <summary>A ConfigMap that was made anew is another object, of which <c>kubectl describe</c> shows no Event of the one before.</summary>
    private static EventSubject? SubjectOf(Problem problem, ConfigMapRecord? configMap)
    {
        if (problem.Service is { } service)
            return new EventSubject("Service", service, problem.ServiceUid);
        return configMap is null ? null : SubjectOf(configMap);
    }
}
