using DynamicToolset.Messages;
using DynamicToolset.Yaml;

namespace DynamicToolset.Holmes;

/// <summary>What stands below a node.</summary>
internal static class Tree
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
}
