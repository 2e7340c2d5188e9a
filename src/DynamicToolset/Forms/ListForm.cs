using System.Collections.Immutable;
using DynamicToolset.Yaml;

namespace DynamicToolset.Forms;

/// <summary>A list of values of one form.</summary>
/// <param name="items">What the items are, as many: <c>conditions</c>.</param>
internal sealed class ListForm<T>(Form<T> item, string items, bool mayBeEmpty = true)
    : Form<ImmutableArray<T>>($"a list of {items}{(mayBeEmpty ? "" : ", and not an empty one")}", $"[{item.Example}]")
{
    public override Form Item => item;

    public override bool TryRead(YamlNode node, string subject, Action<YamlPosition, string> report, out ImmutableArray<T> value)
    {
        if (node is not YamlNode.Sequence list || (list.Items.IsEmpty && !mayBeEmpty))
            return Refuse(node, subject, report, out value);
        var read = ImmutableArray.CreateBuilder<T>();
        foreach (YamlNode entry in list.Items)
        {
            if (item.TryRead(entry, $"an entry of {subject}", report, out T? made))
                read.Add(made);
        }

        value = read.ToImmutable();
        return read.Count == list.Items.Length;
    }
}
