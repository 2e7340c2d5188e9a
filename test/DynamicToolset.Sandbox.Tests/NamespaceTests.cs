using static DynamicToolset.Sandbox.Tests.Cluster;

namespace DynamicToolset.Sandbox.Tests;

public sealed class NamespaceTests
{
    [Fact]
    public async Task Three_namespaces_are_there_from_the_start()
    {
        await using Cluster cluster = await StartAsync();
        Assert.Equal(["default", "kube-public", "kube-system"], (await cluster.GetAsync(Namespaces)).Expect(200).Names);
    }

    [Fact]
    public async Task A_new_namespace_is_active_and_labelled_with_its_name()
    {
        await using Cluster cluster = await StartAsync();
        Answer created = (await cluster.PostAsync(Namespaces, """{"metadata":{"name":"team"}}""")).Expect(201);
        Assert.Equal("Active", created.Text("status", "phase"));
        Assert.Equal("team", created.Text("metadata", "labels", "kubernetes.io/metadata.name"));
        (await cluster.PostAsync("/api/v1/namespaces/team/configmaps", """{"metadata":{"name":"a"}}""")).Expect(201);
    }

    [Fact]
    public async Task A_deleted_namespace_takes_its_contents_along_and_watches_see_it()
    {
        await using Cluster cluster = await StartAsync();
        (await cluster.PostAsync(Namespaces, """{"metadata":{"name":"team"}}""")).Expect(201);
        (await cluster.PostAsync("/api/v1/namespaces/team/configmaps", """{"metadata":{"name":"a"}}""")).Expect(201);
        string version = (await cluster.GetAsync("/api/v1/configmaps")).Version;
        using Watch contents = await cluster.WatchAsync($"/api/v1/configmaps?watch=1&resourceVersion={version}");
        using Watch namespaces = await cluster.WatchAsync($"{Namespaces}?watch=1&resourceVersion={version}");
        Answer deleted = (await cluster.DeleteAsync($"{Namespaces}/team")).Expect(200);
        Assert.Equal("Terminating", deleted.Text("status", "phase"));
        Assert.Equal("DELETED a", await contents.NextNameAsync());
        Assert.Equal("MODIFIED team", await namespaces.NextNameAsync());
        Assert.Equal("DELETED team", await namespaces.NextNameAsync());
        (await cluster.GetAsync($"{Namespaces}/team")).Expect(404, "NotFound");
        (await cluster.GetAsync("/api/v1/namespaces/team/configmaps/a")).Expect(404, "NotFound");
    }

    [Fact]
    public async Task Contents_with_finalizers_hold_a_namespace_in_which_nothing_new_is_made()
    {
        await using Cluster cluster = await StartAsync();
        (await cluster.PostAsync(Namespaces, """{"metadata":{"name":"team"}}""")).Expect(201);
        (await cluster.PostAsync("/api/v1/namespaces/team/configmaps", """{"metadata":{"name":"a","finalizers":["x.io/y"]}}""")).Expect(201);
        (await cluster.DeleteAsync($"{Namespaces}/team")).Expect(200);
        (await cluster.PostAsync("/api/v1/namespaces/team/configmaps", """{"metadata":{"name":"b"}}""")).Expect(403, "Forbidden");
        (await cluster.PatchAsync("/api/v1/namespaces/team/configmaps/a", """{"metadata":{"finalizers":null}}""")).Expect(200);
        (await cluster.GetAsync($"{Namespaces}/team")).Expect(404, "NotFound");
    }

    [Theory]
    [InlineData("default")]
    [InlineData("kube-system")]
    [InlineData("kube-public")]
    public async Task The_first_namespaces_cannot_be_deleted(string name)
    {
        await using Cluster cluster = await StartAsync();
        (await cluster.DeleteAsync($"{Namespaces}/{name}")).Expect(403, "Forbidden");
    }
}
