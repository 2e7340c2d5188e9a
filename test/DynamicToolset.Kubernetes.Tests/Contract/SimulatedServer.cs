using DynamicToolset.Kubernetes.Config;
using DynamicToolset.Kubernetes.Tests.Scripted;
using DynamicToolset.Sandbox;

namespace DynamicToolset.Kubernetes.Tests.Contract;

/// <summary>The simulated API server.</summary>
internal sealed class SimulatedServer : IContractServer
{
    private readonly KubeSim _api;
    private readonly TestFolder _folder = new();

    private SimulatedServer(KubeSim api, bool tls)
    {
        _api = api;
        Connection = tls
            ? KubeConnectionResolver.Resolve(new KubeEnvironment(_ => null, _folder.Path), _folder.Write("config", api.Kubeconfig()))
            : new KubeConnection { Server = api.Url, Credentials = new KubeCredentials.Token(api.Token) };
    }

    public KubeConnection Connection { get; }

    public static async Task<SimulatedServer> StartAsync(bool tls)
    {
        var options = new KubeSimOptions { Tls = tls, BookmarkInterval = TimeSpan.FromMilliseconds(300) };
        return new SimulatedServer(await KubeSim.StartAsync(options, TestContext.Current.CancellationToken), tls);
    }

    public HttpClient CreateAdmin() => _api.CreateClient();

    public Task ExpireListsAsync()
    {
        _api.ExpireHistory();
        return Task.CompletedTask;
    }

    public Task ExpireWatchesAsync()
    {
        _api.ExpireHistory();
        _api.DropWatches(abort: true);
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        _folder.Dispose();
    }
}
