using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using DynamicToolset.Messages;
using DynamicToolset.Yaml;

namespace DynamicToolset.Forms;

/// <summary>A map with fields that are known, and no others.</summary>
/// <param name="make">
/// Puts the fields together. Is asked where each of them is right, and may refuse them together: what it makes then is dropped.
/// </param>
internal sealed class MapForm<T>(string allowed, string example, Func<Fields, Action<string>, T> make, params ImmutableArray<Field> fields)
    : Form<T>(allowed, example)
{
    public override ImmutableArray<Field> Fields => fields;

    public override bool TryRead(YamlNode node, string subject, Action<YamlPosition, string> report, [MaybeNullWhen(false)] out T value)
    {
        if (node is not YamlNode.Mapping map)
            return Refuse(node, subject, report, out value);
        bool isRight = true;
        var read = new Dictionary<Field, object?>();
        foreach (Field field in fields)
        {
            if (map[field.Name] is not { } given)
                isRight &= !field.IsRequired || Told(map.Position, $"the field \"{field.Name}\" is missing");
            else if (field.TryRead(given, report, out object? found))
                read.Add(field, found);
            else
                isRight = false;
        }

        foreach (YamlEntry entry in map.Entries.Where(e => fields.All(f => f.Name != e.Key)))
            isRight = Told(entry.KeyPosition, $"unknown field {QuotedText.Of(entry.Key)}: known are {Names()}");
        value = isRight ? make(new Fields(read), message => isRight = Told(map.Position, message)) : default;
        return isRight;

        string Names() => string.Join(", ", fields.Select(f => f.Name));

        bool Told(YamlPosition position, string message)
        {
            report(position, message);
            return false;
        }
    }
}
