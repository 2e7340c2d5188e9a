using System.Collections.Immutable;

namespace DynamicToolset.Service.Options;

/// <summary>The defaults of one command where they differ from those of <c>run</c>.</summary>
/// <param name="Name">How <c>--print-config</c> names such a default: <c>sandbox default</c>; empty for none.</param>
public sealed record SettingsProfile(string Name, ImmutableDictionary<SettingDefinition, string> Defaults)
{
    /// <summary>The service in a cluster.</summary>
    public static SettingsProfile Service { get; } = new("", ImmutableDictionary<SettingDefinition, string>.Empty);

    /// <summary>Changes show at once, no port is in the way of other programs, and only what is wrong is logged.</summary>
    public static SettingsProfile Sandbox { get; } = new("sandbox", new Dictionary<SettingDefinition, string>
    {
        [SettingDefinitions.HealthCheckInterval] = "2s",
        [SettingDefinitions.HealthCheckTimeout] = "1s",
        [SettingDefinitions.HealthCheckRetryInterval] = "100ms",
        [SettingDefinitions.HealthCheckMode] = "direct",
        [SettingDefinitions.Port] = "0",
        [SettingDefinitions.MetricsPort] = "0",
        [SettingDefinitions.LogLevel] = "warn",
        [SettingDefinitions.LogFormat] = "text",
        [SettingDefinitions.ShutdownDelay] = "0s",
    }.ToImmutableDictionary());

    /// <summary>A tool in a terminal or a pipe.</summary>
    public static SettingsProfile Generate { get; } = new("generate", new Dictionary<SettingDefinition, string>
    {
        [SettingDefinitions.LogLevel] = "warn",
        [SettingDefinitions.LogFormat] = "text",
    }.ToImmutableDictionary());
}
