namespace DynamicToolset.Cluster;

/// <summary>What a rule may have asked of a backend: a path that is plain, and a query of few characters.</summary>
public static class RequestPath
{
    private const int LongestQuery = 256;

    /// <summary>A <see cref="UrlPath"/>, then perhaps <c>?</c> and a query of unreserved characters, <c>=</c>, <c>&amp;</c> and escapes.</summary>
    public static bool IsPlain(string text)
    {
        int query = text.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? UrlPath.IsPlain(text) : UrlPath.IsPlain(text.AsSpan(0, query)) && IsQuery(text.AsSpan(query + 1));
    }

    private static bool IsQuery(ReadOnlySpan<char> query)
    {
        if (query.Length is 0 or > LongestQuery)
            return false;
        for (int i = 0; i < query.Length; i++)
        {
            bool isEscape = query[i] == '%' && i + 2 < query.Length && char.IsAsciiHexDigit(query[i + 1]) && char.IsAsciiHexDigit(query[i + 2]);
            if (!isEscape && !char.IsAsciiLetterOrDigit(query[i]) && query[i] is not ('-' or '.' or '_' or '~' or '=' or '&'))
                return false;
        }

        return true;
    }
}
