using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.HealthCheck;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rules;
using DynamicToolset.Sandbox.SampleBackends;
using DynamicToolset.Service.State;

namespace DynamicToolset.Service.Sandbox;

/// <summary>Tells in plain lines what happened from one state to the next.</summary>
internal static class Narrator
{
    private const int MostNames = 10;

    /// <param name="before">Null before the first round.</param>
    public static ImmutableArray<string> Tell(ControllerState? before, ControllerState now) =>
    [
        .. TellRules(before, now),
        .. TellDetections(before?.Detections ?? [], now.Detections),
        .. TellHealth(before, now),
        .. TellOverrides(before, now),
        .. TellRefusal(before, now),
        .. TellWrite(before, now),
    ];

    private static IEnumerable<string> TellRules(ControllerState? before, ControllerState now)
    {
        if (before is null || ReferenceEquals(before.Rules, now.Rules))
            yield break;
        RuleChanges changes = now.Rules.InForce.ChangesSince(before.Rules.InForce);
        if (!changes.IsEmpty)
            yield return Line("rules", changes.ToString());
        foreach (RuleProblem problem in now.Rules.Problems.Take(MostNames))
            yield return Line("rules", $"{problem}; the last good ones stay in force");
        if (changes.IsEmpty && now.Rules.Problems.IsEmpty && !before.Rules.Problems.IsEmpty)
            yield return Line("rules", "good again");
    }

    private static IEnumerable<string> TellDetections(ImmutableArray<Detection> before, ImmutableArray<Detection> now)
    {
        ImmutableHashSet<string> told = [.. before.SelectMany(Describe)];
        ImmutableHashSet<ObjectKey> stillFound = [.. now.OfType<Detection.Matched>().Select(d => d.Service.Key)];
        foreach (Detection.Matched gone in before.OfType<Detection.Matched>().Where(d => !stillFound.Contains(d.Service.Key)))
            yield return Line("gone", $"{gone.Type,-13} {gone.Service.Key}");
        foreach (string line in now.SelectMany(Describe).Where(l => !told.Contains(l)))
            yield return line;
    }

    private static IEnumerable<string> Describe(Detection detection)
    {
        switch (detection)
        {
            case Detection.Matched found:
                yield return Line("found", $"{found.Type,-13} {found.Service.Key}  {found.Endpoint}");
                if (SampleBackend.ParseAnswer(found.Service.Annotations.GetValueOrDefault(SampleBackend.AnswerAnnotation)) is null)
                    yield return Line("ignored", $"{found.Service.Key}: {SampleBackend.AnswerAnnotation} is none of 503, hang, refuse, tls");
                break;
            case Detection.Rejected rejected:
                yield return Line("skipped", $"{rejected.Service.Key}: {rejected.Problem}");
                break;
            case Detection.OptedOut optedOut:
                yield return Line("opted out", optedOut.Service.Key.ToString());
                break;
        }
    }

    private static IEnumerable<string> TellHealth(ControllerState? before, ControllerState now)
    {
        foreach (Detection.Matched detection in now.Detections.OfType<Detection.Matched>())
        {
            HealthState? state = now.Health.Find(detection.EndpointKey);
            HealthStatus was = before?.Health.Find(detection.EndpointKey)?.Status ?? HealthStatus.Unknown;
            if (state is null || state.Status == was)
                continue;
            if (state.Status == HealthStatus.Healthy)
                yield return Line("healthy", $"{detection.Type,-13} {detection.Service.Key}");
            else if (state.Status == HealthStatus.Unhealthy)
                yield return Line("unhealthy", $"{detection.Type,-13} {detection.Service.Key}: {Describe(state.Last)}");
        }
    }

    private static string Describe(ProbeOutcome? outcome) =>
        outcome?.StatusCode is { } code ? $"it answers {code}" : outcome?.Reason ?? "";

    private static IEnumerable<string> TellOverrides(ControllerState? before, ControllerState now)
    {
        string? problem = now.Overrides.Problem?.ToString();
        string? was = before?.Overrides.Problem?.ToString();
        if (problem == was)
            yield break;
        yield return problem is null
            ? Line("overrides", "good again")
            : Line("overrides", $"{ToolsetKey.Overrides}:{problem}; the last good ones stay in force");
    }

    private static IEnumerable<string> TellRefusal(ControllerState? before, ControllerState now)
    {
        if (now.Refusal is { } refusal && refusal.Reason != before?.Refusal?.Reason)
            yield return Line("stuck", refusal.Detail);
    }

    private static IEnumerable<string> TellWrite(ControllerState? before, ControllerState now)
    {
        if (now.LastWrite is not { } write || ReferenceEquals(write, before?.LastWrite))
            yield break;
        string took = $"({write.Took.TotalMilliseconds:F0} ms)";
        if (write.IsCreation)
        {
            string verb = write.IsRecreation ? "recreated" : "created";
            yield return Line(verb, $"{now.Observed?.Key} with {Names(write.Set)} {took}");
            yield break;
        }

        foreach (Drift drift in write.Drift)
            yield return Line("repaired", $"{drift.Key}, which was {Describe(drift)} {took}");
        ImmutableHashSet<string> repaired = [.. write.Drift.Select(d => d.Key)];
        ImmutableArray<string> set = [.. write.Set.Where(k => !repaired.Contains(k))];
        ImmutableArray<string> removed = [.. write.Removed.Where(k => !repaired.Contains(k))];
        if (set.Length + removed.Length > 0)
            yield return Line("updated", $"{string.Join("; ", Changes(before, set, removed))} {took}");
    }

    private static IEnumerable<string> Changes(ControllerState? before, ImmutableArray<string> set, ImmutableArray<string> removed)
    {
        ILookup<bool, string> byAge = set.ToLookup(key => before?.Observed?.Data.ContainsKey(key) == true);
        if (byAge[false].Any())
            yield return $"added {Names(byAge[false])}";
        if (byAge[true].Any())
            yield return $"changed {Names(byAge[true])}";
        if (removed.Length > 0)
            yield return $"removed {Names(removed)}";
    }

    private static string Describe(Drift drift)
    {
        string by = drift.Manager is null ? "" : $" by {drift.Manager}";
        return drift.Kind switch
        {
            DriftKind.Missing => $"removed{by}",
            DriftKind.Extra => $"added{by}",
            _ => $"changed{by}",
        };
    }

    /// <summary>The first of many are enough: the line is for a person.</summary>
    private static string Names(IEnumerable<string> keys)
    {
        ImmutableArray<string> names = [.. keys.Select(k => ToolsetKey.IsToolset(k) ? ToolsetKey.NameIn(k) : k)];
        return names.Length <= MostNames
            ? string.Join(", ", names)
            : $"{string.Join(", ", names.Take(MostNames))} and {names.Length - MostNames} more";
    }

    private static string Line(string verb, string what) => $"{verb,-10} {what}";
}
