using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using DynamicToolset.Cluster;
using DynamicToolset.Configuration;
using DynamicToolset.HealthCheck;
using DynamicToolset.LeaderElection;

namespace DynamicToolset.Service.Options;

/// <summary>The kinds of settings there are.</summary>
internal static class SettingKinds
{
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestLease = LeaseObservation.LongestDuration;

    /// <summary><c>true</c> or <c>false</c>, in any case.</summary>
    public static SettingKind<bool> Switch { get; } = new("true or false", bool.TryParse, value => value ? "true" : "false")
    {
        Choices = ["true", "false"],
    };

    public static SettingKind<TimeSpan> Interval { get; } = Duration(ShortestInterval, TimeSpan.FromHours(24));

    public static SettingKind<TimeSpan> TimeLimit { get; } = Duration(ShortestTimeout, LongestTimeout);

    public static SettingKind<TimeSpan> Pause { get; } = Duration(TimeSpan.Zero, LongestTimeout);

    public static SettingKind<TimeSpan> LeaseDuration { get; } = Duration(TimeSpan.FromSeconds(1), LongestLease);

    public static SettingKind<TimeSpan> LeaseInterval { get; } = Duration(ShortestInterval, LongestLease);

    /// <summary>An address range as in RFC 4632, with no bits set after the prefix.</summary>
    public static SettingKind<ImmutableArray<IPNetwork>> Networks { get; } =
        new SettingKind<IPNetwork>("", TryReadNetwork, value => value.ToString())
            .Many("network ranges such as 10.0.0.0/8 or fd00::/8, with no bit set behind the prefix");

    /// <summary><c>host:port=address:port</c>, as curl's <c>--resolve</c> has it, with an equals sign.</summary>
    public static SettingKind<ImmutableArray<ResolvedAddress>> Resolve { get; } =
        new SettingKind<ResolvedAddress>("", TryReadResolvedAddress, value => value.ToString())
            .Many("host:port=address:port, such as grafana.monitoring:3000=127.0.0.1:13000 (IPv6 as [::1]:13000)");

    /// <summary><c>rule/namespace=file</c>.</summary>
    public static SettingKind<ImmutableArray<CheckToken>> TokenFiles { get; } =
        new SettingKind<CheckToken>("", TryReadToken, value => value.ToString())
            .Many("rule/namespace=/path/of/the/file, such as thanos/openshift-monitoring=/var/run/secrets/tokens/thanos");

    /// <summary>An IP address as Kubernetes writes it; may be empty.</summary>
    public static SettingKind<string> OptionalAddress { get; } = Text(
        "an IP address such as 10.1.2.3 or fd00::1, or empty", text => text.Length == 0 || IsAddress(text));

    /// <summary>A URL that starts with http:// or https:// and holds neither a user nor a password; may be empty.</summary>
    public static SettingKind<string> HttpUrl { get; } = Text(
        "an absolute URL with http or https and without user, password or fragment, "
            + "such as http://holmes/api/admin/reload/toolsets; or empty",
        text => text.Length == 0 || IsHttpUrl(text));

    /// <summary>The same for a collector.</summary>
    public static SettingKind<string> CollectorUrl { get; } = Text(
        "an absolute URL with http or https and without user, password or fragment, such as http://otel-collector.observability:4317; or empty",
        text => text.Length == 0 || IsHttpUrl(text));

    public static SettingKind<OtlpProtocol> OtlpProtocol { get; } = Choice(("grpc", Options.OtlpProtocol.Grpc), ("http/protobuf", Options.OtlpProtocol.HttpProtobuf));

    public static SettingKind<OtelExporter> Exporter { get; } = Choice(("otlp", OtelExporter.Otlp), ("none", OtelExporter.None));

    /// <summary>A path of a file or directory; may be empty.</summary>
    public static SettingKind<string> FilePath { get; } = Text("a path, or empty", text => !text.Contains('\0', StringComparison.Ordinal));

    /// <summary>A name that somebody else gave; may be empty.</summary>
    public static SettingKind<string> OneLine { get; } = Text("a name on one line, or empty", text => !text.Any(char.IsControl));

    /// <summary>A value that can go into an HTTP header as it is; may be empty.</summary>
    public static SettingKind<string> Key { get; } = Text("printable ASCII characters without blanks, or empty", IsPrintable);

    /// <summary>An RFC 1123 label: a namespace.</summary>
    public static SettingKind<string> Label { get; } = Text(
        "a DNS label: a-z, 0-9 and '-', at most 63 characters", text => DnsName.IsLabel(text));

    public static SettingKind<string> OptionalLabel { get; } = Text(
        "a DNS label: a-z, 0-9 and '-', at most 63 characters; or empty", text => text.Length == 0 || DnsName.IsLabel(text));

