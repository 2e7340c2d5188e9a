namespace DynamicToolset.Service.Options;

/// <summary>A setting whose values are of the type <typeparamref name="T"/>.</summary>
public sealed class TypedSettingDefinition<T>(SettingKind<T> valueKind) : SettingDefinition
    where T : notnull
{
    public override string Kind => valueKind.Name;

    public override string Allowed => valueKind.Allowed;

    public override bool IsList => valueKind.IsList;

    internal override object? Read(string text, out string canonical, out string culprit)
    {
        ReadSetting<T> read = valueKind.Read(text);
        culprit = read.Culprit;
        canonical = "";
        if (!read.TryGet(out T? value))
            return null;
        canonical = valueKind.Show(value);
        return value;
    }
}
