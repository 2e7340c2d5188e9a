using System.Collections.Immutable;
using System.Diagnostics;
using DynamicToolset.Messages;
using SharpYaml;
using SharpYaml.Events;

namespace DynamicToolset.Yaml;

/// <summary>
/// Reads YAML 1.2 (and JSON, which is a part of it) into nodes with positions. Made for text that others write: nesting and the number of
/// nodes are bounded, aliases and duplicate keys are refused, and every failure is a value.
/// </summary>
public static class YamlReader
{
    /// <summary>Nesting beyond this is refused. Kubernetes objects and overrides stay far below.</summary>
    public const int DeepestNesting = 64;

    /// <summary>For every text of which nothing else is said, overrides above all. Half a MiB of overrides, of 2,000 toolsets, has 20,000.</summary>
    public static Bound Nodes { get; } = Bounded("overrides, and any other YAML text", 30_000);

    public static Bound Depth { get; } = new("a YAML text", DeepestNesting, "levels of nesting", "the text is refused");

    /// <summary>Reads all documents of a text, of at most <see cref="Nodes"/>.</summary>
    public static YamlReading Read(string text) => Read(text, Nodes);

    /// <summary>Reads all documents of a text of at most so many nodes.</summary>
    public static YamlReading Read(string text, Bound nodes) => Read(text, new NodeCounter(nodes));

    /// <summary>Reads all documents of a text, and counts its nodes with those of other texts.</summary>
    public static YamlReading Read(string text, NodeCounter nodes)
    {
        text = text.TrimStart('\uFEFF');
        try
        {
            if (text.AsSpan().TrimStart() is ['{' or '[', ..] && JsonTextReader.TryRead(text, nodes) is { } json)
                return YamlReading.Of(json);
            using var reader = new StringReader(text);
            return Read(Parser.CreateParser(reader, DeepestNesting), nodes);
        }
        catch (TooManyNodesException e)
        {
            return YamlReading.Failed(e.Problem);
        }
        catch (NotWrittenOutException e)
        {
            return YamlReading.Failed(new YamlProblem(ToPosition(e.Start), Reason(e), IsReadElsewhere: true));
        }
        catch (YamlException e)
        {
            return YamlReading.Failed(new YamlProblem(ToPosition(e.Start), Reason(e)));
        }
    }

    /// <summary>How many nodes a text of one kind may have.</summary>
    public static Bound Bounded(string input, long most) =>
        new(input, most, "keys, values, lists and maps", "the text is refused, with the place");

    private static YamlReading Read(IParser parser, NodeCounter nodes)
    {
        try
        {
            return YamlReading.Of(new Composer(parser, nodes).Documents());
        }
        catch (ArgumentOutOfRangeException e) when (e.ParamName == "utf32")
        {
            // Thrown by the parser, and no YamlException: "\ude00" is half a character, "\U00110000" none.
            return YamlReading.Failed(new YamlProblem(
                ToPosition(parser.Current?.End ?? Mark.Empty), "An escape after this place stands for no character: write the character itself"));
        }
    }

    private static YamlPosition ToPosition(Mark mark) => new(mark.Line + 1, mark.Column + 1);

    /// <summary>The parser's own sentence without the position that it puts in front.</summary>
    private static string Reason(YamlException e)
    {
        string message = e.Message;
        int end = message.LastIndexOf("): ", StringComparison.Ordinal);
        string reason = end < 0 ? message : message[(end + 3)..];
        return reason.TrimEnd('.');
    }

    private static YamlException Refused(ParsingEvent? at, string why) => new(at?.Start ?? Mark.Empty, at?.End ?? Mark.Empty, why);

    private static NotWrittenOutException NotWrittenOut(ParsingEvent at, string why) => new(at.Start, at.End, why);

    /// <summary>Builds nodes out of the parser's events.</summary>
    private sealed class Composer(IParser parser, NodeCounter nodes)
    {
        public ImmutableArray<YamlNode> Documents()
        {
            var documents = ImmutableArray.CreateBuilder<YamlNode>();
            while (parser.MoveNext())
            {
                if (parser.Current is StreamStart or StreamEnd or DocumentStart or DocumentEnd)
                    continue;
                YamlNode document = Compose(parser.Current);
                if (document is not YamlNode.Scalar { IsNull: true })
                    documents.Add(document);
            }

            return documents.ToImmutable();
        }

        private YamlNode Compose(ParsingEvent? node)
        {
            nodes.Add(ToPosition(node!.Start));
            return ComposeKind(node);
        }

        private YamlNode ComposeKind(ParsingEvent node) => node switch
        {
            Scalar scalar => new YamlNode.Scalar(scalar.Value, IsPlain(scalar), ToPosition(scalar.Start)),
            SequenceStart sequence => ComposeSequence(sequence),
            MappingStart mapping => ComposeMapping(mapping),
            AnchorAlias alias => throw NotWrittenOut(alias, "Aliases are not taken here: write the value out"),
            _ => throw new UnreachableException(),
        };

        private YamlNode.Sequence ComposeSequence(SequenceStart start)
        {
            var items = ImmutableArray.CreateBuilder<YamlNode>();
            while (parser.MoveNext() && parser.Current is not SequenceEnd)
                items.Add(Compose(parser.Current));
            return new YamlNode.Sequence(items.ToImmutable(), ToPosition(start.Start));
        }

        private YamlNode.Mapping ComposeMapping(MappingStart start)
        {
            var entries = ImmutableArray.CreateBuilder<YamlEntry>();
            var seen = new HashSet<string>(StringComparer.Ordinal);
            while (parser.MoveNext() && parser.Current is not MappingEnd)
            {
                Scalar key = ComposeKey(parser.Current);
                nodes.Add(ToPosition(key.Start));
                if (!seen.Add(key.Value))
                    throw NotWrittenOut(key, "This key is there twice");
                parser.MoveNext();
                entries.Add(new YamlEntry(key.Value, ToPosition(key.Start), Compose(parser.Current)));
            }

            return new YamlNode.Mapping(entries.ToImmutable(), ToPosition(start.Start));
        }

        private Scalar ComposeKey(ParsingEvent? node)
        {
            if (node is not Scalar key)
                throw Refused(parser.Current, "A key must be a text, not a list, a map or an alias");
            if (key.Value == "<<" && IsPlain(key))
                throw NotWrittenOut(key, "Merge keys are not taken here: write the values out");
            return key;
        }

        private static bool IsPlain(Scalar scalar) => scalar.Style == ScalarStyle.Plain && string.IsNullOrEmpty(scalar.Tag);
    }

    private sealed class NotWrittenOutException(Mark start, Mark end, string why) : YamlException(start, end, why);
}
