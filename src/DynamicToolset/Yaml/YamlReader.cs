using System.Collections.Immutable;
using DynamicToolset.Messages;
using SharpYaml;

namespace DynamicToolset.Yaml;

/// <summary>
/// Reads YAML 1.2 (and JSON, which is a part of it) into nodes with positions. Made for text that others write: nesting and the number of
/// nodes are bounded, and every failure is a value.
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
        long before = nodes.Count;
        if (text.AsSpan().TrimStart() is ['{' or '[', ..] && TryReadJson(text, nodes) is { } json)
            return json;
        // A YAML reader counts from the start.
        nodes.Count = before;
        var read = ImmutableArray.CreateBuilder<YamlNode>();
        using var documents = new DocumentText(new StringReader(text));
        while (documents.MoveNext())
        {
            (int Lines, int Column) origin = (documents.Lines, 0);
            if (ReadYaml(documents, documents, p => new YamlComposer(p, nodes, YamlForm.WrittenOut, origin), read.Add, item: null) is { } problem)
                return YamlReading.Failed(problem);
        }

        return YamlReading.Of(read.ToImmutable());
    }

    /// <summary>Reads all documents as <c>kubectl</c> would, or tells the first problem of any of them.</summary>
    public static YamlReading ReadAsKubectl(string text, Bound nodes)
    {
        var read = ImmutableArray.CreateBuilder<YamlNode>();
        YamlProblem? first = null;
        ReadEachAsKubectl(text, nodes, read.Add, p => first ??= p);
        return first is null ? YamlReading.Of(read.ToImmutable()) : YamlReading.Failed(first);
    }

    /// <summary>Reads one document after another as <c>kubectl</c> would. A fault costs the document that it is in.</summary>
    /// <param name="nodes">All documents together.</param>
    /// <param name="document">Takes each that is whole, before the next is read.</param>
    /// <param name="problem">Takes what is wrong.</param>
    public static void ReadEachAsKubectl(string text, Bound nodes, Action<YamlNode> document, Action<YamlProblem> problem)
    {
        using var documents = new YamlDocuments(new StringReader(text), new NodeCounter(nodes));
        while (documents.MoveNext())
        {
            List<YamlNode> read = [];
            List<YamlProblem> wrong = [];
            documents.Read(read.Add, item: null, wrong.Add);
            if (documents.IsProgress)
                continue;
            wrong.ForEach(problem);
            read.ForEach(document);
        }
    }

    /// <param name="yaml">The document, of which <paramref name="lines"/> knows what its lines begin with.</param>
    internal static YamlProblem? ReadYaml(
        TextReader yaml,
        DocumentText lines,
        Func<IParser, YamlComposer> compose,
        Action<YamlNode> document,
        Action<YamlNode>? item)
    {
        IParser parser = Parser.CreateParser(yaml, DeepestNesting);
        YamlComposer composer = compose(parser);
        try
        {
            composer.ReadAll(document, item);
            return null;
        }
        catch (YamlProblemException e)
        {
            return e.Problem;
        }
        catch (YamlException e)
        {
            YamlPosition start = composer.PositionOf(e.Start), end = composer.PositionOf(e.End);
            bool isTab = lines.LastTab is { } last && last.Line >= start.Line && last.Line <= end.Line;
            return isTab ? new YamlProblem(lines.LastTab!.Value, YamlFaults.Tab) : new YamlProblem(start, YamlFaults.WordsFor(e));
        }
        catch (ArgumentOutOfRangeException e) when (e.ParamName == "utf32")
        {
            // Thrown by the parser, and no YamlException: "\ude00" is half a character, "\U00110000" none.
            return new YamlProblem(composer.PositionOf(parser.Current?.End ?? Mark.Empty), YamlFaults.NoCharacter);
        }
    }

    private static YamlReading? TryReadJson(string text, NodeCounter nodes)
    {
        var read = ImmutableArray.CreateBuilder<YamlNode>();
        var events = new JsonEvents(text.AsMemory(), TextReader.Null, 0, 0);
        try
        {
            new YamlComposer(events, nodes, YamlForm.WrittenOut, default).ReadAll(read.Add, item: null);
            return YamlReading.Of(read.ToImmutable());
        }
        catch (YamlProblemException e)
        {
            return events.IsBroken ? null : YamlReading.Failed(e.Problem);
        }
    }

    /// <summary>How many nodes a text of one kind may have.</summary>
    public static Bound Bounded(string input, long most) =>
        new(input, most, "keys, values, lists and maps", "the text is refused, with the place");
}
