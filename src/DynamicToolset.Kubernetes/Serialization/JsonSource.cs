using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using DynamicToolset.Messages;

namespace DynamicToolset.Kubernetes.Serialization;

/// <summary>
/// Reads JSON as it arrives, token by token or value by value, so that of a list of any length only one item is held at a time.
/// Every wait is asynchronous and ends with the token. Bytes may arrive in pieces of any size; none is scanned twice for
/// the end of a value. Several values may follow each other, as the lines of a watch do. What is held has a bound, of whatever length
/// the values are.
/// </summary>
internal sealed class JsonSource(PipeReader pipe)
{
    private static readonly JsonReaderOptions Options = new() { AllowMultipleValues = true, MaxDepth = 128 };

    private ReadOnlySequence<byte> _unread;
    private JsonReaderState _state = new(Options);
    private Scan _rest;
    private bool _filled;
    private bool _ended;

    /// <summary>The name just read, when the last token was a property name.</summary>
    public string Name { get; private set; } = "";

    public static JsonSource Over(Stream stream) =>
        new(PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 16 * 1024, leaveOpen: true)));

    /// <summary>Gives the buffers back; what was read from here must not be used afterwards.</summary>
    public ValueTask CompleteAsync() => pipe.CompleteAsync();

    /// <summary>The next token, consumed; <see cref="JsonTokenType.None"/> where the input ends between two values.</summary>
    /// <exception cref="JsonException">The input is no JSON.</exception>
    /// <exception cref="AnswerTooLargeException">The token is beyond <see cref="AnswerBounds.Token"/>.</exception>
    /// <exception cref="EndOfStreamException">The input ends inside a value.</exception>
    public async ValueTask<JsonTokenType> ReadTokenAsync(CancellationToken cancellation)
    {
        while (true)
        {
            if (TryReadToken(out JsonTokenType type))
                return type;
            await FillAsync(AnswerBounds.Token, cancellation);
        }
    }

    /// <summary>
    /// The whole of the next value, to be parsed before anything else is read from here; null where the enclosing array, or
    /// the input, ends instead.
    /// </summary>
    /// <exception cref="JsonException">The input is no JSON.</exception>
    /// <exception cref="AnswerTooLargeException">The value is longer than that.</exception>
    /// <exception cref="EndOfStreamException">The input ends inside a value.</exception>
    public async ValueTask<ReadOnlySequence<byte>?> ReadValueAsync(Bound longest, CancellationToken cancellation)
    {
        JsonPiece? piece = await ReadPieceAsync(longest.Most, cancellation);
        return piece is { IsWhole: false } ? throw new AnswerTooLargeException(longest) : piece?.Json;
    }

    /// <summary>
    /// The same, or the beginning of a value that is longer than that. After a beginning, and after it was parsed,
    /// <see cref="SkipRestAsync"/> leads to the next value.
    /// </summary>
    /// <exception cref="JsonException">The input is no JSON.</exception>
    /// <exception cref="EndOfStreamException">The input ends inside a value.</exception>
    public async ValueTask<JsonPiece?> ReadPieceAsync(long longest, CancellationToken cancellation)
    {
        var scan = new Scan { State = _state };
        while (true)
        {
            if (TryScan(ref scan, out ReadOnlySequence<byte>? value))
                return value is { } json ? new JsonPiece(json, json.Length <= longest) : null;
            bool hasBegun = scan.Depth > 0;
            if (hasBegun && _unread.Length > longest)
                break;
            await FillAsync(hasBegun ? null : AnswerBounds.Token, cancellation);
        }

        _rest = scan;
        return new JsonPiece(_unread.Slice(scan.Start, scan.Offset - scan.Start), IsWhole: false);
    }

    /// <summary>Follows a value, of which a beginning was read, to its end, and holds nothing of it.</summary>
    /// <exception cref="JsonException">The input is no JSON.</exception>
    /// <exception cref="AnswerTooLargeException">A token is beyond <see cref="AnswerBounds.Token"/>.</exception>
    /// <exception cref="EndOfStreamException">The input ends inside a value.</exception>
    public async ValueTask SkipRestAsync(CancellationToken cancellation)
    {
        while (_rest.Depth > 0 && !TryScan(ref _rest, out _))
        {
            Consume(_rest.Offset, _rest.State);
            _rest.Offset = _rest.Start = 0;
            await FillAsync(AnswerBounds.Token, cancellation);
        }

        _rest = default;
    }

    private bool TryReadToken(out JsonTokenType type)
    {
        var reader = new Utf8JsonReader(_unread, isFinalBlock: false, _state);
        if (!reader.Read())
        {
            type = JsonTokenType.None;
            return IsEnd(ref reader);
        }

        type = reader.TokenType;
        Name = type == JsonTokenType.PropertyName ? JsonObjects.Characters(ref reader) : "";
        Consume(reader.BytesConsumed, reader.CurrentState);
        return true;
    }

    private bool TryScan(ref Scan scan, out ReadOnlySequence<byte>? value)
    {
        value = null;
        var reader = new Utf8JsonReader(_unread.Slice(scan.Offset), isFinalBlock: false, scan.State);
        while (reader.Read())
        {
            if (!scan.Begun)
                scan.Begin(scan.Offset + reader.TokenStartIndex);
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                scan.Depth++;
            else if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
                scan.Depth--;
            if (scan.Depth > 0)
                continue;
            long end = scan.Offset + reader.BytesConsumed;
            if (scan.Depth == 0)
                value = _unread.Slice(scan.Start, end - scan.Start);
            Consume(end, reader.CurrentState);
            return true;
        }

        scan.Offset += reader.BytesConsumed;
        scan.State = reader.CurrentState;
        return IsEnd(ref reader);
    }

    // True at a clean end. The reader is never told that a block is the last one: it would take "12" cut off from "123" for a number.
    private bool IsEnd(ref Utf8JsonReader reader)
    {
        if (!_ended)
            return false;
        bool insideValue = reader.CurrentDepth > 0 || !IsBlank(_unread);
        return insideValue ? throw new EndOfStreamException("the input ends inside a value") : true;
    }

    private static bool IsBlank(ReadOnlySequence<byte> rest)
    {
        foreach (ReadOnlyMemory<byte> segment in rest)
        {
            if (segment.Span.ContainsAnyExcept(" \t\r\n"u8))
                return false;
        }

        return true;
    }

    private void Consume(long length, JsonReaderState state)
    {
        _unread = _unread.Slice(length);
        _state = state;
    }

    /// <param name="longest">What may wait unread; null where the caller has seen to it.</param>
    private async ValueTask FillAsync(Bound? longest, CancellationToken cancellation)
    {
        if (_unread.Length > longest?.Most)
            throw new AnswerTooLargeException(longest);
        if (_filled)
            pipe.AdvanceTo(_unread.Start, _unread.End);
        ReadResult result = await pipe.ReadAsync(cancellation);
        _filled = true;
        _unread = result.Buffer;
        _ended = result.IsCompleted;
    }

    private struct Scan
    {
        public JsonReaderState State;
        public long Offset;
        public long Start;
        public int Depth;
        public bool Begun;

        public void Begin(long start)
        {
            Start = start;
            Begun = true;
        }
    }
}
