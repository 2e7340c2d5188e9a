using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Docs;

/// <summary>What the manifests grant by name is what was agreed on, wherever they say it.</summary>
public sealed class ShippedRightsTests
{
    [Theory]
    [InlineData("deploy/base/rbac.yaml", "configmaps")]
    [InlineData("deploy/base/rbac.yaml", "leases")]
    [InlineData("deploy/holmesgpt/rbac.yaml", "configmaps")]
    [InlineData("deploy/holmesgpt/rbac.yaml", "leases")]
    [InlineData("docs/holmesgpt.md", "configmaps")]
    [InlineData("docs/holmesgpt.md", "leases")]
    public void Whoever_writes_an_object_may_read_watch_make_and_change_it_by_its_name(string file, string resource)
    {
        string[] lines = File.ReadAllLines(Path.Combine(RepositoryRoot.Path, file));
        string rule = string.Join('\n', lines.SkipWhile(l => l.Trim() != $"resources: [{resource}]").Skip(1).Take(2).Select(l => l.Trim()));
        Assert.Matches(@"^resourceNames: \[[-a-z]+\]\nverbs: \[get, list, watch, create, update, patch\]$", rule);
    }

    [Fact]
    public void The_role_for_readers_is_a_part_of_view_and_the_one_for_discoveries_is_not()
    {
        string text = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "deploy/base/api-rbac.yaml"));
        string aggregated = Assert.Single(text.Split("\n---\n"), d => d.Contains("rbac.authorization.k8s.io/aggregate-to-view: \"true\"", StringComparison.Ordinal));
        Assert.Contains("\n  name: dynamic-toolset-reader\n", aggregated, StringComparison.Ordinal);
        Assert.DoesNotContain("create", aggregated.Split("rules:")[1], StringComparison.Ordinal);
    }
}
