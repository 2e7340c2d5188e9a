using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using DynamicToolset.Cluster;
using DynamicToolset.Values;

namespace DynamicToolset.Manifests;

/// <summary>Prints a ConfigMap as a manifest that <c>kubectl apply</c> takes. The order of the data is kept.</summary>
public sealed record ConfigMapManifest(
    ObjectKey Key,
    ImmutableSortedDictionary<string, string> Labels,
    ImmutableSortedDictionary<string, string> Annotations,
    ImmutableArray<KeyValuePair<string, string>> Data)
{
    public string ToYaml()
    {
        var yaml = new StringBuilder("apiVersion: v1\nkind: ConfigMap\nmetadata:\n");
        yaml.Append("  name: ").AppendWord(Key.Name).Append('\n');
        yaml.Append("  namespace: ").AppendWord(Key.Namespace).Append('\n');
        AppendMap(yaml, "labels", Labels);
        AppendMap(yaml, "annotations", Annotations);
        yaml.Append(Data.IsEmpty ? "data: {}\n" : "data:\n");
        foreach ((string key, string text) in Data)
        {
            yaml.Append("  ").AppendWord(key).Append(": ");
            AppendText(yaml, text);
        }

        return yaml.ToString();
    }

    public string ToJson() => PrintedJson.Of(json =>
    {
        json.WriteStartObject();
        json.WriteString("apiVersion", "v1");
        json.WriteString("kind", "ConfigMap");
        json.WriteStartObject("metadata");
        json.WriteString("name", Key.Name);
        json.WriteString("namespace", Key.Namespace);
        WriteMap(json, "labels", Labels);
        WriteMap(json, "annotations", Annotations);
        json.WriteEndObject();
        json.WriteStartObject("data");
        foreach ((string key, string text) in Data)
            json.WriteString(key, text);
        json.WriteEndObject();
        json.WriteEndObject();
    });

    private static void WriteMap(Utf8JsonWriter json, string name, ImmutableSortedDictionary<string, string> map)
    {
        if (map.IsEmpty)
            return;
        json.WriteStartObject(name);
        foreach ((string key, string value) in map)
            json.WriteString(key, value);
        json.WriteEndObject();
    }

    private static void AppendMap(StringBuilder yaml, string name, ImmutableSortedDictionary<string, string> map)
    {
        if (map.IsEmpty)
            return;
        yaml.Append("  ").Append(name).Append(":\n");
        foreach ((string key, string value) in map)
            yaml.Append("    ").AppendQuoted(key).Append(": ").AppendQuoted(value).Append('\n');
    }

    /// <summary>As a literal block where that keeps every byte, else in quotes.</summary>
    private static void AppendText(StringBuilder yaml, string text)
    {
        if (!IsLiteral(text))
        {
            yaml.AppendQuoted(text).Append('\n');
            return;
        }

        bool endsWithBreak = text.EndsWith('\n');
        bool endsWithEmptyLine = text.EndsWith("\n\n", StringComparison.Ordinal);
        yaml.Append(endsWithEmptyLine ? "|+\n" : endsWithBreak ? "|\n" : "|-\n");
        string body = endsWithBreak ? text[..^1] : text;
        foreach (string line in body.Split('\n'))
            yaml.Append(line.Length > 0 ? "    " : "").Append(line).Append('\n');
    }

    /// <summary>
    /// A literal block cannot hold what is not printable, or a carriage return, and would need an indentation indicator where the first
    /// line with text begins with a space.
    /// </summary>
    private static bool IsLiteral(string text)
    {
        string start = text.TrimStart('\n');
        if (start.Length == 0 || start[0] is ' ' or '\t')
            return false;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (rune.Value is not ('\n' or '\t') && !YamlText.IsPrintable(rune.Value))
                return false;
        }

        return true;
    }
}
