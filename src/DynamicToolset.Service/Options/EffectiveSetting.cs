namespace DynamicToolset.Service.Options;

/// <summary>The value that is in use, and where it came from.</summary>
/// <param name="Text">In the one way to write it; not masked.</param>
/// <param name="IsWithoutEffect">Somebody chose a value that is without effect, the feature not being built.</param>
public sealed record EffectiveSetting(SettingDefinition Definition, string Text, SettingOrigin Origin, bool IsWithoutEffect)
{
    internal const string Mask = "<redacted>";

    /// <summary>For eyes: a secret that is set is masked.</summary>
    public string Shown => Definition.IsSecret && Text.Length > 0 ? Mask : Text;

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
