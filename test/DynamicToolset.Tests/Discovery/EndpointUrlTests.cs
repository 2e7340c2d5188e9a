using DynamicToolset.Cluster;

namespace DynamicToolset.Tests.Discovery;

public sealed class EndpointUrlTests
{
    [Theory]
    [InlineData("http", "monitoring", "prometheus", 9090, "", "", "http://prometheus.monitoring:9090")]
    [InlineData("https", "m", "p", 1, "cluster.local", "", "https://p.m.svc.cluster.local:1")]
    [InlineData("http", "m", "p", 65535, "", "/prometheus", "http://p.m:65535/prometheus")]
    [InlineData("http", "m", "p", 80, "", "/prometheus/", "http://p.m:80/prometheus")]
    [InlineData("http", "m", "p", 80, "", "/", "http://p.m:80")]
    [InlineData("http", "1", "p", 80, "", "", "http://p.1:80")]
    [InlineData("http", "m", "1p", 80, "", "", "http://1p.m:80")]
    [InlineData("http", "1", "127", 80, "cluster.local", "", "http://127.1.svc.cluster.local:80")]
    public void A_URL_is_scheme_service_namespace_and_port(string scheme, string ns, string name, int port, string domain, string path, string url) =>
        Assert.Equal(url, EndpointUrl.TryCreate(scheme, new ObjectKey(ns, name), port, domain, path)?.ToString());

    [Theory]
    [InlineData("ftp", "m", "p", 80, "", "")]
    [InlineData("HTTP", "m", "p", 80, "", "")]
    [InlineData("http", "m", "p", 0, "", "")]
    [InlineData("http", "m", "p", -1, "", "")]
    [InlineData("http", "m", "p", 65536, "", "")]
    [InlineData("http", "", "p", 80, "", "")]
    [InlineData("http", "m", "", 80, "", "")]
    [InlineData("http", "m", "p.evil", 80, "", "")]
    [InlineData("http", "m", "p@evil", 80, "", "")]
    [InlineData("http", "m/x", "p", 80, "", "")]
    [InlineData("http", "m", "p:1", 80, "", "")]
    [InlineData("http", "m", "p#", 80, "", "")]
    [InlineData("http", "m", "p\n", 80, "", "")]
    [InlineData("http", "m", "[::1]", 80, "", "")]
    [InlineData("http", "m", "p", 80, "a b", "")]
    [InlineData("http", "m", "p", 80, "evil/", "")]
    [InlineData("http", "m", "p", 80, ".", "")]
    [InlineData("http", "m", "p", 80, "", "x")]
    [InlineData("http", "m", "p", 80, "", "/../x")]
    [InlineData("http", "m", "p", 80, "", "/x?y")]
    public void What_is_not_a_plain_name_port_or_path_makes_no_URL(string scheme, string ns, string name, int port, string domain, string path) =>
        Assert.Null(EndpointUrl.TryCreate(scheme, new ObjectKey(ns, name), port, domain, path));

    /// <summary>Resolvers take <c>127.1</c> for the address 127.0.0.1 and <c>0x7f.1</c> too (inet_aton).</summary>
    [Theory]
    [InlineData("1", "127")]
    [InlineData("1", "0x7f")]
    [InlineData("1", "0177")]
    [InlineData("16689662", "169")]
    public void A_name_that_reads_as_an_address_makes_no_URL(string ns, string name) =>
        Assert.Null(EndpointUrl.TryCreate("http", new ObjectKey(ns, name), 80, ""));
}
