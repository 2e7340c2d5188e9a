using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.LeaderElection;
using DynamicToolset.Reconciliation;
using DynamicToolset.Testing;

namespace DynamicToolset.Kubernetes.Tests.Contract;

public abstract partial class RightsContract
{
    private const string Shipped = "kubernaut-toolset-config";

    private ObjectKey ShippedKey => new(Cluster.Namespace, Shipped);

    [Theory, InlineData("dynamic-toolset-sa"), InlineData("dynamic-toolset")]
    public async Task Every_row_of_the_shipped_manifest_is_allowed(string account)
    {
        (ContractAccount service, ShippedRights rights) = await ShippedAccountAsync(account);
        var refused = new List<Right>();
        foreach (Right right in rights.Of(account))
        {
            if (!await service.MayAsync(right))
                refused.Add(right);
        }

        Assert.NotEmpty(rights.Of(account));
        Assert.Empty(refused);
    }

    [Fact]
    public void The_shipped_manifest_gives_both_accounts_the_same_rights()
    {
        var rights = new ShippedRights(Cluster);
        Assert.Equal(["dynamic-toolset", "dynamic-toolset-sa"], rights.Accounts.Order(StringComparer.Ordinal));
        Assert.Equal(rights.Of("dynamic-toolset-sa"), rights.Of("dynamic-toolset"));
    }

    /// <summary>What lies next to a row of the manifest. Own: the namespace of the service; other: another one; none: the whole cluster.</summary>
    [Theory]
    [InlineData("get", "", "configmaps", "own", "other")]
    [InlineData("patch", "", "configmaps", "own", "other")]
    [InlineData("create", "", "configmaps", "own", "other")]
    [InlineData("get", "", "configmaps", "other", Shipped)]
    [InlineData("patch", "", "configmaps", "other", Shipped)]
    [InlineData("list", "", "configmaps", "own", "")]
    [InlineData("watch", "", "configmaps", "own", "")]
    [InlineData("create", "", "configmaps", "own", "")]
    [InlineData("list", "", "configmaps", "none", "")]
    [InlineData("delete", "", "configmaps", "own", Shipped)]
    [InlineData("deletecollection", "", "configmaps", "own", "")]
    [InlineData("create", "", "services", "own", "")]
    [InlineData("patch", "", "services", "own", "x")]
    [InlineData("update", "", "services/status", "own", "x")]
    [InlineData("delete", "", "services", "own", "x")]
    [InlineData("list", "", "events", "own", "")]
    [InlineData("delete", "", "events", "own", "x")]
    [InlineData("list", "", "endpoints", "none", "")]
    [InlineData("get", "", "secrets", "own", "x")]
    [InlineData("list", "", "secrets", "none", "")]
    [InlineData("list", "", "pods", "own", "")]
    [InlineData("create", "", "pods", "own", "")]
    [InlineData("create", "", "pods/exec", "own", "x")]
    [InlineData("list", "", "nodes", "none", "")]
    [InlineData("create", "", "namespaces", "none", "")]
    [InlineData("create", "", "serviceaccounts/token", "own", "dynamic-toolset-sa")]
    [InlineData("impersonate", "", "users", "none", "")]
    [InlineData("list", "apps", "deployments", "own", "")]
    [InlineData("get", "apps", "deployments", "own", "other")]
    [InlineData("get", "apps", "deployments", "other", "dynamic-toolset")]
    [InlineData("watch", "apps", "deployments", "own", "dynamic-toolset")]
    [InlineData("update", "apps", "deployments", "own", "dynamic-toolset")]
    [InlineData("patch", "apps", "deployments", "own", "dynamic-toolset")]
    [InlineData("delete", "apps", "deployments", "own", "dynamic-toolset")]
    [InlineData("update", "apps", "deployments/scale", "own", "dynamic-toolset")]
    [InlineData("update", "apps", "deployments/finalizers", "own", "other")]
    [InlineData("update", "apps", "deployments/finalizers", "other", "dynamic-toolset")]
    [InlineData("patch", "apps", "deployments/finalizers", "own", "dynamic-toolset")]
    [InlineData("delete", "coordination.k8s.io", "leases", "own", "dynamic-toolset-leader")]
    [InlineData("update", "coordination.k8s.io", "leases", "own", "other")]
    [InlineData("patch", "coordination.k8s.io", "leases", "own", "other")]
    [InlineData("create", "coordination.k8s.io", "leases", "own", "")]
    [InlineData("list", "coordination.k8s.io", "leases", "own", "")]
    [InlineData("get", "coordination.k8s.io", "leases", "other", "dynamic-toolset-leader")]
    [InlineData("create", "authorization.k8s.io", "localsubjectaccessreviews", "own", "")]
    [InlineData("create", "toolset.kubernaut.io", "toolsets", "none", "")]
    [InlineData("delete", "toolset.kubernaut.io", "discoveries", "none", "")]
    [InlineData("watch", "toolset.kubernaut.io", "services", "none", "")]
    [InlineData("create", "rbac.authorization.k8s.io", "rolebindings", "own", "")]
    [InlineData("escalate", "rbac.authorization.k8s.io", "clusterroles", "none", "dynamic-toolset")]
    public async Task What_lies_next_to_the_shipped_rights_is_refused(string verb, string group, string resource, string place, string name)
    {
        (ContractAccount service, _) = await ShippedAccountAsync();
        string ns = place switch { "own" => Cluster.Namespace, "other" => "default", _ => "" };
        Assert.False(await service.MayAsync(new Right(verb, group, resource, ns, name)));
    }

