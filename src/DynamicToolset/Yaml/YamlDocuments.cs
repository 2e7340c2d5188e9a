using SharpYaml;

namespace DynamicToolset.Yaml;

/// <summary>
/// The documents of a text that was written for <c>kubectl</c>, of YAML and of JSON, one after another as they are read: a text of any length is never
/// held, and a fault in one document is not in the way of the next.
/// </summary>
public sealed class YamlDocuments(TextReader text, NodeCounter nodes) : IDisposable
{
    /// <summary>Up to so many characters of broken JSON are tried as YAML: what people write, and not what programs do.</summary>
    private const int LongestTried = 64 * 1024;

    private readonly DocumentText _text = new(text);
    private char[]? _beginning;

    /// <summary>This document has two braces, as in a template that is not rendered.</summary>
    public bool HasBraces => _text.HasBraces;

    /// <summary>Something but blanks was read so far.</summary>
    public bool HasText => _text.HasText;

    /// <summary>Some document so far names a kind at its top, even where there is a fault further down.</summary>
    public bool HasKind { get; private set; }

    /// <summary>It is nothing that anybody wrote: lines before the first <c>---</c>, of a program that told how far it was. Known after it is read.</summary>
    public bool IsProgress => _text.IsProgress;

    public void Dispose() => _text.Dispose();

    /// <summary>False where there are no more.</summary>
    public bool MoveNext() => _text.MoveNext();

    /// <summary>Reads it: between two lines with <c>---</c> there is one, or there are several of JSON.</summary>
    /// <param name="document">Takes each that is not empty.</param>
    /// <param name="item">Takes the items of lists of objects as they come, and they are not in the document then; null to have it whole.</param>
    /// <param name="problem">Receives the problems. Items of the same document may have been delivered already.</param>
    public void Read(Action<YamlNode> document, Action<YamlNode>? item, Action<YamlProblem> problem)
    {
        try
        {
            if (_text.MoveToJson())
                ReadJson(document, item, problem);
            else if (ReadYaml(_text, (_text.Lines, _text.Column), document, item) is { } wrong)
                problem(wrong);
        }
        catch (YamlProblemException e)
        {
            problem(e.Problem);
        }

        _text.PassOver();
    }

    private void ReadJson(Action<YamlNode> document, Action<YamlNode>? item, Action<YamlProblem> problem)
    {
        (int Lines, int Column) origin = (_text.Lines, _text.Column);
        int length = _text.ReadBlock(_beginning ??= new char[LongestTried], 0, LongestTried);
        var events = new JsonEvents(_beginning.AsMemory(0, length), _text, origin.Lines, origin.Column);
        bool isShort = length < LongestTried;
        // Where items are taken one by one nothing of the documents before is held.
        if (item is not null)
            nodes.Count = 0;
        long before = nodes.Count;
        do
        {
            // A short text is held whole: it may have to be read again, and an item that was taken cannot be given back.
            if (TryCompose(events, document, isShort ? null : item) is not { } wrong)
                return;
            // A comma too many, or a comment: then it is YAML that looks like JSON.
            bool isTried = isShort && events is { IsBroken: true, IsFirst: true };
            nodes.Count = before;
            if (isTried && ReadYaml(new StringReader(new string(_beginning, 0, length)), origin, document, item) is null)
                return;
            problem(wrong);
        }
        while (events.MoveToNextValue());
    }

    private YamlProblem? ReadYaml(TextReader yaml, (int Lines, int Column) origin, Action<YamlNode> document, Action<YamlNode>? item) =>
        YamlReader.ReadYaml(yaml, _text, parser => Composer(parser, origin), document, item);

    private YamlProblem? TryCompose(JsonEvents events, Action<YamlNode> document, Action<YamlNode>? item)
    {
        try
        {
            Composer(events, default).ReadAll(document, item);
            return null;
        }
        catch (YamlProblemException e)
        {
            return e.Problem;
        }
    }

    private YamlComposer Composer(IParser parser, (int Lines, int Column) origin) =>
        new(parser, nodes, YamlForm.AsKubectl, origin) { OnKind = () => HasKind = true };
}
