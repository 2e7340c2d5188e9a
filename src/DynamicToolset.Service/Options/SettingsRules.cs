using DynamicToolset.Configuration;

namespace DynamicToolset.Service.Options;

/// <summary>What must hold between settings. A rule over a setting that was refused itself is not checked.</summary>
internal static class SettingsRules
{
    // client-go's figure: a jittered retry must still fit before the deadline.
    private const double RenewJitter = 1.2;

    public static IEnumerable<string> Check(SettingValues values)
    {
        if (IsLonger(values, SettingDefinitions.LeaseDuration, SettingDefinitions.RenewDeadline) is { } lease)
            yield return lease;
        if (IsLonger(values, SettingDefinitions.RenewDeadline, SettingDefinitions.RetryPeriod, RenewJitter) is { } renew)
            yield return renew;
        if (IsLonger(values, SettingDefinitions.ShutdownTimeout, SettingDefinitions.ShutdownDelay) is { } shutdown)
            yield return shutdown;
        if (ArePortsDifferent(values) is { } ports)
            yield return ports;
        if (IsElectionOff(values) is { } election)
            yield return election;
    }

    private static string? IsLonger(
        SettingValues values, TypedSettingDefinition<TimeSpan> longer, TypedSettingDefinition<TimeSpan> shorter, double factor = 1)
    {
        if (!values.Has(longer) || !values.Has(shorter))
            return null;
        TimeSpan bound = values.Get(shorter) * factor;
        if (values.Get(longer) > bound)
            return null;
        string times = factor > 1 ? FormattableString.Invariant($"{factor} times ") : "";
        return $"{Name(values, longer)} must be longer than {times}{Name(values, shorter)}: " +
            $"set {longer.Name} above {GoDuration.Format(bound)}";
    }

    private static string? ArePortsDifferent(SettingValues values)
    {
        if (!values.Has(SettingDefinitions.Port) || !values.Has(SettingDefinitions.MetricsPort))
            return null;
        int port = values.Get(SettingDefinitions.Port);
        if (port == 0 || port != values.Get(SettingDefinitions.MetricsPort))
            return null;
        return $"{Name(values, SettingDefinitions.MetricsPort)} must differ from {Name(values, SettingDefinitions.Port)}: " +
            "choose another port, or 0 for any free one";
    }

    private static string? IsElectionOff(SettingValues values)
    {
        if (!values.Has(SettingDefinitions.LeaderElectionEnabled) || !values.Get(SettingDefinitions.LeaderElectionEnabled))
            return null;
        return $"{Name(values, SettingDefinitions.LeaderElectionEnabled)} cannot be used: leader election is not built yet; " +
            "set it to false and run one replica, with the Deployment's strategy Recreate";
    }

    private static string Name(SettingValues values, SettingDefinition definition)
    {
        EffectiveSetting setting = values.Setting(definition);
        return $"{definition.Name} {setting.Text} ({setting.Origin.Place})";
    }
}
