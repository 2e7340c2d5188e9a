namespace DynamicToolset.Yaml;

/// <summary>One key of a mapping with its value, in the order of the text.</summary>
public sealed record YamlEntry(string Key, YamlPosition KeyPosition, YamlNode Value);