    [Fact]
    public async Task The_shipped_rights_are_enough_for_what_the_service_does()
    {
        (ContractAccount service, _) = await ShippedAccountAsync();
        await service.Api.ListServicesAsync(null, Stop);
        Assert.Null(await service.Api.GetDeploymentAsync(ShippedKey with { Name = "dynamic-toolset" }, Stop));
        string version = (await service.Api.ListConfigMapAsync(ShippedKey, Stop)).ResourceVersion;
        ConfigMapRecord created = await service.Api.CreateConfigMapAsync(ShippedKey, Content, Stop);
        var patch = new ConfigMapPatch(created.ResourceVersion, NoChanges, NoChanges, NoChanges.Add("a", "2"), []);
        ConfigMapRecord patched = await service.Api.PatchConfigMapAsync(ShippedKey, patch, Stop);
        await using (IAsyncEnumerator<WatchEvent<ConfigMapRecord>> watch =
            service.Api.WatchConfigMapAsync(ShippedKey, version, Patience.Limit, Stop).GetAsyncEnumerator(Stop))
        {
            while (watch.Current.ResourceVersion != patched.ResourceVersion)
                Assert.True(await watch.MoveNextAsync());
        }

        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        ObjectKey leaseKey = ShippedKey with { Name = "dynamic-toolset-leader" };
        Assert.Null(await service.Api.GetLeaseAsync(leaseKey, Stop));
        string before = (await service.Api.ListLeaseAsync(leaseKey, Stop)).ResourceVersion;
        LeaseRecord lease = await service.Api.CreateLeaseAsync(leaseKey, LeaseSpec.Empty.HeldBy("one", Patience.Limit, now), null, Stop);
        await service.Api.UpdateLeaseAsync(lease, lease.Spec.Released(now), null, Stop);
        await using (IAsyncEnumerator<WatchEvent<LeaseRecord>> watch = service.Api.WatchLeaseAsync(leaseKey, before, Patience.Limit, Stop).GetAsyncEnumerator(Stop))
        {
            while (watch.Current.ResourceVersion != lease.ResourceVersion)
                Assert.True(await watch.MoveNextAsync());
        }

        var told = new KubeEvent("e.1", new EventSubject("ConfigMap", ShippedKey, created.Uid), "Trouble", "text", 1, now, now);
        await service.Api.CreateEventAsync(told, Stop);
        await service.Api.RepeatEventAsync(told with { Count = 2 }, Stop);
    }

    [Theory]
    [InlineData("GET", "configmaps/other")]
    [InlineData("GET", "configmaps")]
    [InlineData("GET", "configmaps?watch=true")]
    [InlineData("GET", "configmaps?fieldSelector=metadata.name%3Dother")]
    [InlineData("POST", "configmaps")]
    [InlineData("DELETE", "configmaps/" + Shipped)]
    [InlineData("DELETE", "configmaps")]
    [InlineData("DELETE", "services/x")]
    [InlineData("GET", "events")]
    [InlineData("GET", "secrets")]
    [InlineData("GET", "secrets/x")]
    [InlineData("GET", "pods")]
    [InlineData("POST", "serviceaccounts/dynamic-toolset-sa/token")]
    public async Task A_request_next_to_the_shipped_rights_is_forbidden(string method, string path)
    {
        (ContractAccount service, _) = await ShippedAccountAsync();
        JsonObject? body = method == "POST" ? ContractCluster.Named(Shipped) : null;
        (int code, JsonObject status) = await service.AskAsync(new HttpMethod(method), $"/api/v1/namespaces/{Cluster.Namespace}/{path}", body);
        Assert.Equal((403, "Forbidden"), (code, (string?)status["reason"]));
    }

    [Fact]
    public async Task The_shipped_rights_end_at_the_namespace()
    {
        (ContractAccount service, _) = await ShippedAccountAsync();
        var elsewhere = new ObjectKey("default", Shipped);
        await ForbiddenAsync(() => service.Api.GetConfigMapAsync(elsewhere, Stop));
        await ForbiddenAsync(() => service.Api.ListConfigMapAsync(elsewhere, Stop));
        await ForbiddenAsync(() => service.Api.CreateConfigMapAsync(elsewhere, Content, Stop));
        await ForbiddenAsync(() => service.Api.GetDeploymentAsync(elsewhere with { Name = "dynamic-toolset" }, Stop));
    }

    /// <summary>A ServiceAccount of that name, with the shipped rights in force.</summary>
    private async Task<(ContractAccount Service, ShippedRights Rights)> ShippedAccountAsync(string name = "dynamic-toolset-sa")
    {
        var rights = new ShippedRights(Cluster);
        await rights.CreateAsync();
        ContractAccount account = await Cluster.AccountAsync(name);

        // Roles and bindings come into force in the order in which they were made.
        foreach (IGrouping<string, Right> place in rights.Of(name).GroupBy(right => right.Namespace))
            await account.InForceAsync(place.Last());
        return (account, rights);
    }
}
