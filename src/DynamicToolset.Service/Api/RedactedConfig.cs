using System.Text.Json.Nodes;
using DynamicToolset.Values;

namespace DynamicToolset.Service.Api;

/// <summary>A toolset's configuration as it may be shown.</summary>
internal sealed class RedactedConfig : IRedactor
{
    private const string Redacted = "<redacted>";

    private static readonly RedactedConfig Mask = new();

    public static JsonObject Of(ToolsetValue.Map config) => OfMap(Redaction.Of(config, Mask));

    public ToolsetValue Value(ToolsetValue secret) => new ToolsetValue.Text(Redacted);

    public string Text(string secret) => Redacted;

    private static JsonObject OfMap(ToolsetValue.Map map)
    {
        var shown = new JsonObject();
        foreach ((string key, ToolsetValue value) in map.Entries)
            shown[key] = Json(value);
        return shown;
    }

    private static JsonNode? Json(ToolsetValue value) => value switch
    {
        ToolsetValue.Map map => OfMap(map),
        ToolsetValue.List list => new JsonArray([.. list.Items.Select(Json)]),
        ToolsetValue.Text { Value: var text } => text,
        ToolsetValue.Nothing => null,
        ToolsetValue.Flag { Value: var flag } => flag,
        // As it is written, and not as a double would have it.
        ToolsetValue.Number { Digits: var digits } => JsonNode.Parse(digits),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
