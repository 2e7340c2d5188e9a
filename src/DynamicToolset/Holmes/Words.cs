using DynamicToolset.Values;
using DynamicToolset.Yaml;

namespace DynamicToolset.Holmes;

/// <summary>What scalars mean to the loader: YAML 1.1, and then Python's models, which make a boolean of some texts and a text of nothing else.</summary>
internal static class Words
{
    /// <summary>Null where it is no boolean and nothing that becomes one.</summary>
    public static bool? Flag(YamlNode? node) => (node as YamlNode.Scalar)?.Text.ToUpperInvariant() switch
    {
        "TRUE" or "YES" or "ON" or "T" or "Y" or "1" => true,
        "FALSE" or "NO" or "OFF" or "F" or "N" or "0" => false,
        _ => null,
    };

    /// <summary>Null for what is no text: a list, a map, a number, a boolean, null.</summary>
    public static string? Text(YamlNode? node) =>
        node is YamlNode.Scalar scalar && ToolsetValueReader.Read(scalar) is ToolsetValue.Text text ? text.Value : null;
}
