namespace DynamicToolset.Service.Options;

/// <summary>The value that is in use, and where it came from.</summary>
/// <param name="Text">In the one way to write it; not masked.</param>
public sealed record EffectiveSetting(SettingDefinition Definition, string Text, SettingOrigin Origin)
{
    internal const string Mask = "<redacted>";

    /// <summary>For eyes: a secret that is set is masked, and so is the query of a URL, where some servers want their token.</summary>
    public string Shown => Definition.IsSecret && Text.Length > 0 ? Mask
        : Definition.IsUrl && Text.IndexOf('?', StringComparison.Ordinal) is >= 0 and int query ? Text[..(query + 1)] + Mask
        : Text;

    /// <summary>As messages name it: <c>PORT 8080 (environment)</c>.</summary>
    public override string ToString() => $"{Definition.Name} {Shown} ({Origin.Place})";
}

/// <summary>Where a value came from.</summary>
/// <param name="Place">
/// For people: <c>default</c>, <c>sandbox default</c>, <c>config.yaml:3:21</c>, <c>environment</c>, <c>--port</c>.
/// </param>
public sealed record SettingOrigin(SettingSource Source, string Place);

/// <summary>Where a value came from, the weakest first.</summary>
public enum SettingSource
{
    Default,
    File,
    Environment,
    Flag,
}
