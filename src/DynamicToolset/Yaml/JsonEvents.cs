using System.Text;
using System.Text.Json;
using SharpYaml;
using SharpYaml.Events;

namespace DynamicToolset.Yaml;

/// <summary>
/// Reads JSON (RFC 8259) as it comes, as the events of YAML. JSON is nearly a part of YAML, but not quite: it may be indented with tabs, and programs
/// write it tens of megabytes long. Several values after one another are several documents.
/// </summary>
/// <param name="beginning">Begins with a value.</param>
/// <param name="rest">What follows.</param>
internal sealed class JsonEvents(ReadOnlyMemory<char> beginning, TextReader rest, int line, int column) : IParser
{
    private const int Block = 4 * 1024;
    private static readonly JsonReaderOptions Options = new() { AllowMultipleValues = true, MaxDepth = YamlReader.DeepestNesting + 1 };

    private readonly Encoder _encoder = Encoding.UTF8.GetEncoder();
    private readonly char[] _chars = new char[Block];
    private byte[] _bytes = new byte[4 * Block];
    private int _next;
    private int _counted;
    private int _end;
    private bool _isAtEnd;
    private JsonReaderState _state = new(Options);
    private int _line = line;
    private int _column = column;

    public ParsingEvent? Current { get; private set; }

    /// <summary>No value was read as a whole yet, so that the text may be read otherwise.</summary>
    public bool IsFirst { get; private set; } = true;

    /// <summary>It is no JSON, or none that ends.</summary>
    public bool IsBroken { get; private set; }

    /// <exception cref="YamlProblemException">It is no JSON.</exception>
    public bool MoveNext()
    {
        while (true)
        {
            var reader = new Utf8JsonReader(_bytes.AsSpan(_next, _end - _next), _isAtEnd, _state);
            if (TryRead(ref reader))
            {
                Current = EventOf(ref reader);
                IsFirst &= reader.CurrentDepth > 0 || reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray;
                MoveTo(_next + (int)reader.BytesConsumed);
                _state = reader.CurrentState;
                return true;
            }

            if (_isAtEnd)
                return false;
            Fill();
        }
    }

    /// <summary>After a fault: to the next line that begins with a value, as programs write them one below the other. False where there is none.</summary>
    public bool MoveToNextValue()
    {
        IsFirst = false;
        _state = new JsonReaderState(Options);
        while (true)
        {
            int found = _bytes.AsSpan(_next, _end - _next).IndexOf("\n{"u8);
            if (found >= 0)
            {
                MoveTo(_next + found + 1);
                return true;
            }

            if (_isAtEnd)
                return false;
            MoveTo(Math.Max(_next, _end - 1));
            Fill();
        }
    }

    private bool TryRead(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.Read();
        }
        catch (JsonException e)
        {
            throw Broken(CountTo(_next + (int)reader.BytesConsumed), ReasonOf(e));
        }
    }

    private string ReasonOf(JsonException e)
    {
        if (e.Message.Contains("depth", StringComparison.Ordinal))
            return YamlFaults.TooDeep;
        return _isAtEnd && _end - _next < 2
            ? "The JSON is incomplete: was it cut off?"
            : "From here on this is not JSON: look for a comma, a quote or a bracket that is missing or too many";
    }

    private ParsingEvent EventOf(ref Utf8JsonReader reader)
    {
        YamlPosition position = CountTo(_next + (int)reader.TokenStartIndex);
        var place = new Mark(0, position.Line - 1, position.Column - 1);
        return reader.TokenType switch
        {
            JsonTokenType.StartObject => new MappingStart(null, null, true, YamlStyle.Flow, place, place),
            JsonTokenType.EndObject => new MappingEnd(place, place),
            JsonTokenType.StartArray => new SequenceStart(null, null, true, YamlStyle.Flow, place, place),
            JsonTokenType.EndArray => new SequenceEnd(place, place),
            JsonTokenType.String or JsonTokenType.PropertyName => ScalarOf(TextOf(ref reader, position), ScalarStyle.DoubleQuoted, place),
            _ => ScalarOf(Encoding.UTF8.GetString(reader.ValueSpan), ScalarStyle.Plain, place),
        };
    }

    private static Scalar ScalarOf(string text, ScalarStyle style, Mark place) => new(null, null, text, style, true, true, place, place);

    private string TextOf(ref Utf8JsonReader reader, YamlPosition place)
    {
        try
        {
            return reader.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            throw Broken(place, YamlFaults.NoCharacter);
        }
    }

    private YamlProblemException Broken(YamlPosition place, string why)
    {
        IsBroken = true;
        return new YamlProblemException(new YamlProblem(place, why));
    }

    /// <summary>Tokens come in order, so the text is walked once: a file may be one line of many megabytes.</summary>
    private YamlPosition CountTo(int index)
    {
        for (; _counted < index; _counted++)
        {
            byte b = _bytes[_counted];
            if (EndsLine(_counted))
                (_line, _column) = (_line + 1, 0);
            else if (b == '\n')
                _column = 0;
            else if ((b & 0xC0) != 0x80)
                _column += b >= 0xF0 ? 2 : 1;
        }

        return new YamlPosition(_line + 1, _column + 1);
    }

    /// <summary>As the reader of YAML has it; the two bytes of one break count once.</summary>
    private bool EndsLine(int index) => _bytes[index] switch
    {
        (byte)'\r' => true,
        (byte)'\n' => index == 0 || _bytes[index - 1] != '\r',
        0x85 => index > 0 && _bytes[index - 1] == 0xC2,
        0xA8 or 0xA9 => index > 1 && _bytes[index - 1] == 0x80 && _bytes[index - 2] == 0xE2,
        _ => false,
    };

    private void MoveTo(int index)
    {
        CountTo(index);
        _next = index;
    }

    private void Fill()
    {
        _bytes.AsSpan(_next, _end - _next).CopyTo(_bytes);
        (_next, _end, _counted) = (0, _end - _next, 0);
        // One more than is read: of the characters before, the encoder may still have half of one.
        if (_bytes.Length - _end < 3 * (Block + 1))
            Array.Resize(ref _bytes, _bytes.Length * 2);
        int read = Math.Min(beginning.Length, Block);
        beginning.Span[..read].CopyTo(_chars);
        beginning = beginning[read..];
        if (read == 0)
            read = rest.Read(_chars, 0, Block);
        _isAtEnd = read == 0;
        _end += _encoder.GetBytes(_chars.AsSpan(0, read), _bytes.AsSpan(_end), flush: _isAtEnd);
    }
}
