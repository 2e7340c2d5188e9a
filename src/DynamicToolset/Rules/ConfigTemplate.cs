using System.Text;
using DynamicToolset.Cluster;
using DynamicToolset.Values;
using DynamicToolset.Yaml;

namespace DynamicToolset.Rules;

/// <summary>
/// Fills a type's configuration in. It is a tree and not a text: what is filled in stays one value, whatever it contains. What stands
/// behind a dollar sign, <c>${…}</c>, is for the reader of the result and never touched.
/// </summary>
public static class ConfigTemplate
{
    /// <summary>A longer key could not be written on one line as YAML wants it (at most 1024 characters, escapes included).</summary>
    private const int LongestKey = 128;

    private const string Known = "{endpoint.url}, {service.name} and {service.namespace}";

    public static ToolsetValue.Map Fill(ToolsetValue.Map template, EndpointUrl endpoint, ObjectKey service) =>
        new([.. template.Entries.Select(e => KeyValuePair.Create(e.Key, Fill(e.Value, endpoint, service)))]);

    /// <summary>Placeholders that do not exist, and keys that could not be written.</summary>
    public static IEnumerable<YamlProblem> ProblemsOf(YamlNode config) => config switch
    {
        YamlNode.Mapping map => map.Entries.SelectMany(e => e.Key.Length is 0 or > LongestKey
            ? [new YamlProblem(e.KeyPosition, $"a key must have 1 to {LongestKey} characters")]
            : ProblemsOf(e.Value)),
        YamlNode.Sequence list => list.Items.SelectMany(ProblemsOf),
        YamlNode.Scalar scalar when Parts(scalar.Text).Exists(IsUnknown) =>
            [new YamlProblem(scalar.Position, $"unknown placeholder: known are {Known}")],
        _ => [],
    };

    private static ToolsetValue Fill(ToolsetValue value, EndpointUrl endpoint, ObjectKey service) => value switch
    {
        ToolsetValue.Text text => new ToolsetValue.Text(Fill(text.Value, endpoint, service)),
        ToolsetValue.List list => new ToolsetValue.List([.. list.Items.Select(i => Fill(i, endpoint, service))]),
        ToolsetValue.Map map => Fill(map, endpoint, service),
        _ => value,
    };

    private static string Fill(string text, EndpointUrl endpoint, ObjectKey service) => string.Concat(Parts(text).Select(part => part switch
    {
        "{endpoint.url}" => endpoint.ToString(),
        "{service.name}" => service.Name,
        "{service.namespace}" => service.Namespace,
        _ => part,
    }));

    /// <summary>The text in pieces: what looks like a placeholder is a piece of its own, everything else is kept as it is.</summary>
    private static List<string> Parts(string text)
    {
        var parts = new List<string>();
        var rest = new StringBuilder();
        for (int i = 0; i < text.Length; i++)
        {
            int end = text[i] == '{' && (i == 0 || text[i - 1] != '$') ? PlaceholderEnd(text, i) : -1;
            if (end < 0)
            {
                rest.Append(text[i]);
                continue;
            }

            parts.Add(rest.ToString());
            rest.Clear();
            parts.Add(text[i..end]);
            i = end - 1;
        }

        parts.Add(rest.ToString());
        return parts;
    }

    /// <summary>The index behind <c>{word.word}</c>; -1 where there is none at this place.</summary>
    private static int PlaceholderEnd(string text, int start)
    {
        int end = start + 1;
        while (end < text.Length && (char.IsAsciiLetterLower(text[end]) || text[end] == '.'))
            end++;
        bool isPlaceholder = end < text.Length && text[end] == '}' && text.AsSpan(start, end - start).Contains('.');
        return isPlaceholder ? end + 1 : -1;
    }

    private static bool IsUnknown(string part) =>
        part.StartsWith('{') && PlaceholderEnd(part, 0) == part.Length && part is not ("{endpoint.url}" or "{service.name}" or "{service.namespace}");
}
