using System.Collections.Immutable;
using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Reconciliation;
using DynamicToolset.Testing;

namespace DynamicToolset.Kubernetes.Tests.Contract;

/// <summary>
/// Who may do what, https://kubernetes.io/docs/reference/access-authn-authz/rbac/: what the shipped manifest allows and what it does not, and
/// how the API server tells who carries a token. The same facts hold on the real API server and on the simulated one.
/// </summary>
public abstract partial class RightsContract : IAsyncLifetime
{
    private static readonly ImmutableSortedDictionary<string, string> NoPairs = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
    private static readonly ImmutableSortedDictionary<string, string?> NoChanges = ImmutableSortedDictionary.Create<string, string?>(StringComparer.Ordinal);
    private static readonly ConfigMapContent Content = new(NoPairs, NoPairs, NoPairs.Add("a", "1"));

    private ContractCluster? _cluster;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ContractCluster Cluster => _cluster!;

    public async ValueTask InitializeAsync() => _cluster = await ContractCluster.CreateAsync(await ServerAsync());

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_cluster is not null)
            await _cluster.DisposeAsync();
        await ReleaseAsync();
    }

    protected abstract Task<IApiServer> ServerAsync();

    /// <summary>After the test: ends a server that was its own, or fails where a shared one has died.</summary>
    protected abstract ValueTask ReleaseAsync();

    [Fact]
    public async Task Without_a_right_the_refusal_names_it()
    {
        ContractAccount nobody = await Cluster.AccountAsync();
        KubeApiException refusal = await Assert.ThrowsAsync<KubeApiException>(() => nobody.Api.ListServicesAsync(null, Stop));
        Assert.True(refusal.IsForbidden);
        Assert.Equal("Forbidden", refusal.Reason);
        Assert.Contains("list services in the whole cluster", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_version_needs_no_right() => Assert.NotEmpty((await (await Cluster.AccountAsync()).Api.GetVersionAsync(Stop)).GitVersion);

    [Fact]
    public async Task The_right_to_one_name_is_enough_to_create_read_and_patch_it()
    {
        KubeApiClient api = await WithRightsAsync("get", "list", "watch", "create", "patch");
        ConfigMapRecord created = await api.CreateConfigMapAsync(Cluster.Key, Content, Stop);
        Assert.Equal(created.Uid, (await api.GetConfigMapAsync(Cluster.Key, Stop))!.Uid);
        Assert.Equal(created.Uid, Assert.Single((await api.ListConfigMapAsync(Cluster.Key, Stop)).Items).Uid);
        var patch = new ConfigMapPatch(created.ResourceVersion, NoChanges, NoChanges, NoChanges.Add("a", "2"), []);
        Assert.Equal("2", (await api.PatchConfigMapAsync(Cluster.Key, patch, Stop)).Data["a"]);
    }

    [Fact]
    public async Task The_right_to_one_name_shows_its_deletion()
    {
        KubeApiClient api = await WithRightsAsync("list", "watch");
        await Cluster.GivenAsync(("a", "1"));
        string version = (await api.ListConfigMapAsync(Cluster.Key, Stop)).ResourceVersion;
        await Cluster.DeleteAsync($"{Cluster.ConfigMaps}/toolsets");
        await foreach (WatchEvent<ConfigMapRecord> next in api.WatchConfigMapAsync(Cluster.Key, version, Patience.Limit, Stop))
        {
            if (next.Kind == WatchEventKind.Deleted)
                return;
        }

        Assert.Fail("The watch ended without the deletion.");
    }

    [Fact]
    public async Task The_right_to_one_name_is_none_to_another()
    {
        KubeApiClient api = await WithRightsAsync("get", "list", "watch", "create", "patch");
        var other = new ObjectKey(Cluster.Namespace, "other");
        await ForbiddenAsync(() => api.GetConfigMapAsync(other, Stop));
        await ForbiddenAsync(() => api.ListConfigMapAsync(other, Stop));
        await ForbiddenAsync(() => api.CreateConfigMapAsync(other, Content, Stop));
    }

    [Fact]
    public async Task The_right_to_create_one_name_is_none_to_post_it()
    {
        ContractAccount account = await Cluster.AccountAsync();
        await account.AllowConfigMapAsync("create", "patch");
        (int code, JsonObject status) = await account.AskAsync(HttpMethod.Post, Cluster.ConfigMaps, ContractCluster.Named(Cluster.Key.Name));
        Assert.Equal((403, "Forbidden"), (code, (string?)status["reason"]));
        await account.Api.CreateConfigMapAsync(Cluster.Key, Content, Stop);
    }

    [Theory]
    [InlineData("get", "list", "watch", "patch")]
    [InlineData("get", "list", "watch", "create")]
    public async Task A_creation_needs_the_rights_to_create_and_to_patch(params string[] verbs)
    {
        KubeApiClient api = await WithRightsAsync(verbs);
        await ForbiddenAsync(() => api.CreateConfigMapAsync(Cluster.Key, Content, Stop));
        Assert.Null(await api.GetConfigMapAsync(Cluster.Key, Stop));
    }

    [Fact]
    public async Task A_right_ends_with_its_role()
    {
        ContractAccount account = await Cluster.AccountAsync();
        await account.AllowConfigMapAsync("get");
        await Cluster.DeleteAsync($"/apis/rbac.authorization.k8s.io/v1/namespaces/{Cluster.Namespace}/roles/service");
        var right = new Right("get", "", "configmaps", Cluster.Namespace, Cluster.Key.Name);
        await Patience.EventuallyAsync(async () => !await account.MayAsync(right), () => "the right has ended");
        await ForbiddenAsync(() => account.Api.GetConfigMapAsync(Cluster.Key, Stop));
    }

    private static async Task ForbiddenAsync(Func<Task> call) => Assert.Equal(403, (await Assert.ThrowsAsync<KubeApiException>(call)).Code);

    /// <summary>A client of a ServiceAccount that may do this to the one ConfigMap.</summary>
    private async Task<KubeApiClient> WithRightsAsync(params string[] verbs)
    {
        ContractAccount account = await Cluster.AccountAsync();
        await account.AllowConfigMapAsync(verbs);
        return account.Api;
    }
}
