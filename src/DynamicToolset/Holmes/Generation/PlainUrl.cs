using System.Text.RegularExpressions;

namespace DynamicToolset.Holmes.Generation;

/// <summary>
/// A URL that may stand in a shell command: scheme, host in lower case, port, and a path without anything that a shell, a template or
/// curl reads as more than a letter. Commands take their URLs as this type and no other, so that none gets there unchecked.
/// </summary>
public sealed partial record PlainUrl
{
    private PlainUrl(string text) => Text = text;

    public string Text { get; }

    /// <summary>For a command.</summary>
    public string Quoted => $"'{Text}'";

    /// <summary>As <see cref="Quoted"/>, with a slash at the end: what the model's words are put behind stays a path.</summary>
    public string QuotedFolder => $"'{Text.TrimEnd('/')}/'";

    /// <summary>For example <c>http://prometheus.monitoring:9090</c>.</summary>
    public string Origin => Path.Length == 0 ? Text : Text[..^Path.Length];

    /// <summary>Empty, or starts with <c>/</c>.</summary>
    public string Path => PathStart < 0 ? "" : Text[PathStart..];

    private int PathStart => Text.IndexOf('/', Text.IndexOf("://", StringComparison.Ordinal) + 3);

    /// <summary>Null for any other text.</summary>
    public static PlainUrl? TryCreate(string text) => Form().IsMatch(text) ? new PlainUrl(text) : null;

    /// <summary>The URL with this path behind its own. Null where the path has more in it than a URL in a command may have.</summary>
    public PlainUrl? Below(string path) => TryCreate(Text.TrimEnd('/') + path);

    public override string ToString() => Text;

    /// <summary>The check of the finished file does not use it, but an expression of its own: a mistake here is to be found there.</summary>
    [GeneratedRegex(@"\Ahttps?://[a-z0-9.-]+:[0-9]{1,5}(/[A-Za-z0-9._~/-]*)?\z", RegexOptions.None, PatternTimeout.None)]
    private static partial Regex Form();
}
