using DynamicToolset.Kubernetes.Config;

namespace DynamicToolset.Kubernetes.Tests.Config;

public sealed class ProxyEnvironmentTests
{
    [Theory]
    [InlineData("https://api.example.com", "", "http://p:3128/")]
    [InlineData("https://api.example.com", "example.com", null)]
    [InlineData("https://api.example.com", ".example.com", null)]
    [InlineData("https://api.example.com", "*.example.com", null)]
    [InlineData("https://example.com", "example.com", null)]
    [InlineData("https://example.com", ".example.com", "http://p:3128/")]
    [InlineData("https://notexample.com", "example.com", "http://p:3128/")]
    [InlineData("https://API.Example.com", "other, EXAMPLE.com", null)]
    [InlineData("https://api.example.com:6443", "example.com:6443", null)]
    [InlineData("https://api.example.com:6443", "example.com:443", "http://p:3128/")]
    [InlineData("https://10.96.0.1", "10.0.0.0/8", null)]
    [InlineData("https://10.96.0.1", "10.96.0.1", null)]
    [InlineData("https://10.96.0.1:6443", "10.96.0.1:443", "http://p:3128/")]
    [InlineData("https://10.96.0.1", "192.168.0.0/16, 10.96.0.2", "http://p:3128/")]
    [InlineData("https://[fd00::1]:6443", "fd00::/8", null)]
    [InlineData("https://[fd00::1]:6443", "fd00::1", null)]
    [InlineData("https://[fd00::1]:6443", "[fd00::1]:6443", null)]
    [InlineData("https://api.example.com", "*", null)]
    [InlineData("https://localhost:6443", "", null)]
    [InlineData("https://127.0.0.1:6443", "", null)]
    [InlineData("https://[::1]:6443", "", null)]
    public void The_proxy_is_used_except_for_what_NO_PROXY_names(string server, string noProxy, string? expected) =>
        Assert.Equal(expected, For(server, ("HTTPS_PROXY", "http://p:3128"), ("NO_PROXY", noProxy))?.AbsoluteUri);

    [Theory]
    [InlineData("https://a", "https_proxy", "http://p/", "http://p/")]
    [InlineData("https://a", "HTTP_PROXY", "http://p/", null)]
    [InlineData("http://a", "HTTP_PROXY", "http://p/", "http://p/")]
    [InlineData("http://a", "http_proxy", "p:3128", "http://p:3128/")]
    [InlineData("http://a", "HTTPS_PROXY", "http://p/", null)]
    [InlineData("https://a", "HTTPS_PROXY", "socks5://p:1080", "socks5://p:1080/")]
    [InlineData("https://a", "HTTPS_PROXY", "", null)]
    public void Each_scheme_has_its_variable_in_either_case(string server, string name, string value, string? expected) =>
        Assert.Equal(expected, For(server, (name, value))?.AbsoluteUri);

    [Fact]
    public void What_is_no_proxy_URL_is_refused_without_repeating_it()
    {
        KubeConfigException error = Assert.Throws<KubeConfigException>(() => For("https://a", ("HTTPS_PROXY", "ftp://user:password@p")));
        Assert.StartsWith("HTTPS_PROXY: is no proxy URL", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("password", error.Message, StringComparison.Ordinal);
    }

    private static Uri? For(string server, params (string Name, string Value)[] variables) =>
        ProxyEnvironment.For(new Uri(server), variables.ToDictionary(variable => variable.Name, variable => variable.Value).GetValueOrDefault);
}
