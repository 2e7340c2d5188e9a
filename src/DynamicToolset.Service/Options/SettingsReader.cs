using System.Collections.Immutable;

namespace DynamicToolset.Service.Options;

/// <summary>
/// Decides every setting: flags win over environment, environment over file, file over default. Reports all that is wrong
/// at once, so that nobody has to start the service once per mistake.
/// </summary>
/// <param name="profile">The defaults of the command.</param>
/// <param name="flags">The texts given on the command line; an empty one is a value.</param>
/// <param name="environment">The text of a variable; null or blank where it is not set.</param>
public sealed class SettingsReader(
    SettingsProfile profile,
    IReadOnlyDictionary<SettingDefinition, string> flags,
    Func<string, string?> environment)
{
    private const string Mask = "<redacted>";

    /// <summary>Where the settings file is, which has to be read before <see cref="Read"/>; empty for none.</summary>
    public string ConfigFile => Find(SettingDefinitions.ConfigFile, SettingsFile.None, new SettingValues()).Text;

    /// <summary>The settings, with what the file says below flags and environment.</summary>
    public SettingsReading Read(SettingsFile file)
    {
        var values = new SettingValues();
        var problems = ImmutableArray.CreateBuilder<string>();
        problems.AddRange(file.Problems);
        foreach (SettingDefinition definition in SettingDefinitions.All)
        {
            (string text, SettingOrigin origin) = Find(definition, file, values);
            if (definition.Read(text, out string canonical, out string culprit) is { } value)
                values.Add(new EffectiveSetting(definition, canonical, origin), value);
            else
                problems.Add(Refusal(definition, text, origin, culprit));
        }

        problems.AddRange(SettingsRules.Check(values));
        Settings? settings = problems.Count == 0 ? Settings.From(values) : null;
        return new SettingsReading(settings, [.. values.Settings], problems.ToImmutable());
    }

    private (string Text, SettingOrigin Origin) Find(SettingDefinition definition, SettingsFile file, SettingValues earlier)
    {
        if (flags.TryGetValue(definition, out string? flag))
            return (flag.Trim(), new SettingOrigin(SettingSource.Flag, $"--{definition.Flag}"));
        if (environment(definition.Name)?.Trim() is { Length: > 0 } variable)
            return (variable, new SettingOrigin(SettingSource.Environment, "environment"));
        if (file.Entries.TryGetValue(definition, out SettingsFileEntry? entry))
            return (entry.Text, new SettingOrigin(SettingSource.File, entry.Place));
        return FindDefault(definition, earlier);
    }

    private (string Text, SettingOrigin Origin) FindDefault(SettingDefinition definition, SettingValues earlier)
    {
        if (profile.Defaults.TryGetValue(definition, out string? text))
            return (text, new SettingOrigin(SettingSource.Default, $"{profile.Name} default"));
        if (definition.DefaultsTo is { } other && earlier.Has(other) && earlier.Setting(other).Text is { Length: > 0 } inherited)
            return (inherited, new SettingOrigin(SettingSource.Default, $"default, from {other.Name}"));
        return (definition.Default, new SettingOrigin(SettingSource.Default, "default"));
    }

    private static string Refusal(SettingDefinition definition, string text, SettingOrigin origin, string culprit)
    {
        string because = culprit.Length == 0 || culprit == text || definition.IsSecret ? "" : $" because of \"{culprit}\"";
        string refusal = $"{definition.Name}: \"{Shown(definition, text)}\"";
        string allowed = $"is not allowed{because}; allowed: {definition.Allowed}{Hint(definition, text)}";
        return origin.Source == SettingSource.File ? $"{origin.Place}: {refusal} {allowed}" : $"{refusal} ({origin.Place}) {allowed}";
    }

    /// <summary>A refused URL may hold a password, which must not be repeated.</summary>
    private static string Shown(SettingDefinition definition, string text)
    {
        bool mayHoldPassword = definition.Kind == SettingKinds.HttpUrl.Name && text.Contains('@', StringComparison.Ordinal);
        return definition.IsSecret || mayHoldPassword ? Mask : text;
    }

    /// <summary>
    /// For each Service the kubelet sets variables in the style of Docker links; one named "metrics" sets METRICS_PORT
    /// (https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables).
    /// </summary>
    private static string Hint(SettingDefinition definition, string text) =>
        definition.Name.EndsWith("PORT", StringComparison.Ordinal) && text.StartsWith("tcp://", StringComparison.Ordinal)
            ? ". This value was put there for a Service of that name: set enableServiceLinks: false in the pod"
            : "";
}
