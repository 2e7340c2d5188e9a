using static DynamicToolset.Sandbox.Tests.Cluster;

namespace DynamicToolset.Sandbox.Tests;

public sealed class OwnerReferenceTests
{
    private const string Deployments = "/apis/apps/v1/namespaces/default/deployments";

    private const string Deployment = """
        {"metadata":{"name":"app"},"spec":{"selector":{"matchLabels":{"a":"b"}},
         "template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}
        """;

    [Fact]
    public async Task A_config_map_can_belong_to_a_deployment()
    {
        await using Cluster cluster = await StartAsync();
        Answer owner = (await cluster.PostAsync(Deployments, Deployment)).Expect(201);
        Assert.Equal(1, (int)owner.At("spec", "replicas")!);
        string reference = $$"""{"apiVersion":"apps/v1","kind":"Deployment","name":"app","uid":"{{owner.Uid}}"}""";
        Answer created = (await cluster.PostAsync(ConfigMaps, $$$"""{"metadata":{"name":"a","ownerReferences":[{{{reference}}}]}}""")).Expect(201);
        Assert.Equal(owner.Uid, (string?)created.At("metadata", "ownerReferences")![0]!["uid"]);
    }

    [Fact]
    public async Task A_deployment_is_patched_listed_and_deleted()
    {
        await using Cluster cluster = await StartAsync();
        (await cluster.PostAsync(Deployments, Deployment)).Expect(201);
        Answer patched = (await cluster.PatchAsync($"{Deployments}/app", """{"spec":{"replicas":0}}""")).Expect(200);
        Assert.Equal(0, (int)patched.At("spec", "replicas")!);
        Assert.Equal("c", (string?)patched.At("spec", "template", "spec", "containers")![0]!["name"]);
        Assert.Equal(["app"], (await cluster.GetAsync(Deployments)).Names);
        (await cluster.DeleteAsync($"{Deployments}/app")).Expect(200);
        (await cluster.GetAsync($"{Deployments}/app")).Expect(404, "NotFound");
    }

    [Fact]
    public async Task A_deployment_needs_a_selector_that_fits_and_a_container()
    {
        await using Cluster cluster = await StartAsync();
        Answer answer = (await cluster.PostAsync(Deployments, """{"metadata":{"name":"b"},"spec":{}}""")).Expect(422, "Invalid");
        Assert.Equal(
            "Deployment.apps \"b\" is invalid: [spec.selector: Required value, spec.template.spec.containers: Required value]", answer.Message);
        string unfit = Deployment.Replace("\"labels\":{\"a\":\"b\"}", "\"labels\":{\"a\":\"c\"}");
        Answer other = (await cluster.PostAsync(Deployments, unfit)).Expect(422, "Invalid");
        Assert.Contains("`selector` does not match template `labels`", other.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"apiVersion":"apps/v1","kind":"Deployment","name":"a"}""", "metadata.ownerReferences.uid: Invalid value: \"\": uid must not be empty")]
    [InlineData("""{"apiVersion":"apps/v1","kind":"Deployment","uid":"u"}""", "metadata.ownerReferences.name: Invalid value: \"\": name must not be empty")]
    [InlineData("""{"apiVersion":"apps/v1","name":"a","uid":"u"}""", "metadata.ownerReferences.kind: Invalid value: \"\": kind must not be empty")]
    [InlineData("""{"kind":"Deployment","name":"a","uid":"u"}""", "metadata.ownerReferences.apiVersion: Invalid value: \"\": version must not be empty")]
    [InlineData("""{"apiVersion":"a/b/c","kind":"D","name":"a","uid":"u"}""", "metadata.ownerReferences.apiVersion: Invalid value: \"a/b/c\": version must not be empty")]
    [InlineData("""{"apiVersion":"v1","kind":"Event","name":"a","uid":"u"}""", "/v1, Kind=Event is disallowed from being an owner")]
    [InlineData(
        """{"apiVersion":"v1","kind":"A","name":"a","uid":"1","controller":true},{"apiVersion":"v1","kind":"A","name":"b","uid":"2","controller":true}""",
        "Only one reference can have Controller set to true. Found \"true\" in references for a and b")]
    public async Task A_reference_that_names_no_owner_is_refused(string references, string why)
    {
        await using Cluster cluster = await StartAsync();
        Answer answer = await cluster.PostAsync(ConfigMaps, $$$"""{"metadata":{"name":"o","ownerReferences":[{{{references}}}]}}""");
        Assert.EndsWith(why, answer.Expect(422, "Invalid").Message, StringComparison.Ordinal);
    }
}
