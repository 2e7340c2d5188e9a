using System.Collections.Immutable;
using System.Text.RegularExpressions;
using DynamicToolset.Messages;
using SharpYaml;
using SharpYaml.Events;

namespace DynamicToolset.Yaml;

/// <summary>What PyYAML makes of a text.</summary>
/// <param name="Document">Null where it refuses the text, or finds no document in it.</param>
/// <param name="Problem">Why it refuses; the message never quotes the text.</param>
/// <param name="Second">Where a second document begins, which PyYAML refuses as well; the first one is read all the same.</param>
/// <param name="Repeated">Keys that are there again, of which the last one counts.</param>
public sealed record PythonReading(YamlNode? Document, YamlProblem? Problem, YamlPosition? Second, ImmutableArray<YamlEntry> Repeated);

/// <summary>
/// Reads a text as PyYAML's safe loader does (6.0): aliases and merge keys are followed, of equal keys the last one counts, scalars are resolved by
/// <see cref="PythonScalar"/>, and what PyYAML refuses is refused. Nesting, and the nodes that aliases come to, are bounded.
/// </summary>
public sealed partial class PythonYaml
{
    private const string Standard = "tag:yaml.org,2002:";
    private const string BadTag = "PyYAML does not support this tag: remove it";

    private readonly Bound _most;
    private readonly IParser _parser;
    private readonly Dictionary<string, Anchored?> _anchors = new(StringComparer.Ordinal);
    private readonly List<(int Start, int End)> _quoted = [];
    private readonly List<YamlEntry> _repeated = [];
    private YamlPosition? _second;
    private long _nodes;
    private int _level;
    private int _deepest;

    private PythonYaml(TextReader text, Bound most)
    {
        _parser = Parser.CreateParser(text, YamlReader.DeepestNesting);
        _most = most;
    }

    /// <param name="most">Nodes, those behind aliases each time that they are named.</param>
    public static PythonReading Read(string text, Bound most)
    {
        if (Unprintable().Match(text) is { Success: true } odd)
            return Refused(PositionOf(text, odd.Index), "PyYAML does not read this character: write it as an escape in double quotes");
        text = Escape().Replace(text.TrimStart('\uFEFF'), e => e.Groups[1].Success ? @"\ufffd" : e.Value);
        using var reader = new StringReader(text);
        var yaml = new PythonYaml(reader, most);
        try
        {
            YamlNode? document = yaml.ReadDocument();
            return yaml.FirstTab(text) is { } tab
                ? Refused(tab, "PyYAML allows no tab outside quotes: use spaces")
                : new PythonReading(document, null, yaml._second, [.. yaml._repeated]);
        }
        catch (YamlProblemException e)
        {
            return Refused(e.Problem.Position, e.Problem.Message);
        }
        catch (YamlException e)
        {
            return yaml.FirstTab(text) is { } tab && tab.Line <= e.End.Line + 1
                ? Refused(tab, YamlFaults.Tab)
                : Refused(PositionOf(e.Start), YamlFaults.WordsFor(e));
        }
        catch (ArgumentOutOfRangeException e) when (e.ParamName == "utf32")
        {
            return Refused(PositionOf(yaml._parser.Current?.End ?? Mark.Empty), YamlFaults.NoCharacter);
        }
    }

    private static PythonReading Refused(YamlPosition at, string why) => new(null, new YamlProblem(at, why), null, []);

    private YamlNode? ReadDocument()
    {
        YamlNode? document = null;
        for (bool isFirst = true; _parser.MoveNext();)
        {
            if (_parser.Current is DocumentStart start)
            {
                if (start.Version is { Version.Major: not 1 })
                    throw Fault(start, "PyYAML reads only YAML version 1: remove the directive");
                if (!isFirst)
                {
                    _second = PositionOf(start.Start);
                    break;
                }

                isFirst = false;
            }
            else if (_parser.Current is NodeEvent)
            {
                document = Compose(_parser.Current);
            }
        }

        return document is YamlNode.Scalar { IsNull: true } ? null : document;
    }

    private YamlNode Compose(ParsingEvent? node)
    {
        Count(node!, 1);
        if (node is AnchorAlias alias)
            return Resolve(alias);
        string? anchor = (node as NodeEvent)?.Anchor;
        if (anchor is not null && !_anchors.TryAdd(anchor, null))
            throw Fault(node!, "This anchor is a duplicate");
        (long before, int deepest) = (_nodes, _deepest);
        _deepest = ++_level;
        YamlNode composed = node switch
        {
            Scalar scalar => ComposeScalar(scalar),
            SequenceStart sequence => ComposeSequence(sequence),
            _ => ComposeMapping((MappingStart)node!),
        };
        if (anchor is not null)
            _anchors[anchor] = new Anchored(composed, _nodes - before, _deepest - _level);
        _deepest = Math.Max(deepest, _deepest);
        _level--;
        return composed;
    }

    private YamlNode Resolve(AnchorAlias alias)
    {
        if (_anchors.GetValueOrDefault(alias.Value) is not { } meant)
            throw Fault(alias, "There is no anchor with this name above: write the value out, or put the text in quotes");
        Count(alias, meant.Nodes);
        _deepest = Math.Max(_deepest, _level + 1 + meant.Levels);
        return _deepest <= YamlReader.DeepestNesting ? meant.Node : throw Fault(alias, "Aliases nest too deep here: write the value out");
    }

