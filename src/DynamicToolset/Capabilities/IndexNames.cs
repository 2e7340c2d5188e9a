using System.Collections.Immutable;
using System.Globalization;

namespace DynamicToolset.Capabilities;

/// <summary>The indices that have the most documents, of a server that keeps documents in indices.</summary>
internal static class IndexNames
{
    private const string DataStream = ".ds-";

    private const long Thousand = 1000;

    /// <summary>Sums of as many as are read stay a number.</summary>
    private const long MostOfOne = long.MaxValue / 2000;

    /// <summary>The largest first, and what is wanted of each.</summary>
    public const string Path = "/_cat/indices?format=json&h=index%2Cdocs.count&s=docs.count%3Adesc";

    /// <summary>
    /// https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-cat-indices. A name that goes on with a date or a word that may not be shown is a
    /// pattern, as in <c>logs-*</c>, and those of one pattern are counted together, in steps of a thousand times: neither changes from one day to the next.
    /// </summary>
    public static string? Read(ReadOnlyMemory<byte> body)
    {
        if (JsonStart.Pairs(body.Span, "index", "docs.count") is not { } indices)
            return null;
        ImmutableArray<(string? Pattern, long Count)> counted =
            [.. indices.Where(i => i.First is { } name && !IsOfTheSystem(name)).Select(i => (PatternOf(i.First!), CountOf(i.Second)))];
        ImmutableArray<string> shown =
        [
            .. counted.Where(i => i.Pattern is not null)
                .GroupBy(i => i.Pattern!, i => i.Count, StringComparer.Ordinal)
                .Select(g => (Name: g.Key, Size: SizeOf(g.Sum())))
                .OrderBy(i => i.Size.Rank).ThenBy(i => i.Name, StringComparer.Ordinal)
                .Select(i => $"{i.Name} ({i.Size.Words})"),
        ];
        return NameList.Of("indices", shown, hasOthers: counted.Any(i => i.Pattern is null));
    }

    /// <summary>Its own name; the indices of a data stream have names that begin with <c>.ds-</c>.</summary>
    private static bool IsOfTheSystem(string index) => index.StartsWith('.') && !index.StartsWith(DataStream, StringComparison.Ordinal);

    /// <summary>Null where not even the first word may be shown.</summary>
    private static string? PatternOf(string index)
    {
        string name = index.StartsWith(DataStream, StringComparison.Ordinal) ? index[DataStream.Length..] : index;
        int end = 0;
        for (int next = 0; next < name.Length; next++)
        {
            int wordEnd = name.AsSpan(next).IndexOfAny('-', '_', '.') is >= 0 and var length ? next + length : name.Length;
            // A number is a date or a version, which the next index has not.
            if (char.IsAsciiDigit(name[next]) || !ShownText.IsName(name[..wordEnd]))
                break;
            end = next = wordEnd;
        }

        if (end == 0)
            return null;
        return end == name.Length ? name : $"{name[..end]}{name[end]}*";
    }

    private static long CountOf(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long count) ? Math.Min(count, MostOfOne) : 0;

    private static (int Rank, string Words) SizeOf(long documents) => documents switch
    {
        >= Thousand * Thousand * Thousand => (0, "billions of documents"),
        >= Thousand * Thousand => (1, "millions of documents"),
        >= Thousand => (2, "thousands of documents"),
        _ => (3, "few documents"),
    };
}
