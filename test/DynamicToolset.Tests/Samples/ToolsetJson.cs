using System.Diagnostics;
using System.Text.Json.Nodes;
using DynamicToolset.Values;
using DynamicToolset.Yaml;

namespace DynamicToolset.Tests.Samples;

/// <summary>What we understand a text to mean, in the form in which it is compared with what another parser understands.</summary>
internal static class ToolsetJson
{
    public static JsonNode? Read(string yaml)
    {
        YamlReading reading = YamlReader.Read(yaml);
        Assert.Null(reading.Problem);
        return reading.Documents.IsEmpty ? null : Of(ToolsetValueReader.Read(Assert.Single(reading.Documents)));
    }

    public static JsonNode? Of(ToolsetValue value) => value switch
    {
        ToolsetValue.Text text => JsonValue.Create(text.Value),
        ToolsetValue.Number number => JsonNode.Parse(number.Digits),
        ToolsetValue.Flag flag => JsonValue.Create(flag.Value),
        ToolsetValue.Nothing => null,
        ToolsetValue.List list => new JsonArray([.. list.Items.Select(Of)]),
        ToolsetValue.Map map => new JsonObject(map.Entries.Select(e => KeyValuePair.Create(e.Key, Of(e.Value)))),
        _ => throw new UnreachableException(),
    };
}
