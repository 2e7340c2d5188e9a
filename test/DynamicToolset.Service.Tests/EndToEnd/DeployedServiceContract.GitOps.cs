using System.Text.Json.Nodes;

namespace DynamicToolset.Service.Tests.EndToEnd;

/// <content>Tools that bring what is in Git, under the names by which the API server knows them. docs/gitops.md tells their users what this shows.</content>
public abstract partial class DeployedServiceContract
{
    private const string Repository = "mine: {url: \"http://mine:1\"}\nprometheus: {config: {timeout: 61s}}\n";
    private const string Mine = "mine-toolset.yaml";

    [Theory]
    [InlineData("argocd-controller")]
    [InlineData("kustomize-controller")]
    [InlineData("helm")]
    [InlineData("kubectl")]
    public async Task A_tool_that_applies_on_the_server_sets_changes_and_drops_overrides_without_a_conflict_and_nobody_undoes_anything(string manager)
    {
        await Service.AddAsync("prometheus");
        await Service.HasAsync(Prometheus, "timeout: \"30s\"");
        int repairs = Repairs();
        await ApplyOnServerAsync(manager, WithOverrides(Repository));
        await Service.HasAsync(Prometheus, "timeout: \"61s\"");
        await Service.HasKeysAsync(Kubernetes, Prometheus, Mine, Overrides);

        await ApplyOnServerAsync(manager, WithOverrides(Repository.Replace("61s", "62s", StringComparison.Ordinal)));
        await Service.HasAsync(Prometheus, "timeout: \"62s\"");
        JsonObject before = (await Service.ReadAsync())!;
        await ApplyOnServerAsync(manager, WithOverrides(Repository.Replace("61s", "62s", StringComparison.Ordinal)));
        Assert.True(JsonNode.DeepEquals(before["data"], (await Service.ReadAsync())!["data"]), "what is in Git is what is there");

        await ApplyOnServerAsync(manager, WithOverrides(null));
        await Service.HasAsync(Prometheus, "timeout: \"30s\"");
        await Service.HasKeysAsync(Kubernetes, Prometheus);
        Assert.Equal(repairs, Repairs());
    }

    [Theory]
    [InlineData("argocd-controller")]
    [InlineData("kustomize-controller")]
    public async Task Overrides_of_a_tool_survive_a_deletion_and_are_still_its_own_to_drop(string manager)
    {
        await ApplyOnServerAsync(manager, WithOverrides(Repository));
        JsonObject before = await Service.UntilAsync(c => DeployedService.Data(c, Mine) is not null, "they are merged");
        await Service.ConfigMapAsync("delete");
        await Service.UntilAsync(c => c is not null && UidOf(c) != UidOf(before) && DeployedService.Data(c, Overrides) == Repository, "it is back");
        await Service.UntilAsync(IsNobodys, "overrides.yaml belongs to nobody");
        await ApplyOnServerAsync(manager, WithOverrides(Repository));
        await ApplyOnServerAsync(manager, WithOverrides(null));
        await Service.HasKeysAsync(Kubernetes);
    }

    [Fact]
    public async Task An_apply_on_the_client_prunes_its_own_key_and_no_other()
    {
        await Service.AddAsync("prometheus");
        await Service.HasKeysAsync(Kubernetes, Prometheus);
        await Service.ApplyAsync(WithOverrides(Repository));
        await Service.HasKeysAsync(Kubernetes, Prometheus, Mine, Overrides);
        await Service.ApplyAsync(WithOverrides(null));
        await Service.HasKeysAsync(Kubernetes, Prometheus);
    }

    /// <summary>Somebody has put all of it into Git, generated keys too: they are set back, and the admin's stays.</summary>
    [Fact]
    public async Task A_copy_of_the_whole_object_that_is_applied_later_is_set_right()
    {
        await Service.AddAsync("prometheus");
        await Service.HasKeysAsync(Kubernetes, Prometheus);
        string copy = WithOverrides(Repository) + "  prometheus-toolset.yaml: |\n    toolset: old\n  gone-toolset.yaml: |\n    toolset: gone\n";
        await Service.ApplyAsync(copy);
        await Service.HasAsync(Prometheus, "timeout: \"61s\"");
        await Service.HasKeysAsync(Kubernetes, Prometheus, Mine, Overrides);
        await Service.ApplyAsync(WithOverrides(Repository));
        await Service.HasKeysAsync(Kubernetes, Prometheus, Mine, Overrides);
    }

