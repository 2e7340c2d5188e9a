using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Config;
using DynamicToolset.Sandbox;
using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Testing;

namespace DynamicToolset.Kubernetes.Tests.EndToEnd;

/// <summary>A simulated API server over HTTPS, and a client that found it by its kubeconfig.</summary>
internal sealed class SimulatedCluster : IAsyncDisposable
{
    private static readonly KubeResource Services = KubeResource.Services;

    private readonly TestFolder _folder = new();

    private SimulatedCluster(KubeSim api, int pageSize)
    {
        Api = api;
        string kubeconfig = _folder.Write("config", api.Kubeconfig());
        KubeConnection connection = KubeConnectionResolver.Resolve(new KubeEnvironment(_ => null, _folder.Path), kubeconfig);
        Client = new KubeApiClient(connection, TimeProvider.System, new KubeApiClientOptions { PageSize = pageSize });
    }

    public KubeSim Api { get; }

    public KubeApiClient Client { get; }

    public static async Task<SimulatedCluster> StartAsync(int pageSize = 500, KubeSimOptions? options = null) =>
        new(await KubeSim.StartAsync(options ?? new KubeSimOptions(), TestContext.Current.CancellationToken), pageSize);

    public void Create(string name) => Api.Store.Create(Services, JsonNode.Parse($$$"""
        {"apiVersion":"v1","kind":"Service","metadata":{"name":"{{{name}}}","namespace":"default"},"spec":{"ports":[{"port":80}]} }
        """)!.AsObject());

    public void Label(string name, string value) => Api.Store.MergePatch(Services, KeyOf(name), JsonNode.Parse($$$"""
        {"metadata":{"labels":{"step":"{{{value}}}"} } }
        """)!.AsObject());

    public void Delete(string name) => Api.Store.Delete(Services, KeyOf(name));

    /// <summary>Names and resource versions of all Services in the store.</summary>
    public SortedDictionary<string, string> Stored() => Versions(Api.Store.List(Services).Select(service => (
        service["metadata"]!["name"]!.GetValue<string>(), service["metadata"]!["resourceVersion"]!.GetValue<string>())));

    public static SortedDictionary<string, string> Versions(IEnumerable<ServiceRecord> services) =>
        Versions(services.Select(service => (service.Key.Name, service.ResourceVersion)));

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Api.DisposeAsync();
        _folder.Dispose();
    }

    private static SortedDictionary<string, string> Versions(IEnumerable<(string Name, string Version)> services) =>
        new(services.ToDictionary(service => service.Name, service => service.Version), StringComparer.Ordinal);

    private static ObjectKey KeyOf(string name) => new("default", name);
}
