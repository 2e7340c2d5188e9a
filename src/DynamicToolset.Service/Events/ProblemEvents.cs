using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Reconciliation;
using DynamicToolset.Service.State;

namespace DynamicToolset.Service.Events;

/// <summary>Makes an Event of each problem that somebody else has to mend, when it begins, on the object that it is about.</summary>
internal sealed class ProblemEvents(EventRecorder recorder)
{
    private ImmutableArray<Problem> _known = [];

    /// <summary>To be told of every round, by one caller at a time.</summary>
    public void Report(ControllerState state)
    {
        ImmutableArray<Problem> present = [.. Of(state)];
        foreach (Problem problem in present.ExceptBy(_known.Select(p => p.Identity), p => p.Identity))
            recorder.Record(problem.Subject, problem.Reason, problem.Message);
        _known = present;
    }

    private static IEnumerable<Problem> Of(ControllerState state)
    {
        foreach (Detection.Rejected rejected in state.Detections.OfType<Detection.Rejected>())
            yield return new Problem(new EventSubject("Service", rejected.Service.Key, rejected.Service.Uid), "MalformedAnnotation", rejected.Problem);
        if (state.Observed is not { } configMap)
            yield break;
        foreach (Problem problem in Of(state, new EventSubject("ConfigMap", configMap.Key, configMap.Uid)))
            yield return problem;
    }

    private static IEnumerable<Problem> Of(ControllerState state, EventSubject configMap)
    {
        if (state.Overrides.Problem is { } problem)
            yield return new Problem(configMap, "MalformedOverrides", $"{ToolsetKey.Overrides}:{problem}");
        if (state.Rules.Problems is [var first, .. var more])
            yield return new Problem(configMap, "MalformedRules", first + Others(more.Length));
        // Without its place: the text is nowhere to be seen, and any other change of it would make one more Event.
        if (state.Result.Holmes?.Problems is [var unfit, .. var others])
            yield return new Problem(configMap, "UnfitHolmesFile", $"{ToolsetKey.Holmes} stays as it is: {unfit}{Others(others.Length)}");
        if (state.OwnerWarning is { Problem: OwnerProblem.OtherController } warning)
            yield return new Problem(configMap, "OtherController", warning.Detail);
        if (state.Refusal is { } refusal)
            yield return new Problem(configMap, ReasonOf(refusal), refusal.Detail);
        foreach (Fight fight in state.Fights)
            yield return new Problem(configMap, "ContestedKey", MessageOf(fight, configMap)) { About = fight.Key };
    }

    /// <summary>Without the time of the next repair: it is another one after each.</summary>
    private static string MessageOf(Fight fight, EventSubject configMap)
    {
        string what = fight.Key.Length > 0 ? fight.Key : $"ConfigMap {configMap.Key.Name}";
        string who = fight.Manager is { } manager
            ? $"the field manager \"{manager}\""
            : "another writer, unknown since the API server keeps no record of who removed something,";
        return $"{what}: {who} keeps undoing what the service writes, which repairs it ever more seldom, at last every five minutes. "
            + $"Let it leave that alone; what a toolset should say belongs in {ToolsetKey.Overrides}.";
    }

    private static string Others(int count) => count > 0 ? $" (and {count} more)" : "";

    private static string ReasonOf(ConfigMapPlan.Refuse refusal) => refusal.Reason switch
    {
        RefuseReason.Immutable => "ConfigMapImmutable",
        RefuseReason.TooLarge => "ConfigMapTooLarge",
        _ => "ConfigMapNotWritten",
    };

    private sealed record Problem(EventSubject Subject, string Reason, string Message)
    {
        /// <summary>As long as this stays the problem is the same, whatever else its message says by then.</summary>
        public string About { get; init; } = Message;

        public (EventSubject, string, string) Identity => (Subject, Reason, About);
    }
}
