using DynamicToolset.Discovery;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Reconciliation;
using DynamicToolset.Toolsets;

namespace DynamicToolset.Service.Hosting;

/// <summary>Makes an Event of each problem that somebody else has to mend, when it begins, on the object that it is about.</summary>
internal sealed class ProblemEvents(EventRecorder recorder)
{
    private HashSet<(EventSubject Subject, string Reason, string Message)> _known = [];

    /// <summary>To be told of every round, by one caller at a time.</summary>
    public void Report(ControllerState state)
    {
        HashSet<(EventSubject Subject, string Reason, string Message)> present = [.. Of(state)];
        foreach ((EventSubject subject, string reason, string message) in present.Except(_known))
            recorder.Record(subject, reason, message);
        _known = present;
    }

    private static IEnumerable<(EventSubject, string, string)> Of(ControllerState state)
    {
        foreach (Detection.Rejected rejected in state.Detections.OfType<Detection.Rejected>())
            yield return (new EventSubject("Service", rejected.Service.Key, rejected.Service.Uid), "MalformedAnnotation", rejected.Problem);
        if (state.Observed is not { } configMap)
            yield break;
        var subject = new EventSubject("ConfigMap", configMap.Key, configMap.Uid);
        if (state.Overrides.Problem is { } problem)
            yield return (subject, "MalformedOverrides", $"{ToolsetKey.Overrides}:{problem}");
        if (state.Rules.Problems is [var first, ..])
            yield return (subject, "MalformedRules", first + Others(state.Rules.Problems.Length - 1));
        // Without its place: the text is nowhere to be seen, and any other change of it would make one more Event.
        if (state.Result.Holmes is { Problems: [var unfit, ..] and { Length: var count } })
            yield return (subject, "UnfitHolmesFile", $"{ToolsetKey.Holmes} stays as it is: {unfit.Message}{Others(count - 1)}");
        if (state.OwnerWarning is { Problem: OwnerProblem.OtherController } warning)
            yield return (subject, "OtherController", warning.Detail);
        if (state.Refusal is { } refusal)
            yield return (subject, ReasonOf(refusal), refusal.Detail);
    }

    private static string Others(int count) => count > 0 ? $" (and {count} more)" : "";

    private static string ReasonOf(ConfigMapPlan.Refuse refusal) => refusal.Reason switch
    {
        RefuseReason.Immutable => "ConfigMapImmutable",
        RefuseReason.TooLarge => "ConfigMapTooLarge",
        _ => "ConfigMapNotWritten",
    };
}
