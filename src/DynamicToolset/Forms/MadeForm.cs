using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using DynamicToolset.Yaml;

namespace DynamicToolset.Forms;

/// <summary>Another form with a further meaning, or a further demand.</summary>
/// <param name="form">Asked for when it is needed, so that a form may stand in itself.</param>
/// <param name="make">Is handed the place and may report a problem there: what it makes then is dropped.</param>
internal sealed class MadeForm<TRead, T>(
    string allowed, string example, Func<Form<TRead>> form, Func<TRead, YamlNode, Action<YamlPosition, string>, T> make)
    : Form<T>(allowed, example)
{
    public override ImmutableArray<Field> Fields => form().Fields;

    public override Form? Item => form().Item;

    public override bool TryRead(YamlNode node, string subject, Action<YamlPosition, string> report, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        if (!form().TryRead(node, subject, report, out TRead? read))
            return false;
        bool isRight = true;
        value = make(read, node, (position, message) =>
        {
            isRight = false;
            report(position, message);
        });
        return isRight;
    }
}
