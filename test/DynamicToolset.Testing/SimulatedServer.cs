using DynamicToolset.Kubernetes.Config;
using DynamicToolset.Sandbox;

namespace DynamicToolset.Testing;

/// <summary>The simulated API server.</summary>
public sealed class SimulatedServer : IApiServer
{
    private readonly TestFolder _folder = new();

    private SimulatedServer(KubeSim api)
    {
        Api = api;
        Kubeconfig = _folder.Write("config", api.Kubeconfig());
        Connection = KubeConnectionResolver.Resolve(new KubeEnvironment(_ => null, _folder.Path), Kubeconfig);
    }

    /// <summary>The server itself, to look into and to disturb.</summary>
    public KubeSim Api { get; }

    public KubeConnection Connection { get; }

    public string Kubeconfig { get; }

    public static async Task<SimulatedServer> StartAsync(bool tls = true)
    {
        var options = new KubeSimOptions { Tls = tls, BookmarkInterval = TimeSpan.FromMilliseconds(300) };
        return new SimulatedServer(await KubeSim.StartAsync(options, TestContext.Current.CancellationToken));
    }

    public HttpClient CreateAdmin() => Api.CreateClient();

    public Task ExpireListsAsync()
    {
        Api.ExpireHistory();
        return Task.CompletedTask;
    }

    public Task ExpireWatchesAsync()
    {
        Api.ExpireHistory();
        Api.DropWatches(abort: true);
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await Api.DisposeAsync();
        _folder.Dispose();
    }
}
