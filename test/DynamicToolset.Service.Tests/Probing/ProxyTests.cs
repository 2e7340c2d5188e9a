using System.Net;
using DynamicToolset.Cluster;
using DynamicToolset.HealthCheck;
using DynamicToolset.Service.Probing;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Probing;

/// <summary>The default proxy is the process's, so nothing else may run meanwhile.</summary>
[CollectionDefinition(nameof(ProxyTests), DisableParallelization = true)]
[Collection(nameof(ProxyTests))]
public sealed class ProxyTests
{
    [Fact]
    public async Task The_proxy_that_the_environment_names_is_ignored()
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        await using LoopbackBackend proxy = LoopbackBackend.AnsweringStatus("200 OK");
        await using LoopbackBackend backend = LoopbackBackend.AnsweringStatus("200 OK");
        HttpProber prober = new(
            new HttpProberOptions { AllowedNetworks = [IPNetwork.Parse("127.0.0.0/8")], Resolve = (_, _) => backend.EndPoint },
            TimeProvider.System);
        EndpointUrl endpoint = EndpointUrl.TryCreate("http", new ObjectKey("monitoring", "prometheus"), 9090, "")!;

        // What http_proxy and its kin end up in; they themselves are read only once in a process's life.
        IWebProxy before = HttpClient.DefaultProxy;
        HttpClient.DefaultProxy = new WebProxy($"http://{proxy.EndPoint}");
        try
        {
            Assert.IsType<ProbeAnswer.Response>(await prober.AskAsync(new ProbeRequest(endpoint, "/-/healthy", 0, Patience.Limit), stop));
        }
        finally
        {
            HttpClient.DefaultProxy = before;
        }

        Assert.Equal(0, proxy.Accepted);
        // Towards a proxy the request line names the whole URL.
        Assert.StartsWith("GET /-/healthy ", Assert.Single(backend.Requests), StringComparison.Ordinal);
    }
}
