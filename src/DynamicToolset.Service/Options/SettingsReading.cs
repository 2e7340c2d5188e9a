using System.Collections.Immutable;

namespace DynamicToolset.Service.Options;

/// <summary>The settings in use, or everything that is wrong with them.</summary>
/// <param name="Settings">Null where there are problems.</param>
/// <param name="Effective">Every setting with its value and origin, in the order of the table; without those that were refused.</param>
/// <param name="Problems">One line each, without secrets, naming setting, value, origin and what is allowed.</param>
public sealed record SettingsReading(Settings? Settings, ImmutableArray<EffectiveSetting> Effective, ImmutableArray<string> Problems)
{
    /// <summary>The names of the settings that somebody changed in vain, the feature behind them not being built.</summary>
    public ImmutableArray<string> WithoutEffect =>
        [.. Effective.Where(setting => setting.IsWithoutEffect).Select(setting => setting.Definition.Name)];
}
