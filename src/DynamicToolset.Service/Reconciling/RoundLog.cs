using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rounds;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Reconciling;

/// <summary>The log lines about states. A problem is logged when it begins, not in every round; some also when they end.</summary>
/// <param name="name">Of the ConfigMap.</param>
/// <param name="version">Of this program: operators look for it in these lines.</param>
internal sealed partial class RoundLog(ILogger logger, string name, string version)
{
    private const int MostNamed = 20;

    private ImmutableHashSet<string> _found = [];
    private long _cycle;
    private ImmutableHashSet<(ProblemKind, ObjectKey?, string)> _told = [];
    private ImmutableArray<Problem> _owner = [];

    /// <summary>Call it after every round, one caller at a time.</summary>
    public void Report(ControllerState state, ImmutableArray<Problem> problems)
    {
        TellDetected(state);
        foreach (IGrouping<ProblemKind, Problem> alike in problems.Where(p => !_told.Contains(p.Identity)).GroupBy(p => p.Kind))
            TellAll([.. alike]);
        // While the owner is unknown, the last line about it may still be true.
        if (state.Owner is OwnerState.Unknown)
            problems = [.. problems, .. _owner];
        ImmutableHashSet<ProblemKind> kinds = [.. problems.Select(p => p.Kind)];
        foreach (ProblemKind over in _told.Select(t => t.Item1).Distinct().Where(k => !kinds.Contains(k)))
            TellEnd(over);
        _told = [.. problems.Select(p => p.Identity)];
        _owner = [.. problems.Where(p => p.Kind is ProblemKind.OtherController or ProblemKind.NotOwned)];
    }

    /// <summary>There may be thousands at once: whoever may create Services must not be able to flood the log.</summary>
    private void TellAll(ImmutableArray<Problem> alike)
    {
        foreach (Problem problem in alike.Take(MostNamed))
            Tell(problem);
        if (alike.Length > MostNamed)
            LogMore(alike[0].Kind.ToString(), alike.Length - MostNamed);
    }

    private void TellDetected(ControllerState state)
    {
        ImmutableArray<Detection.Matched> matched = state.Detected.Matched;
        ImmutableHashSet<string> found = [.. matched.Select(d => $"{d.Type} {d.Service.Key} {d.Endpoint}")];
        if (state.Detected.Cycle != _cycle || !found.SetEquals(_found))
            LogComplete(matched.Length, Count(matched, "prometheus"), Count(matched, "grafana"), Count(matched, "jaeger"), Count(matched, "elasticsearch"), Count(matched, "custom"), OthersIn(matched), version);
        (_cycle, _found) = (state.Detected.Cycle, found);
    }

    /// <summary>Of types that have no field of their own.</summary>
    private static string[] OthersIn(ImmutableArray<Detection.Matched> matched) =>
    [
        .. matched.Where(d => d.Type is not ("prometheus" or "grafana" or "jaeger" or "elasticsearch" or "custom"))
            .CountBy(d => d.Type)
            .OrderBy(t => t.Key, StringComparer.Ordinal)
            .Select(t => $"{t.Key}={t.Value}"),
    ];

    private static int Count(ImmutableArray<Detection.Matched> matched, string type) => matched.Count(d => d.Type == type);

    private void Tell(Problem problem)
    {
        switch (problem.Kind)
        {
            case ProblemKind.MalformedAnnotation:
                LogRejected(problem.Service.ToString()!, problem.Detail);
                break;
            case ProblemKind.ServiceTooLarge:
                LogTooLarge(problem.Service.ToString()!, problem.Detail);
                break;
            case ProblemKind.NamespaceTooLarge:
                LogCrowd(problem.Service.ToString()!, problem.Detail);
                break;
            case ProblemKind.MalformedOverrides:
                LogOverrides(problem.Detail);
                break;
            case ProblemKind.MalformedRules:
                // Told where they are read.
                break;
            case ProblemKind.HealthPanic:
                LogPanic(problem.Names.Length, [.. problem.Names], problem.Detail);
                break;
            case ProblemKind.ChecksObstructed:
                LogObstructed(problem.Detail);
                break;
            case ProblemKind.UnfitHolmesFile:
                LogUnfit(ToolsetKey.Holmes, problem.Detail);
                break;
            case ProblemKind.LeftOutForHolmes:
                LogLeftOutForHolmes(problem.Names[0], problem.Names[1], problem.Names[2]);
                break;
            case ProblemKind.NoRoom:
                LogNoRoom(problem.Names.Length, [.. problem.Names]);
                break;
            case ProblemKind.WithheldCredentials:
                LogWithheld(problem.Names.Length, [.. problem.Names], problem.Detail);
                break;
            case ProblemKind.MissingCredentials:
                LogWantsCredentials(problem.Service.ToString()!, problem.Names[0], problem.Detail);
                break;
            case ProblemKind.MissingTenant:
                LogWantsTenant(problem.Service.ToString()!, problem.Names[0], problem.Detail);
                break;
            case ProblemKind.NoData:
                LogNoData(problem.Service.ToString()!, problem.Names[0], problem.Detail);
                break;
            case ProblemKind.UnverifiedCertificates:
                LogUnverified(problem.Names.Length, [.. problem.Names], problem.Detail);
                break;
            case ProblemKind.ConfigMapImmutable or ProblemKind.ConfigMapTooLarge:
                LogRefused(problem.Kind.ToString(), problem.Detail);
                break;
            case ProblemKind.ConfigMapMissing:
                LogNotFound(name);
                break;
            case ProblemKind.ContestedKey:
                LogContested([problem.Names[0].Length > 0 ? problem.Names[0] : name], problem.Names[1], problem.Detail);
                break;
            case ProblemKind.OtherController or ProblemKind.NotOwned:
                LogNotOwned(problem.Names[0], problem.Detail);
                break;
            case ProblemKind.OverrideSlip:
                LogSlip(problem.Detail);
                break;
            case ProblemKind.DormantOverride:
                LogDormant(problem.Names[0], problem.Detail);
                break;
            case ProblemKind.ForeignKey:
                LogForeign(problem.Names[0]);
                break;
        }
    }

    private void TellEnd(ProblemKind kind)
    {
        switch (kind)
        {
            case ProblemKind.MalformedOverrides:
                LogOverridesGood();
                break;
            case ProblemKind.HealthPanic:
                LogPanicOver();
                break;
            case ProblemKind.ChecksObstructed:
                LogUnobstructed();
                break;
            case ProblemKind.NoRoom:
                LogAllFit();
                break;
            case ProblemKind.OtherController or ProblemKind.NotOwned:
                LogOwned();
                break;
        }
    }
}
