using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Docs;

/// <summary>What the manifests grant by name is what was agreed on, wherever they say it.</summary>
public sealed class ShippedRightsTests
{
    [Theory]
    [InlineData("deploy/base/rbac.yaml", "configmaps")]
    [InlineData("deploy/base/rbac.yaml", "leases")]
    [InlineData("deploy/holmesgpt/rbac.yaml", "configmaps")]
    [InlineData("docs/holmesgpt.md", "configmaps")]
    public void Whoever_writes_an_object_may_read_watch_make_and_change_it_by_its_name(string file, string resource)
    {
        string[] lines = File.ReadAllLines(Path.Combine(RepositoryRoot.Path, file));
        string rule = string.Join('\n', lines.SkipWhile(l => l.Trim() != $"resources: [{resource}]").Skip(1).Take(2).Select(l => l.Trim()));
        Assert.Matches(@"^resourceNames: \[[-a-z]+\]\nverbs: \[get, list, watch, create, update, patch\]$", rule);
    }
}
