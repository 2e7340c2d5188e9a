using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.Holmes.Generation;
using DynamicToolset.Overrides;
using DynamicToolset.Pipeline;
using DynamicToolset.Reconciliation;
using DynamicToolset.Service.State;
using DynamicToolset.Toolsets;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Hosting;

/// <summary>
/// The log lines of the reconcile loop. A state is told when it begins and not at every round. The texts are constant: operators search
/// for them.
/// </summary>
internal sealed partial class RoundLog(ILogger logger, string version)
{
    private const int MostNamed = 20;

    private ImmutableHashSet<string> _found = [];
    private ImmutableHashSet<(ObjectKey, string)> _rejected = [];
    private ImmutableHashSet<string> _dormant = [];
    private ImmutableHashSet<string> _foreign = [];
    private ImmutableHashSet<string> _leftOut = [];
    private ImmutableHashSet<HolmesOmission> _leftOutForHolmes = [];
    private ImmutableHashSet<string> _unfit = [];
    private string? _overrideProblem;
    private RefuseReason? _refused;
    private OwnerWarning? _ownerWarning;
    private bool _isMissing;

    public void Detected(ImmutableArray<Detection> detections, bool isDue)
    {
        ImmutableArray<Detection.Matched> matched = [.. detections.OfType<Detection.Matched>()];
        ImmutableHashSet<string> found = [.. matched.Select(d => $"{d.Type} {d.Service.Key} {d.Endpoint}")];
        if (isDue || !found.SetEquals(_found))
            LogComplete(logger, matched.Length, Count(matched, "prometheus"), Count(matched, "grafana"), Count(matched, "jaeger"), Count(matched, "elasticsearch"), Count(matched, "custom"), version);
        _found = found;

        ImmutableHashSet<(ObjectKey, string)> rejected = [.. detections.OfType<Detection.Rejected>().Select(r => (r.Service.Key, r.Problem))];
        foreach ((ObjectKey service, string problem) in rejected.Except(_rejected).Order())
            LogRejected(logger, service.ToString(), problem);
        _rejected = rejected;
    }

    public void Generated(OverrideState overrides, PipelineResult result, ConfigMapRecord? present)
    {
        string? problem = overrides.Problem?.ToString();
        if (problem is not null && problem != _overrideProblem)
            LogOverrideProblem(logger, problem, overrides.InForce is null ? "keeping the ConfigMap as it is" : "keeping the last good overrides");
        if (problem is null && _overrideProblem is not null)
            LogOverridesGood(logger);
        _overrideProblem = problem;

        foreach (string name in result.Toolsets.Dormant.Except(_dormant))
            LogDormant(logger, name);
        _dormant = [.. result.Toolsets.Dormant];
        ReportHolmes(result.Holmes);
        ReportForeign(present);
    }

    /// <param name="toolsets">There may be thousands: a line names the first of them and says how many there are.</param>
    public void LeftOut(ImmutableArray<Toolset> toolsets)
    {
        ImmutableHashSet<string> leftOut = [.. toolsets.Select(t => t.Name)];
        if (leftOut.IsEmpty && !_leftOut.IsEmpty)
            LogAllFit(logger);
        else if (!leftOut.SetEquals(_leftOut))
            LogLeftOut(logger, toolsets.Length, [.. toolsets.Take(MostNamed).Select(t => t.Name)]);
        _leftOut = leftOut;
    }

    public void Planned(ConfigMapPlan.Refuse? refusal)
    {
        if (refusal is not null && refusal.Reason != _refused)
            LogRefused(logger, refusal.Reason.ToString(), refusal.Detail);
        _refused = refusal?.Reason;
    }

    public void Seen(string name, bool isThere)
    {
        if (!isThere && !_isMissing)
            LogNotFound(logger, name);
        _isMissing = !isThere;
    }

    public void DriftDetected(ImmutableArray<Drift> drift) =>
        LogDrift(logger, [.. drift.Select(d => d.Key)], "reconciling", drift.Select(d => d.Manager).FirstOrDefault(m => m is not null));

    public void Written(string name, ConfigMapWrite write)
    {
        _isMissing = false;
        if (write.IsRecreation)
            LogRecreated(logger, name, [.. write.Set]);
        else if (write.IsCreation)
            LogCreated(logger, name, [.. write.Set]);
        else
            LogUpdated(logger, name, [.. write.Set], [.. write.Removed]);
    }

    /// <param name="name">Of the ConfigMap, where it is deleted again and again.</param>
    public void Fought(string name, ImmutableArray<Fight> fights, DateTimeOffset now)
    {
        string managers = string.Join(", ", fights.Select(f => f.Manager).OfType<string>().Distinct());
        LogFight(
            logger,
            [.. fights.Select(f => f.Key.Length > 0 ? f.Key : name)],
            managers.Length > 0 ? managers : "unknown, since the API server keeps no record of who removed something",
            (fights.Min(f => f.PausedUntil) - now).TotalSeconds);
    }

