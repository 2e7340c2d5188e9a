using System.Text.Json;
using System.Text.Json.Nodes;

namespace DynamicToolset.Service.Tests.Api;

/// <summary>The part of JSON Schema that the description uses: whether a value is of the shape that it says.</summary>
internal sealed class JsonShape(JsonObject description)
{
    /// <summary>What does not fit, with its place; empty where all does.</summary>
    public IEnumerable<string> Problems(JsonNode? value, JsonNode schema, string place)
    {
        if (schema["$ref"]?.GetValue<string>() is { } reference)
            return Problems(value, Resolve(reference), place);
        if (schema["oneOf"] is JsonArray choices)
            return choices.Any(c => !Problems(value, c!, place).Any()) ? [] : [$"{place} fits none of {choices.ToJsonString()}"];
        string[] kinds = KindsIn(schema);
        if (kinds.Length > 0 && !kinds.Contains(KindOf(value)) && !(kinds.Contains("number") && KindOf(value) == "integer"))
            return [$"{place} is {KindOf(value)} and not {string.Join(" or ", kinds)}"];
        return value switch
        {
            JsonObject map => InMap(map, schema, place),
            JsonArray list => list.Index().SelectMany(item => Problems(item.Item, schema["items"] ?? new JsonObject(), $"{place}[{item.Index}]")),
            _ => [],
        };
    }

    private IEnumerable<string> InMap(JsonObject map, JsonNode schema, string place)
    {
        JsonObject properties = schema["properties"] as JsonObject ?? [];
        foreach (JsonNode? required in schema["required"] as JsonArray ?? [])
        {
            if (!map.ContainsKey(required!.GetValue<string>()))
                yield return $"{place}.{required} is missing";
        }

        foreach ((string name, JsonNode? member) in map)
        {
            JsonNode? shape = properties[name] ?? schema["additionalProperties"];
            if (shape is null && properties.Count > 0)
                yield return $"{place}.{name} is not described";
            foreach (string problem in shape is JsonObject ? Problems(member, shape, $"{place}.{name}") : [])
                yield return problem;
        }
    }

    private JsonNode Resolve(string reference) => reference.TrimStart('#', '/').Split('/').Aggregate((JsonNode)description, (node, name) => node[name]!);

    private static string[] KindsIn(JsonNode schema) => schema["type"] switch
    {
        JsonArray several => [.. several.Select(k => k!.GetValue<string>())],
        { } one => [one.GetValue<string>()],
        null => [],
    };

    private static string KindOf(JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => "null",
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        _ => value!.ToJsonString().All(c => char.IsAsciiDigit(c) || c == '-') ? "integer" : "number",
    };
}
