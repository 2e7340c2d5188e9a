using System.Text.Json;
using DynamicToolset.Values;

namespace DynamicToolset.Journal;

/// <summary>A configuration as JSON, with the numbers as they are written.</summary>
internal static class TreeJson
{
    public static void Write(Utf8JsonWriter to, string name, ToolsetValue value)
    {
        to.WritePropertyName(name);
        Write(to, value);
    }

    public static ToolsetValue.Map MapIn(JsonElement element) => ValueIn(element) as ToolsetValue.Map ?? throw new FormatException("a map is expected");

    private static ToolsetValue ValueIn(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object =>
            new ToolsetValue.Map([.. element.EnumerateObject().DistinctBy(f => f.Name).Select(f => KeyValuePair.Create(f.Name, ValueIn(f.Value)))]),
        JsonValueKind.Array => new ToolsetValue.List([.. element.EnumerateArray().Select(ValueIn)]),
        JsonValueKind.String => new ToolsetValue.Text(element.GetString()!),
        JsonValueKind.Number => new ToolsetValue.Number(element.GetRawText()),
        JsonValueKind.True or JsonValueKind.False => new ToolsetValue.Flag(element.GetBoolean()),
        _ => new ToolsetValue.Nothing(),
    };

    private static void Write(Utf8JsonWriter to, ToolsetValue value)
    {
        switch (value)
        {
            case ToolsetValue.Map map:
                to.WriteStartObject();
                foreach ((string key, ToolsetValue entry) in map.Entries)
                    Write(to, key, entry);
                to.WriteEndObject();
                break;
            case ToolsetValue.List list:
                to.WriteStartArray();
                foreach (ToolsetValue item in list.Items)
                    Write(to, item);
                to.WriteEndArray();
                break;
            case ToolsetValue.Text { Value: var text }:
                to.WriteStringValue(text);
                break;
            case ToolsetValue.Number { Digits: var digits }:
                to.WriteRawValue(digits);
                break;
            case ToolsetValue.Flag { Value: var flag }:
                to.WriteBooleanValue(flag);
                break;
            default:
                to.WriteNullValue();
                break;
        }
    }
}
