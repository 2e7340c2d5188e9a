using System.Buffers;
using System.Text.Json;

namespace DynamicToolset.Kubernetes.Serialization;

/// <summary>What a page of a list says beside its items.</summary>
/// <param name="Continue">The token of the next page; null at the last one.</param>
internal sealed record ListPage(string ResourceVersion, string? Continue)
{
    /// <summary>Hands the items of one page to <paramref name="keep"/>, each as soon as it is there.</summary>
    /// <exception cref="JsonException">Not such a list: an empty object from a stranger must not count as an empty list.</exception>
    /// <exception cref="EndOfStreamException">The page ended early.</exception>
    public static async Task<ListPage> ReadAsync<T>(JsonSource source, Projection<T> projection, Action<T> keep, CancellationToken cancellation)
        where T : class
    {
        string kind = "";
        var page = new ListPage("", null);
        await ExpectAsync(source, JsonTokenType.StartObject, cancellation);
        while (await source.ReadTokenAsync(cancellation) == JsonTokenType.PropertyName)
        {
            string name = source.Name;
            if (name == "items")
                await ReadItemsAsync(source, projection, keep, cancellation);
            else if (await source.ReadValueAsync(AnswerBounds.ListMetadata, cancellation) is { } value)
                (kind, page) = name switch { "kind" => (ReadText(value), page), "metadata" => (kind, ReadMetadata(value)), _ => (kind, page) };
        }

        bool isList = kind == projection.ListKind && page.ResourceVersion.Length > 0;
        return isList ? page : throw new JsonException($"a {projection.ListKind} was expected");
    }

    private static async Task ReadItemsAsync<T>(JsonSource source, Projection<T> projection, Action<T> keep, CancellationToken cancellation)
        where T : class
    {
        JsonTokenType start = await source.ReadTokenAsync(cancellation);
        if (start == JsonTokenType.Null)
            return;
        if (start != JsonTokenType.StartArray)
            throw new JsonException("items that are no array");
        while (await source.ReadPieceAsync(projection.Longest.Most, cancellation) is { } item)
        {
            keep(item.IsWhole ? projection.Read(item.Json) : projection.Refuse(item.Json));
            await source.SkipRestAsync(cancellation);
        }
    }

    private static async Task ExpectAsync(JsonSource source, JsonTokenType expected, CancellationToken cancellation)
    {
        if (await source.ReadTokenAsync(cancellation) != expected)
            throw new JsonException($"{expected} was expected");
    }

    private static string ReadText(in ReadOnlySequence<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        return JsonObjects.Text(ref reader);
    }

    private static ListPage ReadMetadata(in ReadOnlySequence<byte> json)
    {
        string version = "", next = "";
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (JsonObjects.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("resourceVersion"u8))
                version = JsonObjects.Text(ref reader);
            else if (reader.ValueTextEquals("continue"u8))
                next = JsonObjects.Text(ref reader);
            else
                JsonObjects.SkipValue(ref reader);
        }

        return new ListPage(version, next.Length == 0 ? null : next);
    }
}
