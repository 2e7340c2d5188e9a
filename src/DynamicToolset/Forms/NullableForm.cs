using System.Collections.Immutable;
using DynamicToolset.Yaml;

namespace DynamicToolset.Forms;

/// <summary>Another form, or null, which says that there is to be none.</summary>
internal sealed class NullableForm<T>(Form<T> form) : Form<T?>(form.Allowed, form.Example)
    where T : notnull
{
    public override ImmutableArray<Field> Fields => form.Fields;

    public override Form? Item => form.Item;

    public override bool TryRead(YamlNode node, string subject, Action<YamlPosition, string> report, out T? value)
    {
        value = default;
        return node is YamlNode.Scalar { IsNull: true } || form.TryRead(node, subject, report, out value);
    }
}
