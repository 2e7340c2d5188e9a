using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using DynamicToolset.Cluster;
using DynamicToolset.Configuration;

namespace DynamicToolset.Service.Options;

/// <summary>The kinds of settings there are.</summary>
internal static class SettingKinds
{
    /// <summary><c>true</c> or <c>false</c>, in any case.</summary>
    public static SettingKind<bool> Switch { get; } = new(
        "switch",
        "true or false",
        text => bool.TryParse(text, out bool value) ? SettingText.Of(value) : SettingText.Refused<bool>(),
        value => value ? "true" : "false");

    /// <summary>An address range, written as RFC 4632 does, without bits beside the prefix.</summary>
    public static SettingKind<ImmutableArray<IPNetwork>> Networks { get; } = new SettingKind<IPNetwork>(
        "network",
        "a network range such as 10.0.0.0/8",
        ReadNetwork,
        value => value.ToString()).Many("network ranges such as 10.0.0.0/8 or fd00::/8, with no bit set behind the prefix");

    /// <summary><c>host:port=address:port</c>, as curl's <c>--resolve</c> has it, with an equals sign.</summary>
    public static SettingKind<ImmutableArray<ResolvedAddress>> Resolve { get; } = new SettingKind<ResolvedAddress>(
        "resolve",
        "host:port=address:port",
        ReadResolvedAddress,
        value => value.ToString()).Many("host:port=address:port, such as grafana.monitoring:3000=127.0.0.1:13000 (IPv6 as [::1]:13000)");

    /// <summary>A URL that starts with http:// or https:// and holds neither a user nor a password; may be empty.</summary>
    public static SettingKind<string> HttpUrl { get; } = Text(
        "url",
        "an absolute URL with http or https and without user, password or fragment, such as http://holmes/api/admin/reload/toolsets; or empty",
        text => text.Length == 0 || IsHttpUrl(text));

    /// <summary>A path of a file or directory; may be empty.</summary>
    public static SettingKind<string> Path { get; } = Text(
        "path",
        "a path, or empty",
        text => !text.Contains('\0', StringComparison.Ordinal));

    /// <summary>A value that can go into an HTTP header as it is; may be empty.</summary>
    public static SettingKind<string> Key { get; } = Text(
        "text",
        "printable ASCII characters without blanks, or empty",
        text => text.All(c => c is > ' ' and <= '~'));

    /// <summary>An RFC 1123 label: a namespace.</summary>
    public static SettingKind<string> Label { get; } = Text("name", "a DNS label: a-z, 0-9 and '-', at most 63 characters", IsLabel);

    /// <summary>RFC 1123 labels joined by dots: the name of most objects.</summary>
    public static SettingKind<string> Domain { get; } = Text(
        "name",
        "a DNS name: a-z, 0-9, '-' and '.', at most 253 characters",
        text => DnsName.IsDomain(text));

    public static SettingKind<string> OptionalDomain { get; } = Text(
        "name",
        "a DNS name such as cluster.local, or empty",
        text => text.Length == 0 || DnsName.IsDomain(text));

    public static SettingKind<string> OptionalLabel { get; } = Text(
        "name",
        "a DNS label: a-z, 0-9 and '-', at most 63 characters; or empty",
        text => text.Length == 0 || IsLabel(text));

    public static SettingKind<ImmutableArray<string>> Namespaces { get; } = Label.Many("namespaces (DNS labels: a-z, 0-9 and '-')");

    public static SettingKind<ImmutableArray<string>> ToolsetNames { get; } = Text(
        "name",
        "a toolset name",
        IsToolsetName).Many("toolset names such as kubernetes/core (letters, digits, '-', '_' and '/')");

    public static SettingKind<ImmutableArray<string>> Audiences { get; } = Text(
        "text",
        "an audience",
        text => text.Length > 0 && text.All(c => c is > ' ' and <= '~')).Many("token audiences (printable ASCII without blanks)");

