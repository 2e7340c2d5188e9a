using DynamicToolset.Configuration;
using DynamicToolset.Holmes;
using DynamicToolset.LeaderElection;
using DynamicToolset.Messages;

namespace DynamicToolset.Service.Options;

/// <summary>What must hold between settings. A rule over a setting that was refused itself is not checked.</summary>
internal static class SettingsRules
{
    // client-go's figure: a jittered retry must still fit before the deadline.
    private const double RenewJitter = 1.2;

    public static IEnumerable<string> Check(Settings settings)
    {
        EffectiveSetting? Find(string name) => settings.Reader.Find(name);
        EffectiveSetting? lease = Find("LEASE_DURATION"), deadline = Find("RENEW_DEADLINE"), retry = Find("RETRY_PERIOD");
        string?[] problems =
        [
            IsLonger(lease, settings.LeaseDuration, deadline, settings.RenewDeadline, more: ElectionOptions.TakeOverMargin),
            IsLonger(deadline, settings.RenewDeadline, retry, settings.RetryPeriod, RenewJitter),
            IsLonger(Find("SHUTDOWN_TIMEOUT"), settings.ShutdownTimeout, Find("SHUTDOWN_DELAY"), settings.ShutdownDelay),
            ArePortsDifferent(settings, Find("PORT"), Find("METRICS_PORT")),
            .. Find("HEALTH_CHECK_TOKEN_FILES") is { } tokens ? Tokens(settings, tokens) : [],
            .. settings.HolmesFormat && Find("HOLMES_TARGET") is not null && Find("HOLMES_BASE_TOOLSETS") is { } names ? BaseToolsets(settings, names) : [],
        ];
        return problems.OfType<string>();
    }

    private static string? IsLonger(
        EffectiveSetting? longer, TimeSpan longSpan, EffectiveSetting? shorter, TimeSpan shortSpan, double factor = 1, TimeSpan more = default)
    {
        TimeSpan bound = (shortSpan * factor) + more;
        if (longer is null || shorter is null || longSpan > bound)
            return null;
        string times = factor > 1 ? FormattableString.Invariant($"{factor} times ") : "";
        string and = more > TimeSpan.Zero ? $" and {GoDuration.Format(more)}" : "";
        return $"{longer} must be longer than {times}{shorter}{and}: set {longer.Definition.Name} above {GoDuration.Format(bound)}";
    }

    private static string? ArePortsDifferent(Settings settings, EffectiveSetting? port, EffectiveSetting? metrics) =>
        port is null || metrics is null || settings.Port == 0 || settings.Port != settings.MetricsPort
            ? null
            : $"{metrics} must differ from {port}: choose another port, or 0 for any free one";

    private static IEnumerable<string> Tokens(Settings settings, EffectiveSetting tokens)
    {
        foreach (var same in settings.HealthCheckTokenFiles.GroupBy(t => (t.Rule, t.Namespace)).Where(same => same.Count() > 1))
            yield return $"{tokens}: {same.Key.Rule}/{same.Key.Namespace} has {same.Count()} files: keep one";
        if (!settings.HealthCheckTokenFiles.IsEmpty && settings.HealthCheckCaFile.Length == 0)
            yield return $"{tokens} has no effect without HEALTH_CHECK_CA_FILE: a token is sent only to a backend whose certificate is verified; set both, or none";
    }

    private static IEnumerable<string> BaseToolsets(Settings settings, EffectiveSetting names) =>
        from name in settings.HolmesBaseToolsets
        let problem = BuiltInToolsets.ProblemWith(name, settings.HolmesTarget)
        where problem is not null
        select $"{names}: {QuotedText.Of(name)} {problem}; allowed: {names.Definition.Allowed}, each of which a server of HOLMES_TARGET has";
}
