using System.Collections.Immutable;
using System.Diagnostics;
using SharpYaml;
using SharpYaml.Events;

namespace DynamicToolset.Yaml;

/// <summary>Builds nodes out of the parser's events.</summary>
/// <param name="origin">Where the parser's text begins, in lines and in characters of its line.</param>
internal sealed class YamlComposer(IParser parser, NodeCounter nodes, YamlForm form, (int Lines, int Column) origin)
{
    private const string Items = "items";
    private const string MergeKey = "<<";

    private readonly Dictionary<string, Anchored> _anchors = new(StringComparer.Ordinal);
    private long _anchored;
    private int _level;
    private int _deepest;

    /// <summary>Is told where a document or an item has a key that only objects of Kubernetes have.</summary>
    public Action? OnKind { get; init; }

    /// <summary>Reads all documents.</summary>
    /// <param name="document">Takes each that is not empty.</param>
    /// <param name="item">Takes the items of a list of objects one by one, and they are not in the document then; null to have it whole.</param>
    public void ReadAll(Action<YamlNode> document, Action<YamlNode>? item)
    {
        YamlNode? root = null;
        while (parser.MoveNext())
        {
            if (parser.Current is DocumentEnd && root is not null)
                document(root);
            root = null;
            if (parser.Current is StreamStart or StreamEnd or DocumentStart or DocumentEnd)
                continue;
            root = ComposeRoot(item);
            // Where documents have no end of their own; with one, what follows on its line may be wrong yet.
            if (parser is JsonEvents && root is not null)
                document(root);
        }
    }

    /// <summary>Null where it is empty.</summary>
    private YamlNode? ComposeRoot(Action<YamlNode>? item)
    {
        _anchors.Clear();
        _anchored = 0;
        // What was before is gone, where not even the items are kept.
        if (item is not null)
            nodes.Count = 0;
        YamlNode root = parser.Current is MappingStart start ? ComposeMapping(start, isObject: true, item) : Compose(parser.Current);
        return root is YamlNode.Scalar { IsNull: true } ? null : root;
    }

    private bool IsLenient => form == YamlForm.AsKubectl;

    private YamlNode Compose(ParsingEvent? node, bool isObject = false)
    {
        if (node is AnchorAlias alias)
            return Resolve(alias);
        if (node is not NodeEvent { Anchor: { Length: > 0 } anchor } || !IsLenient)
            return ComposeKind(node!, isObject);
        long before = nodes.Count;
        int deepest = _deepest;
        _deepest = _level;
        YamlNode composed = ComposeKind(node, isObject);
        var anchored = new Anchored(composed, nodes.Count - before, _deepest - _level);
        _deepest = Math.Max(deepest, _deepest);
        _anchors[anchor] = anchored;
        _anchored += anchored.Nodes;
        return composed;
    }

    private YamlNode ComposeKind(ParsingEvent node, bool isObject)
    {
        nodes.Add(PositionOf(node));
        return node switch
        {
            Scalar scalar => new YamlNode.Scalar(scalar.Value, IsPlain(scalar), PositionOf(scalar)),
            SequenceStart sequence => ComposeSequence(sequence, areObjects: false),
            MappingStart mapping => ComposeMapping(mapping, isObject, item: null, isCounted: true),
            _ => throw new UnreachableException(),
        };
    }

    private YamlNode Resolve(AnchorAlias alias)
    {
        if (!IsLenient)
            throw Elsewhere(alias, "Aliases are not allowed here: write the value out");
        if (!_anchors.TryGetValue(alias.Value, out Anchored? meant))
            throw Wrong(alias, "There is no anchor with this name above: write the value out, or put the text in quotes");
        nodes.Add(PositionOf(alias), meant.Nodes);
        // Else a chain of them is as deep as the text is long.
        Reach(alias, _level + meant.Levels);
        return meant.Node;
    }

    private YamlNode.Sequence ComposeSequence(SequenceStart start, bool areObjects)
    {
        var items = ImmutableArray.CreateBuilder<YamlNode>();
        Enter(start);
        while (parser.MoveNext() && parser.Current is not SequenceEnd)
            items.Add(Compose(parser.Current, areObjects));
        _level--;
        return new YamlNode.Sequence(items.ToImmutable(), PositionOf(start));
    }

