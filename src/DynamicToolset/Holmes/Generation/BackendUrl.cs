using System.Globalization;
using System.Text.RegularExpressions;

namespace DynamicToolset.Holmes.Generation;

/// <summary>Where a backend is. It comes from a Service, or from an admin, who may write any URL.</summary>
/// <param name="Text">What may stand in a config, as it was written but for the scheme, which is in lower case: http or https. Without credentials, query or fragment.</param>
/// <param name="Plain">The same for a command and for a toolset of type http, with its port and the host in lower case; null where neither may hold it.</param>
internal sealed partial record BackendUrl(string Text, PlainUrl? Plain)
{
    private const int Longest = 2048;

    /// <summary>With a slash at its end, which is what some clients join paths to.</summary>
    public string TextWithSlash => TextWithoutSlash + "/";

    /// <summary>Without one at its end, for clients that join paths with a slash of their own.</summary>
    public string TextWithoutSlash => Text.TrimEnd('/');

    /// <summary>Null for what is no such place. HolmesGPT is given it without the scheme.</summary>
    public static BackendUrl? TryReadBroker(string text) =>
        Broker().Match(text) is { Success: true } broker && text.Length <= Longest ? new BackendUrl(broker.Groups["place"].Value, null) : null;

    /// <summary>For people and models: they always see the same form as the commands, if one is allowed.</summary>
    public string Shown => Plain?.Text ?? Text;

    /// <summary>Null for what is no such URL.</summary>
    public static BackendUrl? TryRead(string text)
    {
        if (text.Length > Longest || !Harmless().IsMatch(text) || !Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https"))
            return null;
        // Nothing listens there, and HolmesGPT takes no such host.
        if (uri.Port == 0)
            return null;
        return new BackendUrl(uri.Scheme + text[text.IndexOf(':')..], PlainOf(text, uri.Port));
    }

    private static PlainUrl? PlainOf(string text, int port)
    {
        if (Parts().Match(text) is not { Success: true } parts)
            return null;
        string origin = parts.Groups["origin"].Value.ToLowerInvariant();
        return PlainUrl.TryCreate(string.Create(CultureInfo.InvariantCulture, $"{origin}:{port}{parts.Groups["path"].Value}"));
    }

    [GeneratedRegex(@"\A(?:tcp://)?(?<place>[A-Za-z0-9.-]+:[0-9]{1,5}(?:,[A-Za-z0-9.-]+:[0-9]{1,5})*)\z", RegexOptions.None, PatternTimeout.None)]
    private static partial Regex Broker();

    /// <summary>
    /// The characters of RFC 3986 without those of a user, a query and a fragment, and without quotes, dollars and braces; a name and a port that
    /// every client reads alike.
    /// </summary>
    [GeneratedRegex(
        @"\A[A-Za-z]+://(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._~-]+)(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~:/\[\]!()*+,;=%-]*)?\z", RegexOptions.None, PatternTimeout.None)]
    private static partial Regex Harmless();

    [GeneratedRegex(@"\A(?<origin>[A-Za-z]+://[A-Za-z0-9.-]+)(:[0-9]{1,5})?(?<path>/[A-Za-z0-9._~/-]*)?\z", RegexOptions.None, PatternTimeout.None)]
    private static partial Regex Parts();
}