    /// <summary>RFC 1123 labels joined by dots: the name of most objects.</summary>
    public static SettingKind<string> Domain { get; } = Text(
        "a DNS name: a-z, 0-9, '-' and '.', at most 253 characters", text => DnsName.IsDomain(text));

    public static SettingKind<string> OptionalDomain { get; } = Text(
        "a DNS name such as cluster.local, or empty", text => text.Length == 0 || DnsName.IsDomain(text));

    public static SettingKind<ImmutableArray<string>> NamespaceList { get; } = Label.Many("namespaces (DNS labels: a-z, 0-9 and '-')");

    public static SettingKind<ImmutableArray<string>> ToolsetNames { get; } = Text("", IsToolsetName)
        .Many("toolset names such as kubernetes/core (letters, digits, '-', '_' and '/')");

    public static SettingKind<ImmutableArray<string>> Audiences { get; } = Text("", text => text.Length > 0 && IsPrintable(text))
        .Many("token audiences (printable ASCII without blanks)");

    /// <summary>A decimal number without sign within two bounds, both allowed.</summary>
    public static SettingKind<int> Number(int least, int most) => new(
        $"a whole number from {least} to {most}",
        (text, out value) => TryReadNumber(text, least, most, out value),
        value => value.ToString(CultureInfo.InvariantCulture));

    /// <summary>One of a few words, in any case.</summary>
    public static SettingKind<T> Choice<T>(params ImmutableArray<(string Word, T Value)> choices)
        where T : struct, Enum => new(
        "one of " + string.Join(", ", choices.Select(choice => choice.Word)),
        (text, out value) =>
        {
            (string? word, value) = choices.FirstOrDefault(choice => choice.Word.Equals(text, StringComparison.OrdinalIgnoreCase));
            return word is not null;
        },
        value => choices.First(choice => choice.Value.Equals(value)).Word)
        {
            Choices = [.. choices.Select(choice => choice.Word)],
        };

    /// <summary>A time in Go notation within two bounds, both allowed.</summary>
    private static SettingKind<TimeSpan> Duration(TimeSpan least, TimeSpan most) => new(
        $"a duration such as 500ms, 30s or 1m30s, from {GoDuration.Format(least)} to {GoDuration.Format(most)}",
        (text, out value) => GoDuration.TryParse(text, out value) && value >= least && value <= most,
        GoDuration.Format);

    private static SettingKind<string> Text(string allowed, Func<string, bool> isAllowed) => new(
        allowed,
        (string text, [MaybeNullWhen(false)] out string value) => isAllowed(value = text),
        text => text);

    private static bool TryReadNumber(string text, int least, int most, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= least && value <= most;

    private static bool IsPrintable(string text) => text.All(c => c is > ' ' and <= '~');

    /// <summary>The framework's parser also takes 1 for 0.0.0.1, and an IPv6 address with a zone.</summary>
    private static bool IsAddress(string text) =>
        IPAddress.TryParse(text, out IPAddress? address)
        && (text.Contains(':', StringComparison.Ordinal) || address.ToString() == text)
        && !text.AsSpan().ContainsAny("%[]");

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
    private static bool TryReadNetwork(string text, out IPNetwork network) =>
        IPNetwork.TryParse(text, out network) && IPAddress.Parse(text.AsSpan(0, text.IndexOf('/'))).Equals(network.BaseAddress);

    private static bool TryReadResolvedAddress(string text, [MaybeNullWhen(false)] out ResolvedAddress resolved)
    {
        resolved = null;
        if (text.Split('=') is not [var from, var to])
            return false;
        if (!TrySplitHostAndPort(from, out string host, out int port) || !(DnsName.IsDomain(host) || IPAddress.TryParse(host, out _)))
            return false;
        if (!TrySplitHostAndPort(to, out string target, out int targetPort) || !IPAddress.TryParse(target, out IPAddress? address))
            return false;
        resolved = new ResolvedAddress(host, port, address, targetPort);
        return true;
    }

    private static bool TryReadToken(string text, [MaybeNullWhen(false)] out CheckToken token)
    {
        token = null;
        (int slash, int equals) = (text.IndexOf('/'), text.IndexOf('='));
        if (slash <= 0 || equals < slash)
            return false;
        token = new CheckToken(text[..slash], text[(slash + 1)..equals], text[(equals + 1)..]);
        return DnsName.IsLabel(token.Rule) && DnsName.IsLabel(token.Namespace) && Path.IsPathRooted(token.File);
    }

    private static bool TrySplitHostAndPort(string text, out string host, out int port)
    {
        int colon = text.LastIndexOf(':');
        host = colon < 0 ? "" : text[..colon].Trim('[', ']').ToLowerInvariant();
        port = 0;
        bool isBareIPv6 = host.Contains(':', StringComparison.Ordinal) && !text.StartsWith('[');
        return colon > 0 && !isBareIPv6 && TryReadNumber(text[(colon + 1)..], 1, 65535, out port);
    }
}
