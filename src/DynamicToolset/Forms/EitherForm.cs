using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using DynamicToolset.Yaml;

namespace DynamicToolset.Forms;

/// <summary>A map, or one value that says the same shorter.</summary>
internal sealed class EitherForm<T>(string allowed, Form<T> shorter, MapForm<T> map) : Form<T>(allowed, map.Example)
{
    public override ImmutableArray<Field> Fields => map.Fields;

    public override bool TryRead(YamlNode node, string subject, Action<YamlPosition, string> report, [MaybeNullWhen(false)] out T value) => node switch
    {
        YamlNode.Mapping => map.TryRead(node, subject, report, out value),
        _ when shorter.TryRead(node, subject, static (_, _) => { }, out value) => true,
        _ => Refuse(node, subject, report, out value),
    };
}
