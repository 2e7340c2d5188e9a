using System.Net;

namespace DynamicToolset.Cluster;

/// <summary>
/// The URL of a detected backend: <c>scheme://service.namespace[.svc.domain]:port[/path]</c> and nothing else.
/// It is built only from a Service's own name, namespace and port, so nobody who may write a label or an annotation
/// can choose the host that is connected to.
/// </summary>
public sealed record EndpointUrl
{
    /// <summary>The scheme of what speaks a protocol of its own.</summary>
    public const string Tcp = "tcp";

    private EndpointUrl(string scheme, string host, int port, string path)
    {
        Scheme = scheme;
        Host = host;
        Port = port;
        Path = path;
    }

    /// <summary><c>http</c>, <c>https</c>, or <see cref="Tcp"/>.</summary>
    public string Scheme { get; }

    /// <summary>It does not speak HTTP.</summary>
    public bool IsTcp => Scheme == Tcp;

    /// <summary>For example <c>prometheus.monitoring</c>.</summary>
    public string Host { get; }

    public ObjectKey Service => Host.Split('.', 3) is [var name, var ns, ..] ? new ObjectKey(ns, name) : throw new System.Diagnostics.UnreachableException();

    /// <summary>1 to 65535.</summary>
    public int Port { get; }

    /// <summary>Empty, or a prefix such as <c>/prometheus</c> without a slash at its end.</summary>
    public string Path { get; }

    public EndpointForm Form => new(Scheme, Path);

    /// <summary>Null where a name is no DNS label, the names read as an address, the port is out of range or the scheme is unknown.</summary>
    /// <param name="clusterDomain">Empty for the short form, else for example <c>cluster.local</c>.</param>
    public static EndpointUrl? TryCreate(string scheme, ObjectKey service, int port, string clusterDomain, string path = "")
    {
        if (scheme is not ("http" or "https" or Tcp) || port is < 1 or > 65535)
            return null;
        if (!DnsName.IsLabel(service.Name) || !DnsName.IsLabel(service.Namespace))
            return null;
        if (clusterDomain.Length > 0 && !DnsName.IsDomain(clusterDomain))
            return null;
        if (path.Length > 0 && !UrlPath.IsPlain(path))
            return null;
        string host = clusterDomain.Length == 0
            ? $"{service.Name}.{service.Namespace}"
            : $"{service.Name}.{service.Namespace}.svc.{clusterDomain}";
        // Service 127 in namespace 1 would be 127.1, which resolvers take for the address 127.0.0.1.
        return IPAddress.TryParse(host, out _) ? null : new EndpointUrl(scheme, host, port, path.TrimEnd('/'));
    }

    /// <summary>The same host and port.</summary>
    /// <param name="form">Its path is a <see cref="UrlPath"/> or empty: forms come out of a rule.</param>
    public EndpointUrl In(EndpointForm form) => new(form.Scheme, Host, Port, form.Path);

    public override string ToString() => $"{Scheme}://{Host}:{Port}{Path}";
}
