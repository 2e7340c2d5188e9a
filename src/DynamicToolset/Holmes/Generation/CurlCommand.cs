using System.Globalization;

namespace DynamicToolset.Holmes.Generation;

/// <summary>
/// A call of curl. What the model fills in, <c>{{ name }}</c>, stands outside of all quotes: HolmesGPT quotes it for the shell. It is sent
/// url-encoded in the query, or as a path behind a slash; curl does not expand it (-g), leaves http nowhere, and follows no redirect.
/// </summary>
internal sealed record CurlCommand(CurlOptions Options)
{
    private const int HealthTimeout = 5;

    /// <summary>A GET of the URL, with nothing to fill in.</summary>
    public string Get(PlainUrl url) => $"{Start(Options.TimeoutSeconds)} {url.Quoted}";

    /// <summary>A GET below the URL.</summary>
    /// <param name="path">Begins with what the model fills in, and is put behind a slash.</param>
    public string GetBelow(PlainUrl url, string path) => $"{Start(Options.TimeoutSeconds)} {url.QuotedFolder}{path}";

    /// <summary>A GET with a query.</summary>
    /// <param name="query">Names of parameters with what the shell puts in.</param>
    public string Query(PlainUrl url, params IEnumerable<(string Name, string Value)> query) => QueryOf(url.Quoted, query);

    /// <summary>A GET with a query below the URL.</summary>
    /// <param name="path">As for <see cref="GetBelow"/>.</param>
    /// <param name="query">As for <see cref="Query"/>.</param>
    public string QueryBelow(PlainUrl url, string path, params IEnumerable<(string Name, string Value)> query) => QueryOf(url.QuotedFolder + path, query);

    /// <summary>Whether the backend is there, for the check at HolmesGPT's start. What it answers is dropped.</summary>
    /// <param name="isAnyAnswerFine">True where an answer of 400 and more says "here I am" as well.</param>
    public string Check(PlainUrl url, bool isAnyAnswerFine) =>
        $"{Start(Math.Min(Options.TimeoutSeconds, HealthTimeout))}{(isAnyAnswerFine ? "" : " -f")} -o /dev/null {url.Quoted}";

    private string QueryOf(string place, IEnumerable<(string Name, string Value)> query) =>
        $"{Start(Options.TimeoutSeconds)} -G {place}{string.Concat(query.Select(q => $" --data-urlencode {q.Name}={q.Value}"))}";

    private string Start(int timeout) => string.Join(
        ' ',
        ["curl -sS -g --proto =http,https --max-time " + timeout.ToString(CultureInfo.InvariantCulture), .. Options.Arguments]);
}
