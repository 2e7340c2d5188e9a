using System.Globalization;
using System.Text.Json.Nodes;

namespace DynamicToolset.Sandbox.Patching;

/// <summary>A place in a JSON value, RFC 6901.</summary>
internal sealed class JsonPointer
{
    private readonly string[] _tokens;

    private JsonPointer(string[] tokens) => _tokens = tokens;

    public bool IsRoot => _tokens.Length == 0;

    public string LastToken => _tokens[^1];

    /// <exception cref="PatchException">The text is neither empty nor begins with a slash.</exception>
    public static JsonPointer Parse(string text)
    {
        if (text.Length > 0 && text[0] != '/')
            throw new PatchException($"\"{text}\" is not a JSON pointer: it must begin with a slash");

        // ~1 before ~0, or ~01 would become a slash.
        return new JsonPointer([.. text.Split('/').Skip(1).Select(token => token
            .Replace("~1", "/", StringComparison.Ordinal)
            .Replace("~0", "~", StringComparison.Ordinal))]);
    }

    /// <summary>The value that holds the place.</summary>
    /// <exception cref="PatchException">There is no such value.</exception>
    public JsonNode FindParent(JsonNode? root)
    {
        JsonNode? node = root;
        foreach (string token in _tokens.Take(_tokens.Length - 1))
            node = Step(node, token);

        return node is JsonObject or JsonArray ? node : throw Missing();
    }

    /// <summary>The value at the place.</summary>
    /// <exception cref="PatchException">There is none.</exception>
    public JsonNode? Find(JsonNode? root) => IsRoot ? root : Step(FindParent(root), LastToken);

    public bool Contains(JsonPointer other) =>
        other._tokens.Length > _tokens.Length && other._tokens.Take(_tokens.Length).SequenceEqual(_tokens);

    /// <summary>The index that a token names in a list; one past the end where <paramref name="forInsert"/> ("-" too).</summary>
    public static int IndexOf(string token, JsonArray items, bool forInsert)
    {
        if (forInsert && token == "-")
            return items.Count;

        bool isIndex = int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out int index)
            && (token.Length == 1 || token[0] != '0');
        int limit = forInsert ? items.Count : items.Count - 1;
        return isIndex && index <= limit ? index : throw new PatchException($"there is no place \"{token}\" in a list of {items.Count}");
    }

    private JsonNode? Step(JsonNode? node, string token) => node switch
    {
        JsonObject members when members.TryGetPropertyValue(token, out JsonNode? member) => member,
        JsonArray items => items[IndexOf(token, items, forInsert: false)],
        _ => throw Missing(),
    };

    private PatchException Missing() => new($"the path /{string.Join('/', _tokens)} does not exist");
}
