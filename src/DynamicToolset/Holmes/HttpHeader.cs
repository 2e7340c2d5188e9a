using System.Buffers;
using System.Collections.Frozen;
using System.Collections.Immutable;

namespace DynamicToolset.Holmes;

/// <summary>
/// What a client of HTTP sends as a header (https://www.rfc-editor.org/rfc/rfc9110#section-5). Whatever else is written there fails on the way out,
/// and HolmesGPT puts the error, which quotes the value, into a prompt. No problem has the value in it.
/// </summary>
internal static class HttpHeader
{
    public const string IsThereTwice = "is a duplicate: the name of a header is case-insensitive";

    private static readonly SearchValues<char> Token =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    /// <summary>They say how the request itself is sent, or to whom.</summary>
    public static FrozenSet<string> OfTheClient { get; } = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "Connection", "Content-Length", "Expect", "Host", "Keep-Alive", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade");

    /// <summary>The keys of a config under which there is a map of headers.</summary>
    public static ImmutableArray<string> Keys { get; } = ["headers", "additional_headers", "default_headers", "extra_headers"];

    public static bool AreUnder(string key) => Keys.Contains(key);

    /// <summary>Null for a header that may be set; else why not, to be read after what has the name.</summary>
    public static string? ProblemWithName(string name)
    {
        if (name.Length == 0 || name.AsSpan().ContainsAnyExcept(Token))
            return "is not a valid header name: write letters, digits and dashes";
        return OfTheClient.Contains(name) ? "is a header that the client sets itself: remove it" : null;
    }

    /// <summary>Null for what can be sent; else why not, to be read after what has the value. A reference to the environment counts as its letters.</summary>
    public static string? ProblemWithValue(string value)
    {
        if (value.Any(char.IsControl))
            return "has a line break or another control character, which is not allowed in a header";
        if (value.Any(c => c > '~'))
            return "has a character beyond ASCII, such as a typographic quote, which is not allowed in a header";
        return value.StartsWith(' ') || value.EndsWith(' ') ? "begins or ends with a space, which is not allowed in a header" : null;
    }
}
