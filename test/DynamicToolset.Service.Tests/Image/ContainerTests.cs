using System.Net;

namespace DynamicToolset.Service.Tests.Image;

/// <summary>The image in a container that may do as little as the one of <c>deploy/base</c>.</summary>
public sealed class ContainerTests(ContainerEngine engine) : IClassFixture<ContainerEngine>
{
    [Fact]
    public async Task It_tells_the_commit_that_its_label_names()
    {
        await engine.ReadyAsync();
        (int code, string output, string error) = await engine.RunAsync(ContainerLimits.Small, "--version");
        Assert.True(code == 0, error);
        string commit = BuiltImage.Find().Revision;
        // Of a tree with changes of its own the label tells no commit.
        Assert.Contains(commit == "unknown" ? "(commit " : $"(commit {commit[..12]}, ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_sandbox_works_where_it_may_write_its_kubeconfig()
    {
        await engine.ReadyAsync();
        (int code, string output, string error) = await engine.RunAsync(ContainerLimits.Small with { Cpu = 1 }, ["--tmpfs", "/tmp"], "sandbox", "--once");
        Assert.True(code == 0, error);
        Assert.Contains("prometheus-toolset.yaml: |", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_it_may_write_nothing_the_sandbox_says_what_it_lacks()
    {
        await engine.ReadyAsync();
        (int code, _, string error) = await engine.RunAsync(ContainerLimits.Small, "sandbox", "--once");
        Assert.Equal(2, code);
        Assert.Contains("/tmp", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    // Platforms that give each namespace users of its own take any number.
    [InlineData("1000620000:0")]
    public async Task It_keeps_the_ConfigMap_true_and_ends_in_order(string? user)
    {
        await using Pod pod = await Pod.StartAsync(engine, ContainerLimits.Small, services: 20, user);
        await pod.HasAllToolsetsAsync();
        Assert.Equal(HttpStatusCode.OK, await pod.AskAsync("/readyz"));
        pod.Edit(backend: 0);
        await pod.HasToolsetAsync(backend: 0);
        Assert.Equal(0, await pod.Program.TerminateAsync());
    }

    [Fact]
    public async Task Without_a_cluster_it_says_what_it_needs()
    {
        await engine.ReadyAsync();
        (int code, string output, string error) = await engine.RunAsync(ContainerLimits.Small);
        Assert.Equal(2, code);
        Assert.Contains("no Kubernetes API server is configured", output + error, StringComparison.Ordinal);
    }
}