    [Fact]
    public async Task A_prune_that_deletes_it_is_answered_with_a_new_one_that_the_next_prune_leaves_alone()
    {
        await Service.ApplyAsync(WithOverrides(Repository, "pruned: here"));
        JsonObject before = await Service.UntilAsync(c => DeployedService.Data(c, Mine) is not null, "they are merged");
        await PruneAsync();
        JsonObject after = await Service.UntilAsync(
            c => c is not null && UidOf(c) != UidOf(before) && DeployedService.Data(c, Mine) is not null, "it is back with its overrides");
        await PruneAsync();
        Assert.Equal(UidOf(after), UidOf((await Service.ReadAsync())!));
    }

    [Fact]
    public async Task A_replacement_of_the_whole_object_keeps_its_overrides_and_gets_the_rest_back()
    {
        await Service.AddAsync("prometheus");
        await Service.HasKeysAsync(Kubernetes, Prometheus);
        JsonObject before = (await Service.ReadAsync())!;
        await Service.Kubectl.RunAsync("replace", "-f", Service.Kubectl.Manifest(WithOverrides(Repository)));
        await Service.HasAsync(Prometheus, "timeout: \"61s\"");
        JsonObject after = await Service.UntilAsync(c => DeployedService.Data(c, Mine) is not null, "they are merged");
        Assert.Equal((Repository, UidOf(before)), (DeployedService.Data(after, Overrides), UidOf(after)));
        Assert.True(JsonNode.DeepEquals(before["metadata"]!["labels"], after["metadata"]!["labels"]), after.ToJsonString());
    }

    /// <summary>What Helm wants to find before it takes an object into a release: https://helm.sh/docs/topics/charts_hooks/ and its own message say so.</summary>
    [Fact]
    public async Task The_marks_by_which_Helm_adopts_it_stay_through_a_repair()
    {
        await Service.ConfigMapAsync(
            "patch", "--type=merge", "-p", """{"metadata":{"labels":{"app.kubernetes.io/managed-by":"Helm"},"annotations":{"meta.helm.sh/release-name":"r","meta.helm.sh/release-namespace":"kubernaut-system"}}}""");
        await Service.ConfigMapAsync("patch", "--type=merge", "-p", """{"metadata":{"labels":{"kubernaut.io/managed-by":null}},"data":{"kubernetes-toolset.yaml":"x"}}""");
        JsonObject repaired = await Service.UntilAsync(
            c => DeployedService.Data(c, Kubernetes) != "x" && (string?)c!["metadata"]!["labels"]!["kubernaut.io/managed-by"] == "dynamic-toolset", "it is repaired");
        Assert.Equal("Helm", (string?)repaired["metadata"]!["labels"]!["app.kubernetes.io/managed-by"]);
        Assert.Equal("r", (string?)repaired["metadata"]!["annotations"]!["meta.helm.sh/release-name"]);
        await Service.ConfigMapAsync("patch", "--type=merge", "-p", """{"metadata":{"labels":{"app.kubernetes.io/managed-by":null}}}""");
    }

    /// <param name="overrides">Null for a manifest without them.</param>
    private static string WithOverrides(string? overrides, string labels = "")
    {
        string metadata = $"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {DeployedService.ConfigMap}\n  namespace: {DeployedService.Namespace}\n";
        if (labels.Length > 0)
            metadata += $"  labels: {{ {labels} }}\n";
        return overrides is null ? metadata : $"{metadata}data:\n  overrides.yaml: |\n    {overrides.TrimEnd().Replace("\n", "\n    ", StringComparison.Ordinal)}\n";
    }

    private Task<string> ApplyOnServerAsync(string manager, string manifest) =>
        Service.Kubectl.RunAsync("apply", "--server-side", $"--field-manager={manager}", "-f", Service.Kubectl.Manifest(manifest));

    private Task<string> PruneAsync() => Service.Kubectl.RunAsync(
        "apply",
        "-n",
        DeployedService.Namespace,
        "--prune",
        "-l",
        "pruned=here",
        "--prune-allowlist=core/v1/ConfigMap",
        "-f",
        Service.Kubectl.Manifest($"apiVersion: v1\nkind: ConfigMap\nmetadata: {{ name: other, namespace: {DeployedService.Namespace}, labels: {{ pruned: here }} }}\n"));

    private int Repairs() => Service.Program.Output.Count(l => l.Contains("\"msg\":\"Drift detected\"", StringComparison.Ordinal));

    private static bool IsNobodys(JsonObject? configMap) =>
        configMap?["metadata"]?["managedFields"] is JsonArray managers && !managers.Any(m => m!["fieldsV1"]?["f:data"]?["f:overrides.yaml"] is not null);
}
