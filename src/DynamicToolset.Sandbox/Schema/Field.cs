using System.Text.Json.Nodes;

namespace DynamicToolset.Sandbox.Schema;

/// <summary>One field of an object.</summary>
/// <param name="Number">In the protobuf form; 0 where there is none.</param>
/// <param name="Always">The field is part of every object, even when empty, so nobody comes to own it as such.</param>
/// <param name="Default">The text that server-side apply assumes in a key of an associative list.</param>
internal sealed record Field(string Name, int Number, FieldSchema Schema, bool Always = false, string? Default = null)
{
    public JsonNode? DefaultNode => Default is null ? null : JsonValue.Create(Default);
}
