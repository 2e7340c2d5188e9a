using System.Text.Json;
using System.Text.Json.Nodes;

namespace DynamicToolset.Sandbox.Json;

/// <summary>Looks at JSON trees without throwing where something else stands than expected.</summary>
internal static class JsonNodeExtensions
{
    /// <summary>The text of a string node; null for anything else.</summary>
    public static string? AsText(this JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    public static string? Text(this JsonObject? parent, string name) => parent?[name].AsText();

    /// <summary>The whole number in a node; null for anything else.</summary>
    public static long? AsNumber(this JsonNode? node) => node is JsonValue value && value.TryGetValue(out long number) ? number : null;

    public static long? Number(this JsonObject? parent, string name) => parent?[name].AsNumber();

    public static bool IsTrue(this JsonObject? parent, string name) =>
        parent?[name] is JsonValue value && value.GetValueKind() == JsonValueKind.True;

    public static JsonObject? Child(this JsonObject? parent, string name) => parent?[name] as JsonObject;

    public static JsonObject ChildOrNew(this JsonObject parent, string name)
    {
        if (parent[name] is JsonObject child)
            return child;

        child = [];
        parent[name] = child;
        return child;
    }

    public static IEnumerable<string> Texts(this JsonObject? parent, string name) =>
        (parent?[name] as JsonArray ?? []).Select(item => item.AsText()).OfType<string>();

    public static IEnumerable<JsonObject> Items(this JsonObject? parent, string name) =>
        (parent?[name] as JsonArray ?? []).OfType<JsonObject>();

    /// <summary>Sets a name that is missing or null.</summary>
    public static void SetDefault(this JsonObject parent, string name, JsonNode value)
    {
        if (parent[name] is null)
            parent[name] = value;
    }

    /// <summary>A copy of the same type.</summary>
    public static JsonObject Copy(this JsonObject source) => source.DeepClone().AsObject();
}
