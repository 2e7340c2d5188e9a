using DynamicToolset.Messages;
using DynamicToolset.Values;
using DynamicToolset.Yaml;

namespace DynamicToolset.Holmes;

/// <summary>What nodes mean to the loader: YAML 1.1, and then Python's models, which make a boolean of some texts, a text of nothing else.</summary>
internal static class Words
{
    /// <summary>All nodes below this one, at any depth, each with the key that it stands under; null for an item of a list.</summary>
    public static IEnumerable<(YamlEntry? Field, YamlNode Value)> Below(YamlNode node)
    {
        IEnumerable<(YamlEntry? Field, YamlNode Value)> next = node switch
        {
            YamlNode.Mapping map => map.Entries.Select(e => ((YamlEntry?)e, e.Value)),
            YamlNode.Sequence list => list.Items.Select(i => ((YamlEntry?)null, i)),
            _ => [],
        };
        return next.SelectMany(n => Below(n.Value).Prepend(n));
    }

    /// <summary>How such a node is called.</summary>
    public static string Subject(YamlEntry? field) => field is null ? "an item of a list" : QuotedText.Of(field.Key);

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
