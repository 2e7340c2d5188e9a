namespace DynamicToolset.Service.Options;

/// <summary>The value that is in use, and where it came from.</summary>
/// <param name="Text">In the one way to write it; not masked.</param>
public sealed record EffectiveSetting(SettingDefinition Definition, string Text, SettingOrigin Origin)
{
    private const string Mask = "<redacted>";

    /// <summary>For eyes: a secret that is set is masked.</summary>
    public string Shown => Definition.IsSecret && Text.Length > 0 ? Mask : Text;

    /// <summary>True where somebody chose a value that is without effect, the feature not being built.</summary>
    public bool IsWithoutEffect => Origin.Source != SettingSource.Default && (Definition.IsInForce ? IsValueNotInForce : IsChanged);

    private bool IsValueNotInForce => Definition.ValueNotInForce.Length > 0 && Text == Definition.ValueNotInForce;

    private bool IsChanged
    {
        get
        {
            Definition.Read(Definition.Default, out string canonical, out _);
            return Text != canonical;
        }
    }
}
