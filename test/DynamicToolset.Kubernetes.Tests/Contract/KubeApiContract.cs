using System.Collections.Immutable;
using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Reconciliation;
using DynamicToolset.Testing;

namespace DynamicToolset.Kubernetes.Tests.Contract;

/// <summary>
/// What this program relies on of a Kubernetes API server, https://kubernetes.io/docs/reference/using-api/api-concepts/. The same facts hold on the
/// real one and on the simulated one; where they differ, the simulated one is wrong.
/// </summary>
public abstract partial class KubeApiContract : IAsyncLifetime
{
    private static readonly ImmutableSortedDictionary<string, string> NoPairs = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
    private static readonly ImmutableSortedDictionary<string, string?> NoChanges = ImmutableSortedDictionary.Create<string, string?>(StringComparer.Ordinal);

    private ContractCluster? _cluster;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ContractCluster Cluster => _cluster!;

    /// <summary>What is under test: the client over HTTP, unless a back end has another.</summary>
    private IKubeApi Api => InProcess ?? Cluster.Api;

    protected virtual IKubeApi? InProcess => null;

    public async ValueTask InitializeAsync() => _cluster = await ContractCluster.CreateAsync(await ServerAsync());

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_cluster is not null)
            await _cluster.DisposeAsync();
        await ReleaseAsync();
    }

    protected abstract Task<IApiServer> ServerAsync();

    /// <summary>For a test that breaks it: where tests share a server, another one.</summary>
    protected virtual Task<IApiServer> ServerToRestartAsync() => Task.FromResult(Cluster.Server);

    /// <summary>After the test: ends a server that was its own, or fails where a shared one has died.</summary>
    protected abstract ValueTask ReleaseAsync();

    private static ConfigMapContent Content(params (string Key, string Value)[] data) =>
        new(NoPairs, NoPairs, NoPairs.AddRange(data.Select(pair => KeyValuePair.Create(pair.Key, pair.Value))));

    private static ConfigMapPatch Changes(string version, params (string Key, string? Value)[] data) =>
        new(version, NoChanges, NoChanges, NoChanges.AddRange(data.Select(pair => KeyValuePair.Create(pair.Key, pair.Value))), []);

    private static string VersionOf(JsonObject item) => (string)item["metadata"]!["resourceVersion"]!;

    private static string UidOf(JsonObject item) => (string)item["metadata"]!["uid"]!;

    private static async Task<KubeApiException> RefusalAsync(Func<Task> call, int code, string reason)
    {
        KubeApiException refusal = await Assert.ThrowsAsync<KubeApiException>(call);
        Assert.Equal((code, reason), (refusal.Code, refusal.Reason));
        return refusal;
    }

    private Task<ConfigMapRecord> CreateAsync(params (string Key, string Value)[] data) => Api.CreateConfigMapAsync(Cluster.Key, Content(data), Stop);

    private Task<ConfigMapRecord> PatchAsync(ConfigMapPatch patch) => Api.PatchConfigMapAsync(Cluster.Key, patch, Stop);

    private async Task<ConfigMapRecord> GetAsync()
    {
        ConfigMapRecord? found = await Api.GetConfigMapAsync(Cluster.Key, Stop);
        Assert.NotNull(found);
        return found;
    }
}
