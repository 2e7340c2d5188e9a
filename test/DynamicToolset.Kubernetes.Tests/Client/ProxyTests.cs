using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Config;
using DynamicToolset.Kubernetes.Tests.Scripted;

namespace DynamicToolset.Kubernetes.Tests.Client;

public sealed class ProxyTests
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_https_API_server_is_reached_through_a_tunnel_and_its_name_is_still_checked()
    {
        var authority = new TestAuthority();
        await using var server = new ScriptedServer(authority.Server("api.example.com"), Version);
        await using var proxy = new ScriptedProxy(server.Port);
        await AskAsync($"https://api.example.com:{server.Port}", $"http://127.0.0.1:{proxy.Port}", authority);
        Assert.Equal($"CONNECT api.example.com:{server.Port} HTTP/1.1", proxy.Asked[0]);

        await Assert.ThrowsAsync<KubeApiException>(() => AskAsync($"https://other.example.com:{server.Port}", $"http://127.0.0.1:{proxy.Port}", authority));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_plain_API_server_is_asked_for_by_its_whole_URL()
    {
        await using var server = new ScriptedServer(Version);
        await using var proxy = new ScriptedProxy(server.Port);
        await AskAsync("http://api.example.com:8080", $"http://127.0.0.1:{proxy.Port}");
        Assert.Equal("GET http://api.example.com:8080/version HTTP/1.1", proxy.Asked[0]);
    }

    [Fact]
    public async Task A_SOCKS_proxy_is_given_the_name_to_resolve()
    {
        await using var server = new ScriptedServer(Version);
        await using var proxy = new ScriptedProxy(server.Port);
        await AskAsync("http://api.example.com:8080", $"socks5://127.0.0.1:{proxy.Port}");
        Assert.Equal(["SOCKS api.example.com"], proxy.Asked);
    }

    [Fact]
    public async Task A_proxy_that_cannot_be_reached_is_an_error_and_the_API_server_is_not_asked_directly()
    {
        await using var server = new ScriptedServer(Version);
        using var closed = new ClosedPort();
        KubeApiException error = await Assert.ThrowsAsync<KubeApiException>(() => AskAsync(server.Url.AbsoluteUri, $"http://user:hush@127.0.0.1:{closed.Number}"));
        Assert.Equal(KubeFault.Unreachable, error.Fault);
        Assert.Contains($"{server.Url} (through the proxy http://127.0.0.1:{closed.Number}) is not reachable", error.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task The_environment_of_this_process_has_no_say_where_the_connection_names_no_proxy()
    {
        await using var server = new ScriptedServer(Version);
        await using var proxy = new ScriptedProxy(server.Port);
        string? before = Environment.GetEnvironmentVariable("http_proxy");
        Environment.SetEnvironmentVariable("http_proxy", $"http://127.0.0.1:{proxy.Port}");
        try
        {
            await AskAsync(server.Url.AbsoluteUri, proxy: null);
        }
        finally
        {
            Environment.SetEnvironmentVariable("http_proxy", before);
        }

        Assert.Empty(proxy.Asked);
    }

    private static Task Version(Exchange exchange) => exchange.AnswerAsync(200, """{"major":"1","minor":"34","gitVersion":"v1.34.9"}""");

    private static async Task AskAsync(string server, string? proxy, TestAuthority? authority = null)
    {
        var connection = new KubeConnection
        {
            Server = new Uri(server),
            Proxy = proxy is null ? null : new Uri(proxy),
            Tls = new KubeTls { CertificateAuthority = authority is null ? null : new PemSource.Text(authority.Pem, "test") },
        };
        using var client = new KubeApiClient(connection, TimeProvider.System);
        await client.GetVersionAsync(Stop);
    }
}
