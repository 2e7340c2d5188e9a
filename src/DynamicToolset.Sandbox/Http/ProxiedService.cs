namespace DynamicToolset.Sandbox.Http;

/// <summary>
/// The Service that a request is passed on to, <c>[SCHEME:]NAME[:PORT]</c>, see
/// https://kubernetes.io/docs/tasks/access-application-cluster/access-cluster-services/#manually-constructing-apiserver-proxy-urls.
/// </summary>
/// <param name="Scheme">http or https.</param>
/// <param name="Port">A number, a name, or empty for the port without a name.</param>
internal sealed record ProxiedService(string Scheme, string Name, string Port)
{
    /// <summary>Null for a text of another form.</summary>
    public static ProxiedService? Parse(string text) => text.Split(':') switch
    {
        [{ Length: > 0 } name] => new ProxiedService("http", name, ""),
        [{ Length: > 0 } name, var port] => new ProxiedService("http", name, port),
        ["" or "http", { Length: > 0 } name, var port] => new ProxiedService("http", name, port),
        ["https", { Length: > 0 } name, var port] => new ProxiedService("https", name, port),
        _ => null,
    };
}
