namespace DynamicToolset.Yaml;

/// <summary>One key of a mapping with its value, in the order of the text.</summary>
public sealed record YamlEntry(string Key, YamlPosition KeyPosition, YamlNode Value)
{
    /// <summary>True where the key stood without quotes, so that it may mean a number or a boolean. Only <see cref="PythonYaml"/> tells.</summary>
    public bool IsKeyPlain { get; init; }

    /// <summary>What PyYAML takes the key for.</summary>
    public PythonKind KeyKind => PythonScalar.KindOf(Key, IsKeyPlain);
}
