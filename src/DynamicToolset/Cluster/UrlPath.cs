namespace DynamicToolset.Cluster;

/// <summary>The paths that an annotation or a rule may name: plain, absolute, without a way out of themselves.</summary>
public static class UrlPath
{
    private const int Longest = 1024;

    /// <summary>
    /// Starts with <c>/</c>, then only the unreserved characters of RFC 3986 and <c>/</c>: no <c>//</c>, no <c>.</c> or <c>..</c>
    /// segment, no query, no escape, no <c>@</c>, no control character.
    /// </summary>
    public static bool IsPlain(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > Longest || text[0] != '/')
            return false;
        foreach (char c in text)
        {
            if (c is not ((>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '/' or '.' or '_' or '~' or '-'))
                return false;
        }

        return HasPlainSegments(text[1..]);
    }

    private static bool HasPlainSegments(ReadOnlySpan<char> segments)
    {
        int count = 0, empty = 0;
        foreach (Range range in segments.Split('/'))
        {
            ReadOnlySpan<char> segment = segments[range];
            if (segment is "." or "..")
                return false;
            count++;
            if (segment.IsEmpty)
                empty++;
        }

        // One empty segment is a slash at the end, and fine there alone.
        return empty == 0 || (empty == 1 && (count == 1 || segments[^1] == '/'));
    }
}
