using System.Collections.Immutable;
using DynamicToolset.Backends;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.HealthCheck;
using DynamicToolset.Messages;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rounds;
using DynamicToolset.Rules;
using DynamicToolset.Sandbox.SampleBackends;

namespace DynamicToolset.Service.Sandbox;

/// <summary>Tells in plain lines what happened from one state to the next.</summary>
internal static class Narrator
{
    private const int MostNames = 10;

    /// <param name="before">Null before the first round.</param>
    public static ImmutableArray<string> Tell(ControllerState? before, ControllerState now) =>
    [
        .. TellRules(before, now),
        .. TellDetections(before?.Detected.All ?? [], now.Detected.All),
        .. TellHealth(before, now),
        .. TellLines(before, now),
        .. TellProblems(before, now),
        .. TellWrite(before, now),
    ];

    private static IEnumerable<string> TellRules(ControllerState? before, ControllerState now)
    {
        RuleChanges changes = before is null ? RuleChanges.None : now.Rules.InForce.ChangesSince(before.Rules.InForce);
        return changes.IsEmpty ? [] : [Line("rules", changes.ToString())];
    }

    private static IEnumerable<string> TellProblems(ControllerState? before, ControllerState now)
    {
        ImmutableArray<Problem> problems = Problems.Of(now);
        ImmutableArray<Problem> known = before is null ? [] : Problems.Of(before);
        foreach (Problem problem in problems.ExceptBy(known.Select(p => p.Identity), p => p.Identity).Where(p => VerbOf(p.Kind) is not null).Take(MostNames))
        {
            foreach (string line in LinesOf(problem))
                yield return Line(VerbOf(problem.Kind)!, line);
        }

        IEnumerable<ProblemKind> over = known.Select(p => p.Kind).Distinct().Except(problems.Select(p => p.Kind));
        foreach (ProblemKind kind in over.Where(k => k is ProblemKind.MalformedRules or ProblemKind.MalformedOverrides or ProblemKind.HealthPanic))
            yield return Line(VerbOf(kind)!, kind == ProblemKind.HealthPanic ? "over: a health check passed" : "valid again");
    }

    private static IEnumerable<string> LinesOf(Problem problem) => problem.Kind == ProblemKind.MalformedRules
        ? problem.Names.Take(MostNames).Select(p => $"{p}; the last good ones stay in force")
        : [problem.Service is { } service ? $"{service}: {problem.Detail}" : problem.Detail];

    /// <summary>Null for what is no news to a person who looks on: the other lines say it.</summary>
    private static string? VerbOf(ProblemKind kind) => kind switch
    {
        ProblemKind.MalformedAnnotation or ProblemKind.ServiceTooLarge or ProblemKind.NamespaceTooLarge => "skipped",
        ProblemKind.MalformedOverrides or ProblemKind.OverrideSlip => "overrides",
        ProblemKind.MalformedRules => "rules",
        ProblemKind.ConfigMapImmutable or ProblemKind.ConfigMapTooLarge or ProblemKind.UnfitHolmesFile => "stuck",
        ProblemKind.HealthPanic => "panic",
        ProblemKind.ChecksObstructed => "unchecked",
        ProblemKind.ContestedKey => "contested",
        ProblemKind.DormantOverride => "ignored",
        ProblemKind.NoRoom or ProblemKind.WithheldCredentials => "left out",
        ProblemKind.MissingCredentials or ProblemKind.MissingTenant => "no access",
        ProblemKind.NoData => "empty",
        _ => null,
    };

    private static IEnumerable<string> TellDetections(ImmutableArray<Detection> before, ImmutableArray<Detection> now)
    {
        ImmutableHashSet<string> told = [.. before.SelectMany(Describe)];
        ImmutableHashSet<ObjectKey> stillFound = [.. now.Where(d => d is Detection.Matched or Detection.Contradicted).Select(d => d.Service.Key)];
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
                yield return Line(found.IsAsProbed ? "as probed" : "found", $"{found.Type,-13} {found.Service.Key}  {found.Endpoint}");
                if (SampleBackend.ParseAnswer(found.Service.Annotations.GetValueOrDefault(SampleBackend.AnswerAnnotation)) is null)
                    yield return Line("ignored", $"{found.Service.Key}: {SampleBackend.AnswerAnnotation} is none of {string.Join(", ", SampleBackend.Answers)}");
                if (found.Service.Annotations.GetValueOrDefault(SampleBackend.PrefixAnnotation) is { } prefix && !UrlPath.IsPlain(prefix))
                    yield return Line("ignored", $"{found.Service.Key}: {SampleBackend.PrefixAnnotation} is not a plain path such as /sub/path");
                if (found.Service.Annotations.GetValueOrDefault(SampleBackend.ProductAnnotation) is { } product && !SampleProducts.Names.Contains(product))
                    yield return Line("ignored", $"{found.Service.Key}: {SampleBackend.ProductAnnotation} is none of {string.Join(", ", SampleProducts.Names)}");
                break;
            case Detection.Contradicted { Match: var found, Identity: var identity }:
                yield return Line("left out", $"{found.Service.Key}: its labels say {found.Type}, but it answers as {identity}");
                break;
            case Detection.OptedOut optedOut:
                yield return Line("opted out", optedOut.Service.Key.ToString());
                break;
        }
    }

    private static IEnumerable<string> TellHealth(ControllerState? before, ControllerState now)
    {
        foreach (Detection.Matched detection in now.Detected.Matched)
        {
            HealthState? state = now.Health.Checks.Find(detection.EndpointKey);
            HealthVerdict was = before?.Health.Checks.Find(detection.EndpointKey)?.Verdict ?? default;
            if (state is null || (state.Status, state.WantsCredentials) == (was.Status, was.WantsCredentials))
                continue;
            if (state.Status == HealthStatus.Healthy)
                yield return Line("healthy", $"{detection.Type,-13} {detection.Service.Key}{(state.WantsCredentials ? ", which wants credentials" : "")}");
            else if (state.Status == HealthStatus.Unhealthy)
                yield return Line("unhealthy", $"{detection.Type,-13} {detection.Service.Key}: {Describe(state.Last)}");
        }
    }

    private static IEnumerable<string> TellLines(ControllerState? before, ControllerState now) => now.Lines.Told.Keys
        .Where(endpoint => now.Lines.TextOf(endpoint) is { } text && text != before?.Lines.TextOf(endpoint))
        .OrderBy(endpoint => endpoint.Service)
        .Select(endpoint => Line("has", $"{endpoint.Service}: {now.Lines.TextOf(endpoint)}"));

    private static string Describe(ProbeOutcome? outcome) =>
        outcome?.StatusCode is { } code ? $"it answers {code}" : outcome?.Reason ?? "";

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
        string by = drift.Manager is null ? "" : $" by {QuotedText.OrPlain(drift.Manager)}";
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
