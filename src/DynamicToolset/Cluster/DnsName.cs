namespace DynamicToolset.Cluster;

/// <summary>
/// The grammar of names, https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ (RFC 1123 labels).
/// </summary>
public static class DnsName
{
    private const int LongestLabel = 63;

    private const int LongestDomain = 253;

    /// <summary><c>[a-z0-9]([-a-z0-9]*[a-z0-9])?</c></summary>
    /// <param name="longest">In characters. A label has at most 63; a name of that form may be allowed more.</param>
    public static bool IsLabel(ReadOnlySpan<char> text, int longest = LongestLabel)
    {
        if (text.IsEmpty || text.Length > longest || text[0] == '-' || text[^1] == '-')
            return false;
        foreach (char c in text)
        {
            if (c is not ((>= 'a' and <= 'z') or (>= '0' and <= '9') or '-'))
                return false;
        }

        return true;
    }

    /// <summary>Labels joined by dots, at most 253 characters.</summary>
    public static bool IsDomain(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > LongestDomain)
            return false;
        foreach (Range label in text.Split('.'))
        {
            if (!IsLabel(text[label]))
                return false;
        }

        return true;
    }
}
