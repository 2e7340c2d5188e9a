using System.Collections.Immutable;
using DynamicToolset.Messages;

namespace DynamicToolset.Service.Options;

/// <summary>
/// Decides every setting: flags win over environment, environment over file, file over default. Reports all that is wrong
/// at once, so that nobody has to start the service once per mistake.
/// </summary>
/// <param name="profile">The defaults of the command.</param>
/// <param name="flags">The texts given on the command line, by the names of the settings; an empty one is a value.</param>
/// <param name="environment">The text of a variable; null or blank where it is not set.</param>
/// <param name="file">What the settings file says.</param>
public sealed class SettingsReader(
    SettingsProfile profile, IReadOnlyDictionary<string, string> flags, Func<string, string?> environment, SettingsFile file)
{
    private readonly List<EffectiveSetting> _effective = [];
    private readonly List<string> _problems = [];

    /// <summary>For a look at what settings there are.</summary>
    public static SettingsReader OfDefaults =>
        new(SettingsProfile.Service, ImmutableDictionary<string, string>.Empty, _ => null, SettingsFile.None);

    /// <summary>Every setting with its value and origin, in the order of their declaration; without those that were refused.</summary>
    public ImmutableArray<EffectiveSetting> Effective => [.. _effective];

    /// <summary>One line for each that was refused, naming setting, value, origin and what is allowed.</summary>
    public ImmutableArray<string> Problems => [.. _problems];

    /// <summary>The value of a setting, noted with its origin; where its text is refused that is noted, and the value is none.</summary>
    public T Get<T>(SettingKind<T> kind, SettingDefinition declared)
    {
        SettingDefinition definition = declared with
        {
            Allowed = kind.Allowed,
            Choices = kind.Choices,
            IsList = kind.FindCulprit is not null,
            IsPath = ReferenceEquals(kind, SettingKinds.FilePath),
            IsUrl = ReferenceEquals(kind, SettingKinds.HttpUrl),
        };
        (string text, SettingOrigin origin) = Look(definition);
        if (!kind.TryRead(text, out T? value))
        {
            string culprit = kind.FindCulprit?.Invoke(text) ?? "";
            _problems.Add(Refusal(definition, text, origin, culprit));
            return value!;
        }

        _effective.Add(new EffectiveSetting(definition, kind.Show(value), origin));
        return value;
    }

    /// <summary>Null where it was refused.</summary>
    public EffectiveSetting? Find(string name) => _effective.Find(setting => setting.Definition.Name == name);

    private (string Text, SettingOrigin Origin) Look(SettingDefinition definition)
    {
        if (flags.TryGetValue(definition.Name, out string? flag))
            return (flag.Trim(), new SettingOrigin(SettingSource.Flag, $"--{definition.Flag}"));
        if (environment(definition.Name)?.Trim() is { Length: > 0 } variable)
            return (variable, new SettingOrigin(SettingSource.Environment, "environment"));
        if (file.Entries.TryGetValue(definition.Name, out SettingsFileEntry? entry))
            return (entry.Text, new SettingOrigin(SettingSource.File, entry.Place));
        if (profile.Defaults.TryGetValue(definition.Name, out string? text))
            return (text, new SettingOrigin(SettingSource.Default, $"{profile.Name} default"));
        if (Find(definition.DefaultsTo) is { Text: { Length: > 0 } inherited })
            return (inherited, new SettingOrigin(SettingSource.Default, $"default, from {definition.DefaultsTo}"));
        return (definition.Default, new SettingOrigin(SettingSource.Default, "default"));
    }

    /// <summary>A refused URL may hold a password, which must not be repeated.</summary>
    private static string Refusal(SettingDefinition definition, string text, SettingOrigin origin, string culprit)
    {
        bool isMasked = definition.IsSecret || (definition.IsUrl && text.AsSpan().ContainsAny('@', '?'));
        string because = culprit.Length == 0 || culprit == text || isMasked ? "" : $" because of {QuotedText.Of(culprit)}";
        string refusal = $"{definition.Name}: {QuotedText.Of(isMasked ? EffectiveSetting.Mask : text)}";
        string allowed = $"is not allowed{because}; allowed: {definition.Allowed}{Hint(definition, text)}";
        return origin.Source == SettingSource.File ? $"{origin.Place}: {refusal} {allowed}" : $"{refusal} ({origin.Place}) {allowed}";
    }

    /// <summary>
    /// For each Service the kubelet sets variables in the style of Docker links; one named "metrics" sets METRICS_PORT
    /// (https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables).
    /// </summary>
    private static string Hint(SettingDefinition definition, string text) =>
        definition.Name.EndsWith("PORT", StringComparison.Ordinal) && text.StartsWith("tcp://", StringComparison.Ordinal)
            ? ". Kubernetes set this value for a Service of that name: set enableServiceLinks: false in the pod"
            : "";
}
