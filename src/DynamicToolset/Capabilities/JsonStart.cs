using System.Collections.Immutable;
using System.Text.Json;

namespace DynamicToolset.Capabilities;

/// <summary>
/// Reads the beginning of a JSON text, wherever it is cut off. A stranger wrote it: nothing in it throws, and its depth and number have bounds.
/// </summary>
internal static class JsonStart
{
    private const int Deepest = 16;

    /// <summary>After this many items the rest is not read.</summary>
    private const int MostItems = 1000;

    /// <summary>The texts of the list that the map has under a key, as far as they are there; null where this is no map.</summary>
    public static ImmutableArray<string>? Texts(ReadOnlySpan<byte> json, string key)
    {
        Utf8JsonReader reader = New(json);
        try
        {
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject ? TextsOf(ref reader, key) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Of a list of maps the texts under these two keys, of each map that is whole; null where this is no list.</summary>
    public static ImmutableArray<(string? First, string? Second)>? Pairs(ReadOnlySpan<byte> json, string first, string second)
    {
        Utf8JsonReader reader = New(json);
        try
        {
            return reader.Read() && reader.TokenType == JsonTokenType.StartArray ? PairsOf(ref reader, first, second) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The text that a map in the map has under a key; empty where there is none, null where this is no map.</summary>
    public static string? Text(ReadOnlySpan<byte> json, string key, string innerKey)
    {
        Utf8JsonReader reader = New(json);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return null;
            bool isThere = GoTo(ref reader, key) && reader.Read() && reader.TokenType == JsonTokenType.StartObject
                && GoTo(ref reader, innerKey) && reader.Read() && reader.TokenType == JsonTokenType.String;
            return isThere ? TextOf(ref reader) ?? "" : "";
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>
    /// The whole lines of the text that a map in the map has under a key, as in <c>{"data":{"yaml":"…"}}</c>; null where there is none. The text may go on
    /// behind what was read.
    /// </summary>
    public static string? Lines(ReadOnlySpan<byte> json, string key, string innerKey)
    {
        Utf8JsonReader reader = New(json);
        try
        {
            bool isThere = reader.Read() && reader.TokenType == JsonTokenType.StartObject && GoTo(ref reader, key)
                && reader.Read() && reader.TokenType == JsonTokenType.StartObject && GoTo(ref reader, innerKey);
            return isThere ? LinesOf(json[(int)reader.BytesConsumed..]) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Utf8JsonReader New(ReadOnlySpan<byte> json) =>
        new(json, isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = Deepest }));

    private static ImmutableArray<string> TextsOf(ref Utf8JsonReader reader, string key)
    {
        if (!GoTo(ref reader, key) || !reader.Read() || reader.TokenType != JsonTokenType.StartArray)
            return [];
        var texts = ImmutableArray.CreateBuilder<string>();
        while (texts.Count < MostItems && reader.Read() && reader.TokenType == JsonTokenType.String)
        {
            if (TextOf(ref reader) is { } text)
                texts.Add(text);
        }

        return texts.ToImmutable();
    }

    private static ImmutableArray<(string? First, string? Second)> PairsOf(ref Utf8JsonReader reader, string first, string second)
    {
        var pairs = ImmutableArray.CreateBuilder<(string?, string?)>();
        while (pairs.Count < MostItems && reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            (string? First, string? Second) pair = default;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool isFirst = reader.ValueTextEquals(first), isSecond = reader.ValueTextEquals(second);
                if (!reader.Read())
                    break;
                string? text = reader.TokenType == JsonTokenType.String ? TextOf(ref reader) : null;
                pair = (isFirst ? text : pair.First, isSecond ? text : pair.Second);
                if (!reader.TrySkip())
                    break;
            }

            if (reader.TokenType == JsonTokenType.EndObject)
                pairs.Add(pair);
        }

        return pairs.ToImmutable();
    }

    /// <param name="rest">Begins between a key and its value.</param>
    private static string? LinesOf(ReadOnlySpan<byte> rest)
    {
        int start = rest.IndexOf((byte)'"');
        if (start < 0 || rest[..start].ContainsAnyExcept(" \t\r\n:"u8))
            return null;
        rest = rest[start..];
        int end = 1, wholeLines = 1;
        while (end < rest.Length && rest[end] != '"')
        {
            bool isBreak = rest[end..].StartsWith("\\n"u8);
            end += rest[end] == '\\' ? 2 : 1;
            if (isBreak)
                wholeLines = end;
        }

        var lines = new Utf8JsonReader([.. rest[..wholeLines], (byte)'"']);
        return lines.Read() ? TextOf(ref lines) : null;
    }

    /// <summary>To the key of the map that the reader is in, over everything before it.</summary>
    private static bool GoTo(ref Utf8JsonReader reader, string key)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals(key))
                return true;
            if (!reader.Read() || !reader.TrySkip())
                return false;
        }

        return false;
    }

    /// <summary>Null for half a surrogate, which JSON can write and no text can hold.</summary>
    private static string? TextOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