    /// <summary>While nothing is known of the owner, what was told last may still be so.</summary>
    public void Owned(OwnerState owner, OwnerWarning? warning)
    {
        if (owner is OwnerState.Unknown || warning == _ownerWarning)
            return;
        if (warning is not null)
            LogNotOwned(logger, warning.Problem.ToString(), warning.Detail);
        else
            LogOwned(logger);
        _ownerWarning = warning;
    }

    private void ReportHolmes(HolmesFile? file)
    {
        ImmutableHashSet<HolmesOmission> leftOut = [.. file?.LeftOut ?? []];
        foreach (HolmesOmission omission in (file?.LeftOut ?? []).Where(o => !_leftOutForHolmes.Contains(o)))
            LogLeftOutForHolmes(logger, omission.Toolset, omission.Path, omission.Reason);
        _leftOutForHolmes = leftOut;

        ImmutableHashSet<string> unfit = [.. file?.Problems ?? []];
        foreach (string problem in unfit.Except(_unfit).Order(StringComparer.Ordinal))
            LogUnfit(logger, ToolsetKey.Holmes, problem);
        _unfit = unfit;
    }

    private void ReportForeign(ConfigMapRecord? present)
    {
        IEnumerable<string> keys = present is null ? [] : present.Data.Keys.Concat(present.BinaryData.Keys);
        ImmutableHashSet<string> foreign = [.. keys.Where(k => !ToolsetKey.IsOurs(k) && k != ToolsetKey.Overrides)];
        foreach (string key in foreign.Except(_foreign).Order(StringComparer.Ordinal))
            LogForeign(logger, key);
        _foreign = foreign;
    }

    private static int Count(ImmutableArray<Detection.Matched> matched, string type) => matched.Count(d => d.Type == type);

    [LoggerMessage(210, LogLevel.Information, "Service discovery complete")]
    private static partial void LogComplete(
        ILogger logger, int discoveredCount, int prometheusCount, int grafanaCount, int jaegerCount, int elasticsearchCount, int customCount, string version);

    [LoggerMessage(211, LogLevel.Warning, "Malformed annotation, skipping")]
    private static partial void LogRejected(ILogger logger, string service, string problem);

    [LoggerMessage(212, LogLevel.Warning, "Malformed overrides")]
    private static partial void LogOverrideProblem(ILogger logger, string problem, string action);

    [LoggerMessage(213, LogLevel.Information, "Overrides are good again")]
    private static partial void LogOverridesGood(ILogger logger);

    [LoggerMessage(214, LogLevel.Information, "Override is dormant, no such backend")]
    private static partial void LogDormant(ILogger logger, string toolset);

    [LoggerMessage(215, LogLevel.Information, "Key is not ours, keeping it")]
    private static partial void LogForeign(ILogger logger, string key);

    [LoggerMessage(216, LogLevel.Error, "ConfigMap cannot be written")]
    private static partial void LogRefused(ILogger logger, string reason, string detail);

    [LoggerMessage(223, LogLevel.Warning, "No room for all toolsets, leaving some out")]
    private static partial void LogLeftOut(ILogger logger, int count, string[] toolsets);

    [LoggerMessage(224, LogLevel.Information, "There is room for all toolsets again")]
    private static partial void LogAllFit(ILogger logger);

    [LoggerMessage(217, LogLevel.Error, "ConfigMap not found")]
    private static partial void LogNotFound(ILogger logger, string name);

    [LoggerMessage(218, LogLevel.Information, "Drift detected")]
    private static partial void LogDrift(ILogger logger, string[] keys, string action, string? manager);

    [LoggerMessage(219, LogLevel.Information, "ConfigMap created")]
    private static partial void LogCreated(ILogger logger, string name, string[] keys);

    [LoggerMessage(220, LogLevel.Information, "ConfigMap recreated")]
    private static partial void LogRecreated(ILogger logger, string name, string[] keys);

    [LoggerMessage(221, LogLevel.Information, "ConfigMap updated")]
    private static partial void LogUpdated(ILogger logger, string name, string[] keys, string[] removed);

    [LoggerMessage(225, LogLevel.Warning, "Left out of the file for HolmesGPT")]
    private static partial void LogLeftOutForHolmes(ILogger logger, string toolset, string path, string reason);

    [LoggerMessage(226, LogLevel.Error, "File for HolmesGPT is not fit to be loaded, keeping the last good one")]
    private static partial void LogUnfit(ILogger logger, string key, string problem);

    [LoggerMessage(222, LogLevel.Warning, "Another writer keeps changing the ConfigMap, slowing down")]
    private static partial void LogFight(ILogger logger, string[] keys, string manager, double nextInSeconds);

    [LoggerMessage(227, LogLevel.Warning, "Owner of the ConfigMap is not as it should be, or not known")]
    private static partial void LogNotOwned(ILogger logger, string reason, string detail);

    [LoggerMessage(228, LogLevel.Information, "Owner of the ConfigMap is as it should be")]
    private static partial void LogOwned(ILogger logger);
}
