using DynamicToolset.Messages;
using DynamicToolset.Yaml;

namespace DynamicToolset.Holmes;

/// <summary>A node below another.</summary>
/// <param name="Field">What has it as its value; null for an item of a list.</param>
/// <param name="Key">The nearest key above it: for an item of a list that of the list.</param>
/// <param name="IsInList">True in a map that is an item of a list, or below it.</param>
internal sealed record TreeNode(YamlEntry? Field, string Key, bool IsInList, YamlNode Value)
{
    /// <summary>How it is called.</summary>
    public string Subject => Field is null ? "an item of a list" : QuotedText.Of(Key);
}

/// <summary>The content below a node.</summary>
internal static class Tree
{
    /// <summary>All nodes below this one, at any depth, except below one key.</summary>
    public static IEnumerable<TreeNode> Below(YamlNode node, string? except = null) => Below(new TreeNode(null, "", IsInList: false, node), except);

    private static IEnumerable<TreeNode> Below(TreeNode above, string? except)
    {
        IEnumerable<TreeNode> next = above.Value switch
        {
            YamlNode.Mapping map => map.Entries.Where(e => e.Key != except).Select(e => new TreeNode(e, e.Key, above.IsInList, e.Value)),
            YamlNode.Sequence list => list.Items.Select(i => above with { Field = null, IsInList = above.IsInList || i is YamlNode.Mapping, Value = i }),
            _ => [],
        };
        return next.SelectMany(n => Below(n, except).Prepend(n));
    }
}