    /// <summary>A time in Go notation within two bounds, both allowed.</summary>
    public static SettingKind<TimeSpan> Duration(TimeSpan least, TimeSpan most) => new(
        "duration",
        $"a duration such as 500ms, 30s or 1m30s, from {GoDuration.Format(least)} to {GoDuration.Format(most)}",
        text => GoDuration.TryParse(text, out TimeSpan value) && value >= least && value <= most
            ? SettingText.Of(value)
            : SettingText.Refused<TimeSpan>(),
        GoDuration.Format);

    /// <summary>A decimal number without sign within two bounds, both allowed.</summary>
    public static SettingKind<int> Number(int least, int most) => new(
        "number",
        $"a whole number from {least} to {most}",
        text => TryReadNumber(text, least, most, out int value) ? SettingText.Of(value) : SettingText.Refused<int>(),
        value => value.ToString(CultureInfo.InvariantCulture));

    /// <summary>One of a few words, in any case.</summary>
    public static SettingKind<T> Choice<T>(params ImmutableArray<(string Word, T Value)> choices)
        where T : struct, Enum => new(
        "choice",
        "one of " + string.Join(", ", choices.Select(choice => choice.Word)),
        text =>
        {
            foreach ((string word, T value) in choices)
            {
                if (word.Equals(text, StringComparison.OrdinalIgnoreCase))
                    return SettingText.Of(value);
            }

            return SettingText.Refused<T>();
        },
        value => choices.First(choice => choice.Value.Equals(value)).Word);

    private static SettingKind<string> Text(string name, string allowed, Func<string, bool> isAllowed) => new(
        name,
        allowed,
        text => isAllowed(text) ? SettingText.Of(text) : SettingText.Refused<string>(),
        text => text);

    private static bool TryReadNumber(string text, int least, int most, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= least && value <= most;

    private static bool IsLabel(string text) => DnsName.IsLabel(text);

    private static bool IsToolsetName(string text) =>
        text.Length is > 0 and <= 253 && char.IsAsciiLetterOrDigit(text[0])
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '/');

    private static bool IsHttpUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? url)
        && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
        && url.UserInfo.Length == 0 && url.Fragment.Length == 0 && url.Host.Length > 0;

    /// <summary>
    /// The framework's parser drops bits behind the prefix. Here they are refused: 10.0.0.1/8 was hardly meant to be 16 million
    /// addresses.
    /// </summary>
    private static ReadSetting<IPNetwork> ReadNetwork(string text) =>
        IPNetwork.TryParse(text, out IPNetwork network) && IPAddress.Parse(text.AsSpan(0, text.IndexOf('/'))).Equals(network.BaseAddress)
            ? SettingText.Of(network)
            : SettingText.Refused<IPNetwork>();

    private static ReadSetting<ResolvedAddress> ReadResolvedAddress(string text)
    {
        string[] sides = text.Split('=');
        if (sides.Length != 2 || !TrySplitHostAndPort(sides[0], out string host, out int port) || !IsHost(host))
            return SettingText.Refused<ResolvedAddress>();
        if (!TrySplitHostAndPort(sides[1], out string target, out int targetPort) || !IPAddress.TryParse(target, out IPAddress? address))
            return SettingText.Refused<ResolvedAddress>();
        return SettingText.Of(new ResolvedAddress(host, port, address, targetPort));
    }

    private static bool TrySplitHostAndPort(string text, out string host, out int port)
    {
        int colon = text.LastIndexOf(':');
        host = colon < 0 ? "" : text[..colon].Trim('[', ']').ToLowerInvariant();
        port = 0;
        bool isBareIPv6 = host.Contains(':', StringComparison.Ordinal) && !text.StartsWith('[');
        return colon > 0 && !isBareIPv6 && TryReadNumber(text[(colon + 1)..], 1, 65535, out port);
    }

    private static bool IsHost(string text) => DnsName.IsDomain(text) || IPAddress.TryParse(text, out _);
}
