using System.Globalization;
using System.Text.RegularExpressions;

namespace DynamicToolset.Holmes.Generation;

/// <summary>Where a backend is. It comes from a Service, or from an admin, who may write any URL.</summary>
/// <param name="Text">What may stand in a config: http or https, without credentials, query or fragment.</param>
/// <param name="Plain">What may stand in a command; null where only a config may hold the URL.</param>
internal sealed partial record BackendUrl(string Text, PlainUrl? Plain)
{
    private const int Longest = 2048;

    /// <summary>Null for what is no such URL. A missing port is written out, and the host gets lower case.</summary>
    public static BackendUrl? TryRead(string text)
    {
        if (text.Length > Longest || !Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https"))
            return null;
        if (Parts().Match(text) is { Success: true } parts)
            return OfParts(parts, uri.Port);
        return uri.UserInfo.Length == 0 && Harmless().IsMatch(text) ? new BackendUrl(uri.Scheme + text[text.IndexOf(':')..], null) : null;
    }

    /// <summary>The same URL with a slash at its end, which is what some clients join paths to.</summary>
    public BackendUrl WithSlash() => Text.EndsWith('/') ? this : TryRead(Text + "/")!;

    private static BackendUrl OfParts(Match parts, int port)
    {
        string origin = $"{parts.Groups["scheme"].Value}://{parts.Groups["host"].Value}".ToLowerInvariant();
        string text = string.Create(CultureInfo.InvariantCulture, $"{origin}:{port}{parts.Groups["path"].Value}");
        return new BackendUrl(text, PlainUrl.TryCreate(text));
    }

    [GeneratedRegex(@"\A(?<scheme>[A-Za-z]+)://(?<host>[A-Za-z0-9.-]+)(:[0-9]{1,5})?(?<path>/[A-Za-z0-9._~/-]*)?\z", RegexOptions.None, PatternTimeout.None)]
    private static partial Regex Parts();

    /// <summary>The characters of RFC 3986 without those of a user, a query and a fragment, and without quotes, dollars and braces.</summary>
    [GeneratedRegex(@"\A[A-Za-z]+://[A-Za-z0-9._~:/\[\]!()*+,;=%-]+\z", RegexOptions.None, PatternTimeout.None)]
    private static partial Regex Harmless();
}
