using System.Collections.Immutable;
using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;

namespace DynamicToolset.Kubernetes.Tests.Contract;

/// <summary>Owner references, https://kubernetes.io/docs/concepts/overview/working-with-objects/owners-dependents/.</summary>
public abstract partial class KubeApiContract
{
    [Fact]
    public async Task A_ConfigMap_can_belong_to_a_Deployment()
    {
        string uid = UidOf(await Cluster.PostAsync(Cluster.Deployments, Deployment()));
        await Cluster.GivenAsync(("a", "1"));
        JsonObject owned = await OwnedByAsync(Owner(uid, isController: true), 200);
        JsonNode owner = Assert.Single(owned["metadata"]!["ownerReferences"]!.AsArray())!;
        Assert.Equal(("Deployment", "service", uid), ((string?)owner["kind"], (string?)owner["name"], (string?)owner["uid"]));
        Assert.True((bool)owner["controller"]!);
    }

    [Fact]
    public async Task An_owner_without_its_uid_is_invalid()
    {
        await Cluster.GivenAsync(("a", "1"));
        JsonObject owner = Owner("x");
        owner.Remove("uid");
        Assert.Equal("Invalid", (string?)(await OwnedByAsync(owner, 422))["reason"]);
    }

    [Fact]
    public async Task An_owner_with_an_empty_uid_is_invalid()
    {
        await Cluster.GivenAsync(("a", "1"));
        Assert.Equal("Invalid", (string?)(await OwnedByAsync(Owner(""), 422))["reason"]);
    }

    [Fact]
    public async Task An_owner_is_taken_whether_it_lives_or_not()
    {
        await Cluster.GivenAsync(("a", "1"));
        await OwnedByAsync(Owner("00000000-0000-0000-0000-000000000000"), 200);
    }

    [Fact]
    public async Task A_second_controller_is_invalid()
    {
        await Cluster.GivenAsync(("a", "1"));
        JsonObject other = Owner("2", isController: true);
        other["name"] = "other";
        Assert.Equal("Invalid", (string?)(await OwnedByAsync(new JsonArray(Owner("1", isController: true), other), 422))["reason"]);
        await OwnedByAsync(new JsonArray(Owner("1", isController: true), Owner("2")), 200);
    }

    [Fact]
    public async Task Owners_are_replaced_together_by_a_merge_patch()
    {
        await Cluster.GivenAsync(("a", "1"));
        await OwnedByAsync(Owner("1"), 200);
        JsonObject adopted = await OwnedByAsync(Owner("2"), 200);
        Assert.Equal("2", (string?)Assert.Single(adopted["metadata"]!["ownerReferences"]!.AsArray())!["uid"]);
        JsonObject free = await OwnedByAsync(new JsonArray(), 200);
        Assert.Null(free["metadata"]!["ownerReferences"]);
    }

    [Fact]
    public async Task The_ConfigMap_is_created_with_its_owner()
    {
        string uid = UidOf(await Cluster.PostAsync(Cluster.Deployments, Deployment()));
        OwnerReference ours = OwnerReference.ToDeployment("service", uid);
        ConfigMapRecord created = await Api.CreateConfigMapAsync(Cluster.Key, Content(("a", "1")) with { Owners = [ours] }, Stop);
        Assert.Equal([ours], created.Owners);
        Assert.Equal([ours], (await GetAsync()).Owners);
    }

    [Fact]
    public async Task The_owners_of_others_are_carried_over_field_by_field()
    {
        await Cluster.GivenAsync(("a", "1"));
        JsonObject odd = Owner("b");
        odd["kind"] = "ReplicaSet";
        odd["controller"] = false;
        odd["blockOwnerDeletion"] = true;
        JsonObject before = await OwnedByAsync(new JsonArray(odd, Owner("p")), 200);

        OwnerReference ours = OwnerReference.ToDeployment("service", "new");
        ImmutableArray<OwnerReference> owners = (await GetAsync()).Owners;
        ConfigMapRecord patched = await PatchAsync(Changes(VersionOf(before)) with { Owners = owners.Add(ours) });
        Assert.Equal([.. owners, ours], patched.Owners);
        JsonArray after = (await Cluster.ReadAsync())["metadata"]!["ownerReferences"]!.AsArray();
        after.RemoveAt(2);
        Assert.True(JsonNode.DeepEquals(before["metadata"]!["ownerReferences"], after), after.ToJsonString());
    }

