using System.Buffers;
using System.Text.Json;
using DynamicToolset.Kubernetes.Serialization;

namespace DynamicToolset.Kubernetes.Client;

/// <summary>The body of one watch: JSON objects one after another, for as long as the API server keeps it open.</summary>
internal sealed class WatchStream<T> : IAsyncDisposable
    where T : class
{
    /// <summary>
    /// Longer than the time that was asked of the API server by this much: then it is silent although it should have ended the watch, and
    /// the connection is given up.
    /// </summary>
    public static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    private readonly KubeCall _call;
    private readonly string _route;
    private readonly Projection<T> _projection;
    private readonly StringCache _strings;
    private readonly HttpResponseMessage _response;
    private readonly JsonSource _source;
    private readonly TimeSpan _patience;
    private readonly TimeProvider _time;

    public WatchStream(
        KubeCall call, string route, Projection<T> projection, StringCache strings, HttpResponseMessage response, JsonSource source, TimeSpan patience, TimeProvider time)
    {
        _call = call;
        _route = route;
        _projection = projection;
        _strings = strings;
        _response = response;
        _source = source;
        _patience = patience;
        _time = time;
    }

    /// <summary>The next event; null where the API server has ended the watch between two events.</summary>
    /// <exception cref="KubeApiException">An ERROR event, an end inside an event, silence, or a fault of the connection.</exception>
    public async ValueTask<WatchEvent<T>?> NextAsync(CancellationToken cancellation)
    {
        using var silence = new CancellationTokenSource(_patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, silence.Token);
        try
        {
            return await _source.ReadValueAsync(either.Token) is { } json ? Parse(json) : null;
        }
        catch (Exception e) when (KubeFaults.IsFault(e, cancellation))
        {
            throw KubeFaults.Wrap(e, _call, _route);
        }
    }

    public async ValueTask DisposeAsync()
    {
        using (_response)
            await _source.CompleteAsync();
    }

    private WatchEvent<T> Parse(in ReadOnlySequence<byte> json)
    {
        string type = "";
        ReadOnlySequence<byte> item = default;
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (JsonObjects.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("type"u8))
                type = JsonObjects.Text(ref reader, _strings);
            else if (reader.ValueTextEquals("object"u8))
                item = Value(ref reader, json);
            else
                JsonObjects.SkipValue(ref reader);
        }

        return type switch
        {
            "ADDED" => Changed(WatchEventKind.Added, item),
            "MODIFIED" => Changed(WatchEventKind.Modified, item),
            "DELETED" => Changed(WatchEventKind.Deleted, item),
            "BOOKMARK" => new WatchEvent<T>(WatchEventKind.Bookmark, null, VersionOf(item)),
            "ERROR" => throw KubeApiException.FromStatus(_call, KubeStatus.Parse(item) ?? throw new JsonException("an ERROR event without a Status")),
            _ => throw new JsonException("an event of no known type"),
        };
    }

    private WatchEvent<T> Changed(WatchEventKind kind, in ReadOnlySequence<byte> json)
    {
        T item = _projection.Read(json);
        return new WatchEvent<T>(kind, item, _projection.VersionOf(item));
    }

    private string VersionOf(in ReadOnlySequence<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        return ObjectMetadata.ReadVersion(ref reader, _strings);
    }

    private static ReadOnlySequence<byte> Value(ref Utf8JsonReader reader, in ReadOnlySequence<byte> json)
    {
        reader.Read();
        long start = reader.TokenStartIndex;
        reader.Skip();
        return json.Slice(start, reader.BytesConsumed - start);
    }
}
