using System.Collections.Immutable;

namespace DynamicToolset.Service.Options;

/// <summary>The settings in use, or everything that is wrong with them.</summary>
/// <param name="Settings">Null where there are problems.</param>
/// <param name="Effective">See <see cref="SettingsReader.Effective"/>.</param>
/// <param name="Problems">One line each, without secrets, naming setting, value, origin and what is allowed.</param>
public sealed record SettingsReading(Settings? Settings, ImmutableArray<EffectiveSetting> Effective, ImmutableArray<string> Problems)
{
    /// <inheritdoc cref="SettingsReader"/>
    /// <param name="given">Read in place of the file that CONFIG_FILE names.</param>
    public static SettingsReading Of(
        SettingsProfile profile, IReadOnlyDictionary<string, string> flags, Func<string, string?> environment, SettingsFile? given = null)
    {
        SettingsFile file = given
            ?? SettingsFile.Open(new Settings(new SettingsReader(profile, flags, environment, SettingsFile.None)).ConfigFile, TimeProvider.System);
        var reader = new SettingsReader(profile, flags, environment, file);
        var settings = new Settings(reader);
        ImmutableArray<string> problems = [.. file.Problems, .. reader.Problems, .. SettingsRules.Check(settings)];
        return new SettingsReading(problems.IsEmpty ? settings : null, reader.Effective, problems);
    }
}
