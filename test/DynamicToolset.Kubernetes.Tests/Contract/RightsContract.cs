using System.Collections.Immutable;
using System.Text.Json.Nodes;
using DynamicToolset.Discovery;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Config;
using DynamicToolset.Reconciliation;
using DynamicToolset.Testing;

namespace DynamicToolset.Kubernetes.Tests.Contract;

/// <summary>
/// What the rights in <c>README.md</c> are enough for, https://kubernetes.io/docs/reference/access-authn-authz/rbac/. On the real API server,
/// which has the last word on rights.
/// </summary>
[Collection(RealServerTests.Name)]
public sealed class RealRightsTests(RealServerFixture real) : IAsyncLifetime
{
    private const string Roles = "/apis/rbac.authorization.k8s.io/v1";
    private static readonly ImmutableSortedDictionary<string, string> NoPairs = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
    private static readonly ImmutableSortedDictionary<string, string?> NoChanges = ImmutableSortedDictionary.Create<string, string?>(StringComparer.Ordinal);
    private static readonly ConfigMapContent Content = new(NoPairs, NoPairs, NoPairs.Add("a", "1"));

    private ContractCluster? _cluster;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ContractCluster Cluster => _cluster!;

    public async ValueTask InitializeAsync() => _cluster = await ContractCluster.CreateAsync(real.Server());

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
            await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task Without_a_right_the_refusal_names_it()
    {
        KubeApiClient nobody = await WithRightsAsync();
        KubeApiException refusal = await Assert.ThrowsAsync<KubeApiException>(() => nobody.ListServicesAsync(null, Stop));
        Assert.True(refusal.IsForbidden);
        Assert.Equal("Forbidden", refusal.Reason);
        Assert.Contains("list services in the whole cluster", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_version_needs_no_right() => Assert.NotEmpty((await (await WithRightsAsync()).GetVersionAsync(Stop)).GitVersion);

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
        await foreach (WatchEvent<ConfigMapRecord> next in api.WatchConfigMapAsync(Cluster.Key, version, TimeSpan.FromSeconds(60), Stop))
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

    [Theory]
    [InlineData("get", "list", "watch", "patch")]
    [InlineData("get", "list", "watch", "create")]
    public async Task A_creation_needs_the_rights_to_create_and_to_patch(params string[] verbs)
    {
        KubeApiClient api = await WithRightsAsync(verbs);
        await ForbiddenAsync(() => api.CreateConfigMapAsync(Cluster.Key, Content, Stop));
        Assert.Null(await api.GetConfigMapAsync(Cluster.Key, Stop));
    }

    private static async Task ForbiddenAsync(Func<Task> call) => Assert.Equal(403, (await Assert.ThrowsAsync<KubeApiException>(call)).Code);

    /// <summary>A client of a ServiceAccount that may do this to the one ConfigMap.</summary>
    private async Task<KubeApiClient> WithRightsAsync(params string[] verbs)
    {
        string ns = Cluster.Namespace;
        await Cluster.PostAsync($"/api/v1/namespaces/{ns}/serviceaccounts", ContractCluster.Named("service"));
        if (verbs.Length > 0)
        {
            JsonObject role = ContractCluster.Named("service");
            role["rules"] = new JsonArray(new JsonObject
            {
                ["apiGroups"] = new JsonArray(""),
                ["resources"] = new JsonArray("configmaps"),
                ["resourceNames"] = new JsonArray(Cluster.Key.Name),
                ["verbs"] = new JsonArray([.. verbs.Select(verb => (JsonNode)verb)]),
            });
            await Cluster.PostAsync($"{Roles}/namespaces/{ns}/roles", role);
            JsonObject binding = ContractCluster.Named("service");
            binding["roleRef"] = new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = "Role", ["name"] = "service" };
            binding["subjects"] = new JsonArray(new JsonObject { ["kind"] = "ServiceAccount", ["name"] = "service", ["namespace"] = ns });
            await Cluster.PostAsync($"{Roles}/namespaces/{ns}/rolebindings", binding);
        }

        var request = new JsonObject { ["spec"] = new JsonObject { ["expirationSeconds"] = 3600 } };
        JsonObject answer = await Cluster.PostAsync($"/api/v1/namespaces/{ns}/serviceaccounts/service/token", request);
        KubeApiClient client = Cluster.ClientFor(Cluster.Connection with
        {
            Credentials = new KubeCredentials.Token((string)answer["status"]!["token"]!),
            Tls = Cluster.Connection.Tls with { ClientCertificate = null, ClientKey = null },
        });
        await AcceptedAsync(client, verbs);
        return client;
    }

    // The API server learns of a new role by a watch of its own: until then it refuses.
    private async Task AcceptedAsync(KubeApiClient client, string[] verbs)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        while (verbs.Contains("list"))
        {
            try
            {
                await client.ListConfigMapAsync(Cluster.Key, patience.Token);
                return;
            }
            catch (KubeApiException e) when (e.IsForbidden)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
            }
        }
    }
}
