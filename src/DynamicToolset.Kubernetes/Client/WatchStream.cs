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

    /// <summary>What an event has beside its object, at most.</summary>
    private const int Envelope = 1024;

    private readonly KubeCall _call;
    private readonly string _route;
    private readonly Projection<T> _projection;
    private readonly StringCache _strings;
    private readonly HttpResponseMessage _response;
    private readonly JsonSource _source;
    private readonly TimeSpan _patience;
    private readonly TimeProvider _time;

    public WatchStream(
        KubeCall call,
        string route,
        Projection<T> projection,
        StringCache strings,
        HttpResponseMessage response,
        JsonSource source,
        TimeSpan patience,
        TimeProvider time)
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
            if (await _source.ReadPieceAsync(_projection.Longest.Most + Envelope, either.Token) is not { } piece)
                return null;
            WatchEvent<T> next = piece.IsWhole ? Parse(piece.Json) : ParseBeginning(piece.Json);
            await _source.SkipRestAsync(either.Token);
            return next;
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

    /// <summary>Of an object that is too long to be held. API servers write the type first.</summary>
    private WatchEvent<T> ParseBeginning(in ReadOnlySequence<byte> json)
    {
        string type = "";
        var reader = new Utf8JsonReader(json, isFinalBlock: false, default);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth > 1 || reader.ValueIsEscaped)
                continue;
            if (reader.ValueTextEquals("object"u8) && reader.Read())
                return Refused(type, json.Slice(reader.TokenStartIndex));
            if (reader.ValueTextEquals("type"u8) && reader.Read() && reader.TokenType == JsonTokenType.String)
                type = _strings.Read(ref reader);
        }

        throw new AnswerTooLargeException(_projection.Longest);
    }

    private WatchEvent<T> Refused(string type, in ReadOnlySequence<byte> beginning)
    {
        WatchEventKind kind = type switch
        {
            "ADDED" => WatchEventKind.Added,
            "MODIFIED" => WatchEventKind.Modified,
            "DELETED" => WatchEventKind.Deleted,
            _ => throw new AnswerTooLargeException(_projection.Longest),
        };
        return Changed(kind, _projection.Refuse(beginning));
    }

    private WatchEvent<T> Changed(WatchEventKind kind, in ReadOnlySequence<byte> json) =>
        Changed(kind, json.Length <= _projection.Longest.Most ? _projection.Read(json) : _projection.Refuse(json));

    private WatchEvent<T> Changed(WatchEventKind kind, T item) => new(kind, item, _projection.VersionOf(item));

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
