using System.Collections.Immutable;
using System.Net;
using System.Reflection;
using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.Manifests;
using DynamicToolset.Pipeline;
using DynamicToolset.Sandbox;
using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Sandbox.SampleBackends;
using DynamicToolset.Sandbox.Storage;
using DynamicToolset.Service.Input;
using DynamicToolset.Service.Options;

namespace DynamicToolset.Service.Sandbox;

/// <summary>The embedded Kubernetes API with a sample server behind every Service that is detected in it.</summary>
internal sealed class SandboxCluster : IAsyncDisposable
{
    private const string Manifests = "deploy/base/";

    private readonly KubeSim _api;
    private readonly SampleBackendServer _backends;
    private readonly DirectoryInfo _directory;

    private SandboxCluster(KubeSim api, SampleBackendServer backends, DirectoryInfo directory, LoadedFiles loaded)
    {
        _api = api;
        _backends = backends;
        _directory = directory;
        Loaded = loaded;
    }

    /// <summary>What came of the manifests.</summary>
    public LoadedFiles Loaded { get; }

    public Uri Url => _api.Url;

    /// <summary>A file that only the user may read; it is gone with the cluster.</summary>
    public string KubeconfigPath => Path.Combine(_directory.FullName, "kubeconfig");

    /// <param name="settings">Where the ConfigMap is to be, and what its owner is called.</param>
    /// <param name="pipeline">Decides, as the service does at that moment, which Services a sample server answers for.</param>
    /// <exception cref="InputException">There is nowhere to write the kubeconfig.</exception>
    public static async Task<SandboxCluster> StartAsync(
        Settings settings, IEnumerable<ManifestFile> manifests, Func<ToolsetPipeline> pipeline, CancellationToken stop)
    {
        SampleBackendServer? backends = null;
        var options = new KubeSimOptions
        {
            FindBackend = (service, servicePort) => backends?.Resolve($"{service.Name}.{service.Namespace}", servicePort),
        };
        KubeSim api = await KubeSim.StartAsync(options, stop);
        try
        {
            LoadedFiles loaded = Load(api, manifests, settings.ConfigMapNamespace);
            AddDeployment(api, new ObjectKey(settings.ConfigMapNamespace, settings.OwnerDeployment));
            backends = await SampleBackendServer.StartAsync(key => FindBackend(api.Store, key, pipeline), stop);
            var cluster = new SandboxCluster(api, backends, CreateFolder(), loaded);
            await File.WriteAllTextAsync(cluster.KubeconfigPath, api.Kubeconfig(), stop);
            return cluster;
        }
        catch
        {
            if (backends is not null)
                await backends.DisposeAsync();
            await api.DisposeAsync();
            throw;
        }
    }

    /// <summary>Where the sample server for a host and port listens; null where there is no such Service.</summary>
    public IPEndPoint? Resolve(string host, int port) => _backends.Resolve(host, port);

    public async ValueTask DisposeAsync()
    {
        await _backends.DisposeAsync();
        await _api.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    /// <exception cref="InputException">There is nowhere to make it, as in a container whose root is read-only.</exception>
    private static DirectoryInfo CreateFolder()
    {
        try
        {
            return Directory.CreateTempSubdirectory("dynamic-toolset-");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"dynamic-toolset sandbox: nothing can be written in {Path.GetTempPath()}; set TMPDIR to a folder that you may write to");
        }
    }

    private static LoadedFiles Load(KubeSim api, IEnumerable<ManifestFile> manifests, string configMapNamespace)
    {
        var loaded = new LoadedFiles(new SandboxManifests(api));
        foreach (ManifestFile file in manifests)
            loaded.Add(file);
        SandboxManifests.EnsureNamespace(api, configMapNamespace);
        foreach (string name in Assembly.GetExecutingAssembly().GetManifestResourceNames().Where(n => n.StartsWith(Manifests, StringComparison.Ordinal)))
            LoadShipped(api, name);
        return loaded;
    }

    /// <summary>The accounts and rights of an installed service, where the manifests before did not bring them: its commands work here as well.</summary>
    private static void LoadShipped(KubeSim api, string name)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!);
        if (SandboxManifests.Load(api, reader.ReadToEnd(), keepPresent: true) is { } problem)
            throw new InvalidOperationException($"{name}:{problem}");
    }

    /// <summary>
    /// As in a cluster the ConfigMap has an owner. It has no pods: the service is this process. With the selector of <c>deploy/base</c>, which can be
    /// applied here then.
    /// </summary>
    private static void AddDeployment(KubeSim api, ObjectKey key)
    {
        if (api.Store.Get(KubeResource.Deployments, key) is not null)
            return;
        string? problem = SandboxManifests.Load(api, $$"""
            apiVersion: apps/v1
            kind: Deployment
            metadata: { name: "{{key.Name}}", namespace: "{{key.Namespace}}" }
            spec:
              replicas: 0
              selector: { matchLabels: { app.kubernetes.io/name: dynamic-toolset, app.kubernetes.io/instance: dynamic-toolset } }
              template:
                metadata: { labels: { app.kubernetes.io/name: dynamic-toolset, app.kubernetes.io/instance: dynamic-toolset } }
                spec: { containers: [ { name: dynamic-toolset, image: dynamic-toolset } ] }
            """);
        if (problem is not null)
            throw new InvalidOperationException(problem);
    }

    /// <summary>A compatible product answers as itself, and not as that whose API it speaks.</summary>
    private static string ProductOf(Detection.Matched found, ToolsetPipeline pipeline) =>
        found is { IsCompatible: true, Rule: { } rule } ? pipeline.Rules.FindRule(rule)?.Product ?? found.Type : found.Type;

    private static SampleBackend? FindBackend(KubeStore store, ObjectKey key, Func<ToolsetPipeline> pipeline)
    {
        if (store.Get(KubeResource.Services, key) is not JsonObject manifest)
            return null;
        ImmutableArray<ServiceRecord> services = ServiceManifests.Read(manifest.ToJsonString()).Services;
        ToolsetPipeline decides = pipeline();
        return decides.Detect(services) is [Detection.Matched found]
            ? SampleBackend.Create(ProductOf(found, decides), found.Endpoint.Scheme == "https", found.Service.Annotations, static _ => { })
            : null;
    }
}