    [Fact]
    public async Task The_owner_of_a_Deployment_that_was_made_anew_is_corrected_by_one_patch()
    {
        string first = UidOf(await Cluster.PostAsync(Cluster.Deployments, Deployment()));
        ConfigMapRecord created = await Api.CreateConfigMapAsync(
            Cluster.Key, Content(("a", "1")) with { Owners = [OwnerReference.ToDeployment("service", first)] }, Stop);
        await Cluster.DeleteAsync($"{Cluster.Deployments}/service");
        string second = UidOf(await Cluster.PostAsync(Cluster.Deployments, Deployment()));
        Assert.NotEqual(first, second);

        OwnerReference ours = OwnerReference.ToDeployment("service", second);
        ConfigMapRecord adopted = await PatchAsync(Changes(created.ResourceVersion) with { Owners = [ours] });
        Assert.Equal([ours], adopted.Owners);
        Assert.Empty((await PatchAsync(Changes(adopted.ResourceVersion) with { Owners = [] })).Owners);
    }

    [Fact]
    public async Task A_patch_that_does_not_name_the_owners_leaves_them()
    {
        await Cluster.GivenAsync(("a", "1"));
        string version = VersionOf(await OwnedByAsync(Owner("1", isController: true), 200));
        Assert.Equal("1", Assert.Single((await PatchAsync(Changes(version, ("a", "2")))).Owners).Uid);
    }

    [Fact]
    public async Task With_a_second_controller_the_data_is_refused_too()
    {
        await Cluster.GivenAsync(("a", "1"));
        JsonObject owned = await OwnedByAsync(Owner("1", isController: true), 200);
        ImmutableArray<OwnerReference> two = [.. (await GetAsync()).Owners, OwnerReference.ToDeployment("another", "2")];
        KubeApiException refusal = await RefusalAsync(() => PatchAsync(Changes(VersionOf(owned), ("a", "2")) with { Owners = two }), 422, "Invalid");
        Assert.True(refusal.IsInvalid);
        Assert.Equal("1", (await GetAsync()).Data["a"]);
    }

    [Fact]
    public async Task A_Deployment_is_known_by_its_uid_and_a_missing_one_is_none()
    {
        string uid = UidOf(await Cluster.PostAsync(Cluster.Deployments, Deployment()));
        var key = new ObjectKey(Cluster.Namespace, "service");
        Assert.Equal(new DeploymentRecord(uid, IsBeingDeleted: false), await Api.GetDeploymentAsync(key, Stop));
        Assert.Null(await Api.GetDeploymentAsync(key with { Name = "other" }, Stop));
        await Cluster.DeleteAsync($"{Cluster.Deployments}/service");
        Assert.Null(await Api.GetDeploymentAsync(key, Stop));
    }

    [Fact]
    public async Task A_Deployment_that_waits_for_its_end_says_so()
    {
        JsonObject deployment = Deployment();
        deployment["metadata"]!["finalizers"] = ContractCluster.Texts("example.com/wait");
        string uid = UidOf(await Cluster.PostAsync(Cluster.Deployments, deployment));
        await Cluster.DeleteAsync($"{Cluster.Deployments}/service");
        Assert.Equal(new DeploymentRecord(uid, IsBeingDeleted: true), await Api.GetDeploymentAsync(new ObjectKey(Cluster.Namespace, "service"), Stop));
    }

    [Fact]
    public async Task Labels_and_annotations_are_recorded_for_who_writes_them()
    {
        await CreateAsync(("a", "1"));
        const string Patch = """{"metadata":{"labels":{"l":"1"},"annotations":{"example.com/n":"2"}}}""";
        await Cluster.PatchAsync($"{Cluster.ConfigMaps}/toolsets?fieldManager=somebody", Patch);
        Assert.Equal(["example.com/n", "l"], Assert.Single((await GetAsync()).Managers, manager => manager.Name == "somebody").MetadataKeys);
    }

    private static JsonObject Owner(string uid, bool isController = false)
    {
        var owner = new JsonObject { ["apiVersion"] = "apps/v1", ["kind"] = "Deployment", ["name"] = "service", ["uid"] = uid };
        if (isController)
            owner["controller"] = true;
        return owner;
    }

    private static JsonObject Deployment() => JsonNode.Parse("""
        {"metadata":{"name":"service"},"spec":{"selector":{"matchLabels":{"app":"x"}},
         "template":{"metadata":{"labels":{"app":"x"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}
        """)!.AsObject();

    private Task<JsonObject> OwnedByAsync(JsonObject owner, int code) => OwnedByAsync(new JsonArray(owner), code);

    /// <summary>The answer to the admin who gives the ConfigMap these owners.</summary>
    private async Task<JsonObject> OwnedByAsync(JsonArray owners, int code)
    {
        var patch = new JsonObject { ["metadata"] = new JsonObject { ["ownerReferences"] = owners } };
        (int answered, JsonObject body) = await Cluster.AskAsync(
            HttpMethod.Patch, $"{Cluster.ConfigMaps}/toolsets", patch, "application/merge-patch+json");
        Assert.Equal(code, answered);
        return body;
    }
}
