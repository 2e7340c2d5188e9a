using System.Collections.Immutable;
using System.Globalization;

namespace DynamicToolset.Holmes.Generation;

/// <summary>
/// A call of curl. What the model fills in, <c>{{ name }}</c>, stands outside of all quotes: HolmesGPT quotes it for the shell. It is sent
/// url-encoded in the query, or as a path behind a slash; curl does not expand it (-g), leaves http nowhere, and follows no redirect.
/// </summary>
internal sealed record CurlCommand(CurlOptions Options)
{
    private const int HealthTimeout = 5;

    /// <summary>A GET of the URL and nothing to fill in but what stands behind it.</summary>
    /// <param name="behind">Put right behind the URL.</param>
    public string Get(PlainUrl url, string behind = "") => $"{Start(Options.TimeoutSeconds)} {url.Quoted}{behind}";

    /// <summary>A GET below the URL, of a path that begins with what the model fills in.</summary>
    public string GetBelow(PlainUrl url, string behind) => $"{Start(Options.TimeoutSeconds)} {url.QuotedFolder}{behind}";

    /// <summary>A GET with a query.</summary>
    /// <param name="query">Names of parameters with what the shell puts in.</param>
    public string Query(PlainUrl url, string behind, params ReadOnlySpan<(string Name, string Value)> query)
    {
        var parts = ImmutableArray.CreateBuilder<string>();
        foreach ((string name, string value) in query)
            parts.Add($" --data-urlencode {name}={value}");
        return $"{Start(Options.TimeoutSeconds)} -G {url.Quoted}{behind}{string.Concat(parts)}";
    }

    /// <summary>Whether the backend is there, for the check at HolmesGPT's start. What it answers is dropped.</summary>
    /// <param name="isAnyAnswerFine">True where an answer of 400 and more says "here I am" as well.</param>
    public string Check(PlainUrl url, bool isAnyAnswerFine) =>
        $"{Start(Math.Min(Options.TimeoutSeconds, HealthTimeout))}{(isAnyAnswerFine ? "" : " -f")} -o /dev/null {url.Quoted}";

    private string Start(int timeout) => string.Join(
        ' ',
        ["curl -sS -g --proto =http,https --max-time " + timeout.ToString(CultureInfo.InvariantCulture), .. Options.Arguments]);
}
