using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace DynamicToolset.Yaml;

/// <summary>
/// Reads JSON (RFC 8259) into the same nodes as YAML. JSON is nearly a part of YAML, but not quite: it may be indented with tabs, and
/// programs write it tens of megabytes long.
/// </summary>
internal static class JsonTextReader
{
    /// <summary>Null where the text is not JSON; several values after one another are several documents.</summary>
    /// <exception cref="TooManyNodesException">There are more nodes than may be.</exception>
    public static ImmutableArray<YamlNode>? TryRead(string text, NodeCounter nodes)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { AllowMultipleValues = true, MaxDepth = YamlReader.DeepestNesting });
        var composer = new Composer(bytes, nodes);
        long before = nodes.Count;
        try
        {
            var documents = ImmutableArray.CreateBuilder<YamlNode>();
            while (reader.Read())
                documents.Add(composer.Compose(ref reader));
            return documents.ToImmutable();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // An InvalidOperationException is a string with half a surrogate pair. Whoever reads it as YAML counts from the start.
            nodes.Count = before;
            return null;
        }
    }

    private sealed class Composer(byte[] bytes, NodeCounter nodes)
    {
        private int _index;
        private int _line = 1;
        private int _column = 1;

        public YamlNode Compose(ref Utf8JsonReader reader)
        {
            YamlPosition position = PositionOf(reader.TokenStartIndex);
            nodes.Add(position);
            return reader.TokenType switch
            {
                JsonTokenType.StartObject => ComposeMapping(ref reader, position),
                JsonTokenType.StartArray => ComposeSequence(ref reader, position),
                JsonTokenType.String => new YamlNode.Scalar(reader.GetString() ?? "", IsPlain: false, position),
                _ => new YamlNode.Scalar(Encoding.UTF8.GetString(reader.ValueSpan), IsPlain: true, position),
            };
        }

        private YamlNode.Mapping ComposeMapping(ref Utf8JsonReader reader, YamlPosition position)
        {
            var entries = ImmutableArray.CreateBuilder<YamlEntry>();
            var seen = new HashSet<string>(StringComparer.Ordinal);
            while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
            {
                YamlPosition keyPosition = PositionOf(reader.TokenStartIndex);
                nodes.Add(keyPosition);
                string key = reader.GetString() ?? "";
                if (!seen.Add(key))
                    throw new JsonException("A key is there twice.");
                reader.Read();
                entries.Add(new YamlEntry(key, keyPosition, Compose(ref reader)));
            }

            return new YamlNode.Mapping(entries.ToImmutable(), position);
        }

        private YamlNode.Sequence ComposeSequence(ref Utf8JsonReader reader, YamlPosition position)
        {
            var items = ImmutableArray.CreateBuilder<YamlNode>();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                items.Add(Compose(ref reader));
            return new YamlNode.Sequence(items.ToImmutable(), position);
        }

        /// <summary>Tokens come in order, so the text is walked once: a file may be one line of many megabytes.</summary>
        private YamlPosition PositionOf(long tokenStart)
        {
            ReadOnlySpan<byte> passed = bytes.AsSpan(_index, (int)tokenStart - _index);
            int lastBreak = passed.LastIndexOf((byte)'\n');
            if (lastBreak >= 0)
            {
                _line += passed.Count((byte)'\n');
                _column = 1;
                passed = passed[(lastBreak + 1)..];
            }

            _column += Encoding.UTF8.GetCharCount(passed);
            _index = (int)tokenStart;
            return new YamlPosition(_line, _column);
        }
    }
}
