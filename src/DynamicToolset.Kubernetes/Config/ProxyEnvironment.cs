using System.Globalization;
using System.Net;

namespace DynamicToolset.Kubernetes.Config;

/// <summary>
/// HTTPS_PROXY, HTTP_PROXY and NO_PROXY with the meaning that Go programs, kubectl among them, give them:
/// https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config.
/// </summary>
internal static class ProxyEnvironment
{
    /// <summary>The proxy for the API server; null where it is to be reached directly.</summary>
    /// <exception cref="KubeConfigException">The variable holds no usable URL.</exception>
    public static Uri? For(Uri server, Func<string, string?> variable)
    {
        string name = server.Scheme == Uri.UriSchemeHttps ? "HTTPS_PROXY" : "HTTP_PROXY";
        string? value = Either(variable, name);
        if (string.IsNullOrEmpty(value) || IsExcluded(server, Either(variable, "NO_PROXY") ?? ""))
            return null;
        return Parse(value, name);
    }

    /// <summary>A proxy URL; without a scheme it means http.</summary>
    /// <exception cref="KubeConfigException">It is none.</exception>
    public static Uri Parse(string value, string place)
    {
        string url = value.Contains("://", StringComparison.Ordinal) ? value : "http://" + value;
        if (Uri.TryCreate(url, UriKind.Absolute, out Uri? proxy) && proxy.Scheme is "http" or "https" or "socks5" && proxy.Host.Length > 0)
            return proxy;
        throw new KubeConfigException(place, "is no proxy URL", "allowed are http://, https:// and socks5:// with a host");
    }

    private static string? Either(Func<string, string?> variable, string name) =>
        variable(name) is { Length: > 0 } value ? value : variable(name.ToLowerInvariant());

    private static bool IsExcluded(Uri server, string noProxy)
    {
        string host = server.IdnHost.Trim('[', ']');
        IPAddress? address = IPAddress.TryParse(host, out IPAddress? parsed) ? parsed : null;
        if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (address is not null && IPAddress.IsLoopback(address)))
            return true;
        return noProxy.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Any(entry => Matches(entry, host, address, server.Port));
    }

    private static bool Matches(string entry, string host, IPAddress? address, int port)
    {
        if (entry == "*")
            return true;
        if (address is not null && IPNetwork.TryParse(entry, out IPNetwork network))
            return network.Contains(address);
        (string name, int? onlyPort) = SplitPort(entry);
        if (onlyPort is not null && onlyPort != port)
            return false;
        return address is null ? IsDomain(name, host) : IPAddress.TryParse(name.Trim('[', ']'), out IPAddress? one) && one.Equals(address);
    }

    // ".example.com" and "*.example.com" mean what is below it, "example.com" the name itself too.
    private static bool IsDomain(string name, string host)
    {
        string suffix = name.StartsWith("*.", StringComparison.Ordinal) ? name[1..] : name;
        if (suffix.StartsWith('.'))
            return host.EndsWith(suffix, StringComparison.OrdinalIgnoreCase);
        return host.Equals(suffix, StringComparison.OrdinalIgnoreCase) || host.EndsWith("." + suffix, StringComparison.OrdinalIgnoreCase);
    }

    private static (string Name, int? Port) SplitPort(string entry)
    {
        int colon = entry.LastIndexOf(':');
        bool isBareIPv6 = colon >= 0 && entry.IndexOf(':', StringComparison.Ordinal) != colon && !entry.StartsWith('[');
        if (colon < 0 || isBareIPv6 || !int.TryParse(entry.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port))
            return (entry, null);
        return (entry[..colon], port);
    }
}