    private YamlNode.Mapping ComposeMapping(MappingStart start, bool isObject, Action<YamlNode>? item, bool isCounted = false)
    {
        if (!isCounted)
            nodes.Add(PositionOf(start));
        var entries = new MappingEntries(form, isObject);
        Enter(start);
        while (parser.MoveNext() && parser.Current is not MappingEnd)
        {
            (string key, YamlPosition place, bool isMerge) = ComposeKey(parser.Current);
            nodes.Add(place);
            entries.Claim(key, place);
            if (isObject && key == "kind")
                OnKind?.Invoke();
            parser.MoveNext();
            if (isMerge)
                Merge(entries, Compose(parser.Current), place);
            else if (isObject && key == Items && parser.Current is SequenceStart list)
                entries.Set(new YamlEntry(key, place, ReadItems(list, item)));
            else
                entries.Set(new YamlEntry(key, place, Compose(parser.Current)));
        }

        _level--;
        return new YamlNode.Mapping(entries.ToImmutable(), PositionOf(start));
    }

    private YamlNode.Sequence ReadItems(SequenceStart list, Action<YamlNode>? item)
    {
        nodes.Add(PositionOf(list));
        if (item is null)
            return ComposeSequence(list, areObjects: true);
        Enter(list);
        long before = nodes.Count;
        while (parser.MoveNext() && parser.Current is not SequenceEnd)
        {
            item(Compose(parser.Current, isObject: true));
            // It is gone then, but for what later ones may mean.
            nodes.Count = before + _anchored;
        }

        _level--;
        return new YamlNode.Sequence([], PositionOf(list));
    }

    private void Merge(MappingEntries entries, YamlNode merged, YamlPosition place)
    {
        // Of several maps the first counts, so they are gone through backwards.
        ImmutableArray<YamlNode> maps = merged is YamlNode.Sequence several ? several.Items : [merged];
        foreach (YamlNode node in maps.Reverse())
        {
            if (node is not YamlNode.Mapping map)
                throw new YamlProblemException(new YamlProblem(place, "<< must be followed by a map, or a list of maps"));
            nodes.Add(place, map.Entries.Length);
            foreach (YamlEntry entry in map.Entries)
                entries.Set(entry);
        }
    }

    private (string Key, YamlPosition Place, bool IsMerge) ComposeKey(ParsingEvent? node)
    {
        if (node is AnchorAlias alias && IsLenient && Resolve(alias) is YamlNode.Scalar meant)
            return (meant.Text, PositionOf(alias), false);
        if (node is not Scalar key)
            throw Wrong(node!, "A key must be a text, not a list, a map or an alias");
        bool isMerge = key.Value == MergeKey && IsPlain(key);
        if (isMerge && !IsLenient)
            throw Elsewhere(key, "Merge keys are not allowed here: write the values out");
        if (IsLenient && key.Anchor is { Length: > 0 } anchor)
            _anchors[anchor] = new Anchored(new YamlNode.Scalar(key.Value, IsPlain(key), PositionOf(key)), 1, 0);
        return (key.Value, PositionOf(key), isMerge);
    }

    private void Enter(ParsingEvent start) => Reach(start, ++_level);

    private void Reach(ParsingEvent at, int level)
    {
        _deepest = Math.Max(_deepest, level);
        if (level > YamlReader.DeepestNesting)
            throw Wrong(at, YamlFaults.TooDeep);
    }

    private YamlPosition PositionOf(ParsingEvent at) => PositionOf(at.Start);

    public YamlPosition PositionOf(Mark mark) =>
        new(mark.Line + 1 + origin.Lines, mark.Column + 1 + (mark.Line == 0 ? origin.Column : 0));

    private YamlProblemException Wrong(ParsingEvent at, string why) => new(new YamlProblem(PositionOf(at), why));

    private YamlProblemException Elsewhere(ParsingEvent at, string why) => new(new YamlProblem(PositionOf(at), why, IsReadElsewhere: true));

    private static bool IsPlain(Scalar scalar) => scalar.Style == ScalarStyle.Plain && string.IsNullOrEmpty(scalar.Tag);

    /// <param name="Levels">Of nesting in it.</param>
    private sealed record Anchored(YamlNode Node, long Nodes, int Levels);
}
