using System.Globalization;
using System.Text.Json.Nodes;
using DynamicToolset.Manifests;
using DynamicToolset.Yaml;

namespace DynamicToolset.Sandbox.Json;

/// <summary>
/// Reads YAML as JSON, with the scalars of the YAML 1.2 core schema and the whole numbers of YAML 1.1. The API server still reads YAML 1.1, where a
/// plain <c>y</c> or <c>no</c> is a boolean too; clients quote those.
/// </summary>
internal static class YamlJson
{
    /// <summary>
    /// What in a JSON text is no YAML 1.1, though any reader of JSON takes it: half a character as an escape, which Go's reader does not join
    /// with the other half, and an escaped slash. Null where there is neither.
    /// </summary>
    /// <param name="json">Valid.</param>
    public static string? FindForeignEscape(ReadOnlySpan<byte> json)
    {
        for (int index = json.IndexOf((byte)'\\'); index >= 0 && index < json.Length; index++)
        {
            if (json[index] != '\\')
                continue;

            index++;
            if (json[index] == '/')
                return "found unknown escape character";

            if (json[index] == 'u' && json[index + 1] is (byte)'d' or (byte)'D' && json[index + 2] is not (>= (byte)'0' and <= (byte)'7'))
                return "found invalid Unicode character escape code";
        }

        return null;
    }

    public static JsonNode? ToJson(YamlNode node) => node switch
    {
        YamlNode.Mapping mapping => new JsonObject(mapping.Entries.Select(entry => KeyValuePair.Create(entry.Key, ToJson(entry.Value)))),
        YamlNode.Sequence sequence => new JsonArray([.. sequence.Items.Select(ToJson)]),
        YamlNode.Scalar { IsNull: true } => null,
        YamlNode.Scalar { IsPlain: true } scalar => ManifestScalar.IntegerIn(scalar) is int number ? JsonValue.Create(number) : ReadPlain(scalar.Text),
        YamlNode.Scalar scalar => JsonValue.Create(scalar.Text),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static JsonValue ReadPlain(string text)
    {
        if (text is "true" or "True" or "TRUE" or "false" or "False" or "FALSE")
            return JsonValue.Create(text[0] is 't' or 'T');

        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole))
            return JsonValue.Create(whole);

        bool looksNumeric = text[0] is (>= '0' and <= '9') or '-' or '+' or '.';
        return looksNumeric && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? JsonValue.Create(number)
            : JsonValue.Create(text);
    }
}
