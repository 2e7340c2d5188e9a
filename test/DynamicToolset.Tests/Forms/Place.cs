using DynamicToolset.Forms;
using DynamicToolset.Yaml;

namespace DynamicToolset.Tests.Forms;

/// <summary>One place of a grammar, with a text in which everything else is right.</summary>
/// <param name="Path">For example <c>spec.ports[].number</c>.</param>
/// <param name="Around">Makes that text of what stands at the place; all on one line.</param>
internal sealed record Place(string Path, Form Form, Func<string, string> Around)
{
    /// <summary>Every place there is. What may stand at several is entered at the first of them.</summary>
    /// <param name="around">Makes a text of what stands at the root.</param>
    public static IEnumerable<Place> In(Form root, string path, Func<string, string> around) => Below(root, path, around, []);

    /// <summary>The text with something here, and the column where it begins.</summary>
    public (string Text, int Column) With(string yaml) => (Around(yaml), Around("\u0001").IndexOf('\u0001') + 1);

    private static IEnumerable<Place> Below(Form form, string path, Func<string, string> around, HashSet<Field> entered)
    {
        yield return new Place(path, form, around);
        // Those that stand beside each other come before those that are further down.
        Field[] fields = [.. form.Fields.Where(entered.Add)];
        foreach (Field field in fields)
        {
            foreach (Place place in Below(field.Form, $"{path}.{field.Name}".TrimStart('.'), yaml => around(WithField(form, field.Name, yaml)), entered))
                yield return place;
        }

        foreach (Place place in form.Item is { } item ? Items(form, item, path, around, entered) : [])
            yield return place;
    }

    private static IEnumerable<Place> Items(Form form, Form item, string path, Func<string, string> around, HashSet<Field> entered) => Read(form.Example) is YamlNode.Mapping map
        ? Below(item, $"{path}.{map.Entries[0].Key}", yaml => around($"{{{map.Entries[0].Key}: {yaml}}}"), entered)
        : Below(item, $"{path}[]", yaml => around($"[{yaml}]"), entered);

    /// <summary>The example of the map with this field as its last one.</summary>
    private static string WithField(Form map, string name, string yaml) =>
        $"{{{string.Concat(((YamlNode.Mapping)Read(map.Example)).Entries.Where(e => e.Key != name).Select(e => $"{e.Key}: {Flow(e.Value)}, "))}{name}: {yaml}}}";

    private static YamlNode Read(string example) => YamlReader.Read(example).Documents.Single();

    private static string Flow(YamlNode node) => node switch
    {
        YamlNode.Mapping map => $"{{{string.Join(", ", map.Entries.Select(e => $"{e.Key}: {Flow(e.Value)}"))}}}",
        YamlNode.Sequence list => $"[{string.Join(", ", list.Items.Select(Flow))}]",
        YamlNode.Scalar { IsPlain: true } scalar => scalar.Text,
        _ => $"'{((YamlNode.Scalar)node).Text}'",
    };
}
