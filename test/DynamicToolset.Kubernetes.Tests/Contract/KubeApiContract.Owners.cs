using System.Text.Json.Nodes;

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