    private YamlNode.Scalar ComposeScalar(Scalar scalar)
    {
        if (scalar.Style != ScalarStyle.Plain)
            _quoted.Add((scalar.Start.Index, scalar.End.Index));
        string? tag = scalar.Tag is "" or "!" ? null : scalar.Tag?.Replace(Standard, "", StringComparison.Ordinal);
        bool isPlain = tag is null ? scalar.Style == ScalarStyle.Plain : tag is not ("str" or "binary");
        var node = new YamlNode.Scalar(tag == "null" ? "" : scalar.Value, isPlain, PositionOf(scalar.Start));
        return (tag, PythonScalar.KindOf(node)) switch
        {
            (null, not PythonKind.Refused) or ("str" or "binary" or "null", _) or ("bool", PythonKind.Boolean) or ("timestamp", PythonKind.Date) => node,
            ("int" or "float", PythonKind.Whole) or ("float", PythonKind.Real) => node,
            (null, _) => throw Fault(scalar, "PyYAML cannot read this value: put it in quotes"),
            _ => throw Fault(scalar, BadTag),
        };
    }

    private YamlNode.Sequence ComposeSequence(SequenceStart start)
    {
        if (start.Tag is not (null or "" or "!" or Standard + "seq" or Standard + "omap" or Standard + "pairs"))
            throw Fault(start, BadTag);
        var items = ImmutableArray.CreateBuilder<YamlNode>();
        while (_parser.MoveNext() && _parser.Current is not SequenceEnd)
            items.Add(Compose(_parser.Current));
        return new YamlNode.Sequence(items.ToImmutable(), PositionOf(start.Start));
    }

    private YamlNode.Mapping ComposeMapping(MappingStart start)
    {
        if (start.Tag is not (null or "" or "!" or Standard + "map" or Standard + "set"))
            throw Fault(start, BadTag);
        var own = new OrderedDictionary<(string, PythonKind), YamlEntry>();
        var merged = new List<YamlEntry>();
        while (_parser.MoveNext() && _parser.Current is { } at and not MappingEnd)
        {
            if (Compose(at) is not YamlNode.Scalar key)
                throw Fault(at, "A key must be a text, not a list or a map");
            _parser.MoveNext();
            YamlNode value = Compose(_parser.Current);
            var entry = new YamlEntry(key.Text, PositionOf(at.Start), value) { IsKeyPlain = key.IsPlain };
            if (key is { IsPlain: true, Text: "<<" })
                merged.AddRange(MergedBy(value, at));
            else if (!own.TryAdd(IdentityOf(entry), entry))
                _repeated.Add(own[IdentityOf(entry)] = entry);
        }

        IEnumerable<YamlEntry> others = merged.AsEnumerable().Reverse().DistinctBy(IdentityOf).Where(e => !own.ContainsKey(IdentityOf(e)));
        return new YamlNode.Mapping([.. others, .. own.Values], PositionOf(start.Start));
    }

    /// <summary>The first of several maps counts, and so comes last.</summary>
    private static IEnumerable<YamlEntry> MergedBy(YamlNode value, ParsingEvent at)
    {
        ImmutableArray<YamlNode> maps = value is YamlNode.Sequence several ? several.Items : [value];
        return maps.Reverse().SelectMany(m => m is YamlNode.Mapping map ? map.Entries : throw Fault(at, "<< must be followed by a map, or a list of maps"));
    }

    private static (string, PythonKind) IdentityOf(YamlEntry entry) => (entry.Key, entry.KeyKind);

    private void Count(ParsingEvent at, long nodes)
    {
        _nodes += nodes;
        if (_nodes > _most.Most)
            throw Fault(at, $"Here the text has more than {_most}: shorten it");
    }

    /// <summary>PyYAML allows only spaces between the parts of a text; a tab may be in quotes, in a block and in a comment.</summary>
    private YamlPosition? FirstTab(string text)
    {
        int quoted = 0;
        for (int at = 0; text.AsSpan(at).IndexOfAny('\t', '#') is >= 0 and var next; at++)
        {
            at += next;
            while (quoted < _quoted.Count && _quoted[quoted].End <= at)
                quoted++;
            if (quoted < _quoted.Count && _quoted[quoted].Start <= at)
                at = _quoted[quoted].End - 1;
            else if (text[at] == '\t')
                return PositionOf(text, at);
            else if (at == 0 || text[at - 1] is ' ' or '\t' or '\n' or '\r')
                at += text.AsSpan(at).IndexOfAny('\r', '\n') is >= 0 and var rest ? rest : text.Length - at - 1;
        }

        return null;
    }

    private static YamlPosition PositionOf(string text, int at) =>
        new(text.AsSpan(0, at).Count('\n') + 1, at - text.AsSpan(0, at).LastIndexOf('\n'));

    private static YamlPosition PositionOf(Mark mark) => new(mark.Line + 1, mark.Column + 1);

    private static YamlProblemException Fault(ParsingEvent at, string why) => new(new YamlProblem(PositionOf(at.Start), why));

    /// <param name="Levels">Of nesting in it.</param>
    private sealed record Anchored(YamlNode Node, long Nodes, int Levels);

    /// <summary>What PyYAML's reader does not take, of which no pair of surrogates is one.</summary>
    [GeneratedRegex(
        @"[^\t\n\r -~\u0085\u00A0-\uFFFD]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Unprintable();

    /// <summary>PyYAML takes half a character for one: that is the group. Of the others each begins where the one before has ended.</summary>
    [GeneratedRegex(@"\\(?:(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Escape();
}
