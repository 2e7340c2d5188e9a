using System.Collections.Immutable;

namespace DynamicToolset.Service.Options;

/// <summary>The defaults of one command where they differ from those of <c>run</c>.</summary>
/// <param name="Name">How <c>--print-config</c> names such a default: <c>sandbox default</c>; empty for none.</param>
/// <param name="Defaults">By the name of the setting.</param>
public sealed record SettingsProfile(string Name, ImmutableDictionary<string, string> Defaults)
{
    /// <summary>The service in a cluster.</summary>
    public static SettingsProfile Service { get; } = new("", ImmutableDictionary<string, string>.Empty);

    /// <summary>Changes show at once, ports do not collide with other programs, no token is needed, and only problems are logged.</summary>
    public static SettingsProfile Sandbox { get; } = Of(
        "sandbox",
        ("HEALTH_CHECK_INTERVAL", "2s"),
        ("HEALTH_CHECK_TIMEOUT", "1s"),
        ("HEALTH_CHECK_RETRY_INTERVAL", "100ms"),
        ("HEALTH_CHECK_MODE", "direct"),
        ("PORT", "0"),
        ("METRICS_PORT", "0"),
        ("AUTH_ENABLED", "false"),
        ("LOG_LEVEL", "warn"),
        ("LOG_FORMAT", "text"),
        ("SHUTDOWN_DELAY", "0s"));

    /// <summary>A tool in a terminal or a pipe.</summary>
    public static SettingsProfile Generate { get; } = Of("generate", ("LOG_LEVEL", "warn"), ("LOG_FORMAT", "text"));

    private static SettingsProfile Of(string name, params ReadOnlySpan<(string Setting, string Text)> defaults)
    {
        var byName = ImmutableDictionary.CreateBuilder<string, string>();
        foreach ((string setting, string text) in defaults)
            byName.Add(setting, text);
        return new SettingsProfile(name, byName.ToImmutable());
    }
}
