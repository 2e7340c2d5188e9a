using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Reconciliation;

namespace DynamicToolset.Tests.Reconciliation;

public sealed class DesiredOwnerTests
{
    private const string Deployment = "dynamic-toolset";

    private static readonly Dictionary<string, OwnerState> States = new()
    {
        ["off"] = new OwnerState.SwitchedOff(),
        ["elsewhere"] = new OwnerState.InOtherNamespace("ops"),
        ["unknown"] = new OwnerState.Unknown(),
        ["forbidden"] = new OwnerState.Forbidden("the right to get deployments is missing"),
        ["missing"] = new OwnerState.Missing(),
        ["going"] = new OwnerState.BeingDeleted(),
        ["found"] = new OwnerState.Found("new"),
        ["refused"] = new OwnerState.Refused("status 422 Invalid"),
    };

    private static readonly Dictionary<string, OwnerReference> Known = new()
    {
        ["ours"] = OwnerReference.ToDeployment(Deployment, "new"),
        ["stale"] = OwnerReference.ToDeployment(Deployment, "old"),
        ["older"] = OwnerReference.ToDeployment(Deployment, "oldest") with { ApiVersion = "apps/v1beta1" },
        ["lame"] = OwnerReference.ToDeployment(Deployment, "new") with { BlockOwnerDeletion = null },
        ["meek"] = OwnerReference.ToDeployment(Deployment, "new") with { Controller = false },
        ["misnamed"] = OwnerReference.ToDeployment("other", "new"),
        ["plain"] = new OwnerReference("v1", "ConfigMap", "parent", "p", null, null),
        ["false"] = new OwnerReference("example.com/v1", "Toolbox", "box", "b", false, false),
        ["blocking"] = new OwnerReference("apps/v1", "Deployment", "helper", "h", null, true),
        ["namesake"] = new OwnerReference("example.com/v1", "Deployment", Deployment, "n", null, null),
        ["controller"] = new OwnerReference("example.com/v1", "Toolbox", "boss", "c", true, true),
    };

    [Theory]
    [InlineData("found", "", "ours", null)]
    [InlineData("found", "ours", "ours", null)]
    [InlineData("found", "stale", "ours", null)]
    [InlineData("found", "stale older", "ours", null)]
    [InlineData("found", "stale ours", "ours", null)]
    [InlineData("found", "lame", "ours", null)]
    [InlineData("found", "meek", "ours", null)]
    [InlineData("found", "misnamed", "ours", null)]
    [InlineData("found", "plain false blocking namesake", "plain false blocking namesake ours", null)]
    [InlineData("found", "plain stale false", "plain ours false", null)]
    [InlineData("found", "ours plain stale", "ours plain", null)]
    [InlineData("found", "controller", "controller", "OtherController")]
    [InlineData("found", "plain controller meek", "plain controller", "OtherController")]
    [InlineData("off", "", "", null)]
    [InlineData("off", "plain ours stale controller", "plain controller", null)]
    [InlineData("elsewhere", "", "", "OtherNamespace")]
    [InlineData("elsewhere", "plain stale", "plain", "OtherNamespace")]
    [InlineData("missing", "", "", "NoDeployment")]
    [InlineData("missing", "stale plain", "plain", "NoDeployment")]
    [InlineData("going", "", "", "NoDeployment")]
    [InlineData("going", "plain stale", "plain stale", "NoDeployment")]
    [InlineData("unknown", "", "", null)]
    [InlineData("unknown", "stale plain controller", "stale plain controller", null)]
    [InlineData("forbidden", "", "", "Forbidden")]
    [InlineData("forbidden", "stale plain", "stale plain", "Forbidden")]
    [InlineData("refused", "", "", "Refused")]
    [InlineData("refused", "plain stale", "plain stale", "Refused")]
    public void What_is_known_of_the_Deployment_decides_about_the_owners(string state, string present, string owners, string? warning)
    {
        OwnerChoice choice = new DesiredOwner(Deployment, States[state]).Choose(Owners(present));
        Assert.Equal(Owners(owners), choice.References);
        Assert.Equal(warning, choice.Warning?.Problem.ToString());
        Assert.Equal(choice.References, new DesiredOwner(Deployment, States[state]).Choose(choice.References).References);
    }

    [Fact]
    public void The_other_controller_is_named() =>
        Assert.Contains("Toolbox boss", new DesiredOwner(Deployment, States["found"]).Choose(Owners("controller")).Warning!.Detail, StringComparison.Ordinal);

    [Theory]
    [InlineData("elsewhere", "runs in the namespace ops", "set OWNER_REFERENCE_ENABLED=false")]
    [InlineData("missing", "no Deployment dynamic-toolset", "set OWNER_DEPLOYMENT")]
    [InlineData("going", "Deployment dynamic-toolset is being deleted", "")]
    [InlineData("forbidden", "the right to get deployments is missing", "")]
    [InlineData("refused", "refuses to change the owners, so they stay as they are: status 422 Invalid", "docs/ownership.md")]
    public void A_warning_says_what_is_wrong_and_what_to_do(string state, string what, string next)
    {
        string detail = new DesiredOwner(Deployment, States[state]).Choose([]).Warning!.Detail;
        Assert.Contains(what, detail, StringComparison.Ordinal);
        Assert.Contains(next, detail, StringComparison.Ordinal);
    }

    [Fact]
    public void The_reference_has_what_the_API_server_and_its_garbage_collector_want() =>
        Assert.Equal(new OwnerReference("apps/v1", "Deployment", Deployment, "u", Controller: true, BlockOwnerDeletion: true), OwnerReference.ToDeployment(Deployment, "u"));

    private static ImmutableArray<OwnerReference> Owners(string names) =>
        [.. names.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(n => Known[n])];
}
