using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Config;
using DynamicToolset.Sandbox;
using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Sandbox.SampleBackends;

namespace DynamicToolset.Bench.Clusters;

/// <summary>The simulated API server over TLS, in this process.</summary>
internal sealed class SimulatedCluster : ICluster
{
    private static readonly ObjectKey OwnAccount = new(ClusterContent.OwnNamespace, "dynamic-toolset-sa");

    private readonly KubeSim _api;
    private readonly SampleBackendServer _backends;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dynamic-toolset-bench-");

    private SimulatedCluster(KubeSim api, ClusterContent content, SampleBackendServer backends)
    {
        _api = api;
        Content = content;
        _backends = backends;
        Admin = api.CreateClient();
        Kubeconfig = Write("service", api.Kubeconfig(api.IssueToken(OwnAccount, TimeSpan.FromHours(1))));
        AdminConnection = KubeConnectionResolver.Resolve(new KubeEnvironment(_ => null, Home: ""), Write("admin", api.Kubeconfig()));
        BackendAddress = backends.Resolve(new Backend(0).Host.Split(':')[0], 0)!.ToString();
    }

    public ClusterContent Content { get; }

    public HttpClient Admin { get; }

    public KubeConnection AdminConnection { get; }

    public string Kubeconfig { get; }

    public string BackendAddress { get; }

    public IReadOnlyList<KubeRequest> Requests =>
        [.. _api.Requests.Entries.Where(r => r.UserAgent.StartsWith("dynamic-toolset", StringComparison.Ordinal)).Select(r => new KubeRequest(r.Verb, r.Resource))];

    public static async Task<SimulatedCluster> StartAsync(ClusterContent content, CancellationToken stop)
    {
        KubeSim api = await KubeSim.StartAsync(new KubeSimOptions(), stop);
        foreach (string manifests in Repository.DeployedManifests())
        {
            if (SandboxManifests.Load(api, manifests) is { } refused)
                throw new InvalidOperationException($"deploy/base cannot be loaded: {refused}");
        }

        foreach (string name in ClusterContent.Namespaces)
            SandboxManifests.EnsureNamespace(api, name);
        api.Load(content.Manifests);
        SampleBackendServer backends = await SampleBackendServer.StartAsync(_ => new SampleBackend("prometheus", SampleAnswer.Right), stop);
        return new SimulatedCluster(api, content, backends);
    }

    /// <summary>In the store itself: a request for it would take time of what is measured.</summary>
    public Task ChangeAsync(ObjectKey service, JsonObject patch, CancellationToken stop)
    {
        Change(service, patch);
        return Task.CompletedTask;
    }

    public void Change(ObjectKey service, JsonObject patch) => _api.Store.MergePatch(KubeResource.Services, service, patch);

    public Task<string> IssueReaderTokenAsync(int number, CancellationToken stop)
    {
        var reader = new ReaderAccount(number);
        if (SandboxManifests.Load(_api, $"{reader.Account}\n---\n{reader.Binding}") is { } refused)
            throw new InvalidOperationException(refused);
        return Task.FromResult(_api.IssueToken(new ObjectKey(ClusterContent.OwnNamespace, reader.Name), TimeSpan.FromHours(1)));
    }

    public void Create(JsonObject service) => _api.Store.Create(KubeResource.Services, service);

    public void Remove(ObjectKey service) => _api.Store.Delete(KubeResource.Services, service);

    public void EnsureNamespace(string name) => SandboxManifests.EnsureNamespace(_api, name);

    public async ValueTask DisposeAsync()
    {
        Admin.Dispose();
        await _backends.DisposeAsync();
        await _api.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
