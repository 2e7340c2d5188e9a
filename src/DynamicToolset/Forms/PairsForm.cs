using System.Collections.Immutable;
using DynamicToolset.Yaml;

namespace DynamicToolset.Forms;

/// <summary>A map with free keys and values of one form.</summary>
/// <param name="allowed">What it is: <c>a map of labels</c>.</param>
/// <param name="problemOfKey">Null for a key that is right; else what is wrong with it, as a sentence.</param>
internal sealed class PairsForm<T>(string allowed, Form<T> item, string exampleKey, Func<string, string?> problemOfKey)
    : Form<ImmutableArray<KeyValuePair<string, T>>>(allowed, $"{{{exampleKey}: {item.Example}}}")
{
    public string ExampleKey => exampleKey;

    public override Form Item => item;

    public override bool TryRead(
        YamlNode node, string subject, Action<YamlPosition, string> report, out ImmutableArray<KeyValuePair<string, T>> value)
    {
        if (node is not YamlNode.Mapping map)
            return Refuse(node, subject, report, out value);
        var read = ImmutableArray.CreateBuilder<KeyValuePair<string, T>>();
        foreach (YamlEntry entry in map.Entries)
        {
            if (problemOfKey(entry.Key) is { } problem)
                report(entry.KeyPosition, problem);
            else if (item.TryRead(entry.Value, $"a value of {subject}", report, out T? made))
                read.Add(KeyValuePair.Create(entry.Key, made));
        }

        value = read.ToImmutable();
        return read.Count == map.Entries.Length;
    }
}
