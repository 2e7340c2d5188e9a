using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Reconciliation;
using DynamicToolset.Tests.Samples;
using DynamicToolset.Yaml;

namespace DynamicToolset.Tests.Reconciliation;

public sealed class ConfigMapPlannerTests
{
    private const string A = "a-toolset.yaml", B = "b-toolset.yaml", Overrides = "overrides.yaml";
    private const string Managed = DesiredConfigMap.ManagedByLabel, Error = DesiredConfigMap.OverrideErrorAnnotation;

    private static readonly DesiredConfigMap Desired = Wanted((A, "1"), (B, "2"));
    private static readonly ConfigMapRecord Converged = ConfigMaps.Empty with
    {
        Labels = ConfigMaps.Map((Managed, "dynamic-toolset")),
        Data = ConfigMaps.Map((A, "1"), (B, "2"), (Overrides, "# mine\r\n")),
    };

    private static readonly DesiredConfigMap Owned = Desired with { Owner = new DesiredOwner("dynamic-toolset", new OwnerState.Found("new")) };

    private static readonly Dictionary<string, (ConfigMapRecord Record, string Step)> Rows = new()
    {
        ["all is there"] = (Converged, "nothing to write"),
        ["no overrides"] = (Converged.Without(Overrides), "nothing to write"),
        ["foreign key"] = (Converged.With("notes.txt", "x"), "nothing to write"),
        ["foreign key that only looks alike"] = (Converged.With("a-toolset.yml", "x").With("toolset.yaml", "y"), "nothing to write"),
        ["foreign label and annotation"] = (Converged with { Labels = Converged.Labels.Add("team", "x"), Annotations = ConfigMaps.Map(("note", "y")) }, "nothing to write"),
        ["time of the last change differs"] = (Converged with { Annotations = ConfigMaps.Map((DesiredConfigMap.LastChangeAnnotation, "long ago")) }, "nothing to write"),
        ["foreign binaryData"] = (Converged.WithBinary("logo.png"), "nothing to write"),
        ["the admin's key under binaryData"] = (Converged.Without(Overrides).WithBinary(Overrides), "nothing to write"),
        ["immutable but equal"] = (Converged with { Immutable = true }, "nothing to write"),
        ["missing"] = (Converged.Without(A), $"patch set {A} because Missing {A}"),
        ["modified"] = (Converged.With(A, "x"), $"patch set {A} because Modified {A}"),
        ["modified by one space"] = (Converged.With(A, "1 "), $"patch set {A} because Modified {A}"),
        ["emptied"] = (Converged.With(A, ""), $"patch set {A} because Modified {A}"),
        ["extra"] = (Converged.With("c-toolset.yaml", "x"), "patch remove c-toolset.yaml because Extra c-toolset.yaml"),
        ["all three"] = (Converged.Without(A).With(B, "x").With("c-toolset.yaml", "x"), $"patch set {A} set {B} remove c-toolset.yaml because Missing {A} Modified {B} Extra c-toolset.yaml"),
        ["everything of ours gone"] = (Converged.Without(A).Without(B), $"patch set {A} set {B} because Missing {A} Missing {B}"),
        ["label gone"] = (Converged with { Labels = ConfigMaps.Map() }, $"patch set label {Managed}=dynamic-toolset because Metadata {Managed}"),
        ["label changed"] = (Converged with { Labels = ConfigMaps.Map((Managed, "helm")) }, $"patch set label {Managed}=dynamic-toolset because Metadata {Managed}"),
        ["stale error"] = (Converged with { Annotations = ConfigMaps.Map((Error, "x")) }, $"patch remove annotation {Error} because Metadata {Error}"),
        ["ours under binaryData beside data"] = (Converged.WithBinary("c-toolset.yaml").WithBinary("logo.png"), "patch remove binaryData c-toolset.yaml because Extra c-toolset.yaml"),
        ["ours under binaryData in place of data"] = (Converged.Without(A).WithBinary(A), $"patch set {A} remove binaryData {A} because Missing {A}"),
        ["immutable and different"] = (Converged.With(A, "x") with { Immutable = true }, "refuse Immutable"),
        ["immutable and another label"] = (Converged with { Immutable = true, Labels = ConfigMaps.Map() }, "refuse Immutable"),
        ["too large"] = (Converged.Without(A).With(Overrides, new string('x', ConfigMapPlanner.LargestSize)), "refuse TooLarge"),
        ["too large but equal"] = (Converged.With(Overrides, new string('x', ConfigMapPlanner.LargestSize)), "nothing to write"),
    };

    public static TheoryData<string> Observations => [.. Rows.Keys];

    [Theory]
    [MemberData(nameof(Observations))]
    public void What_is_observed_decides_the_one_next_step(string observed)
    {
        (ConfigMapRecord record, string step) = Rows[observed];
        string plan = PlanText.Of(ConfigMapPlanner.Plan(Desired, record));
        Assert.StartsWith(step, string.Join(' ', plan.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_of_ours_is_named_once_where_it_is_both_missing_and_under_binaryData()
    {
        ConfigMapRecord moved = Converged.Without(A).WithBinary(A);
        var patch = Assert.IsType<ConfigMapPlan.Patch>(ConfigMapPlanner.Plan(Desired, moved));
        Assert.Equal(new Drift(DriftKind.Missing, A, null), Assert.Single(patch.Drift));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("prometheus:\r\n\tbroken: [\r\n\r\n")]
    public void A_missing_ConfigMap_is_created_with_the_overrides_last_seen(string? overrides)
    {
        var create = Assert.IsType<ConfigMapPlan.Create>(ConfigMapPlanner.Plan(Desired, null, overrides));
        Assert.Equal(overrides, create.Content.Data.GetValueOrDefault(Overrides));
        Assert.Equal(overrides is null ? [A, B] : [A, B, Overrides], create.Content.Data.Keys);
        Assert.Equal(ConfigMaps.Map((Managed, "dynamic-toolset")), create.Content.Labels);
        Assert.Empty(create.Content.Annotations);
    }

    [Fact]
    public void A_ConfigMap_that_would_be_too_large_is_not_created()
    {
        var refuse = Assert.IsType<ConfigMapPlan.Refuse>(
            ConfigMapPlanner.Plan(Wanted((A, new string('x', ConfigMapPlanner.LargestSize))), null));
        Assert.Equal(RefuseReason.TooLarge, refuse.Reason);
        Assert.Contains("921614 bytes", refuse.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Overrides_come_back_after_a_deletion_as_long_as_the_API_server_takes_them()
    {
        int rest = ConfigMapPlanner.LargestRecreation - A.Length - B.Length - 2 - Overrides.Length;
        Assert.IsType<ConfigMapPlan.Create>(ConfigMapPlanner.Plan(Desired, null, new string('x', rest)));
        Assert.IsType<ConfigMapPlan.Refuse>(ConfigMapPlanner.Plan(Desired, null, new string('x', rest + 1)));
    }

    [Fact]
    public void The_size_is_in_bytes_with_the_keys_and_may_be_reached()
    {
        int rest = ConfigMapPlanner.LargestSize - A.Length - B.Length - 2 - Overrides.Length;
        string fits = new string('é', rest / 2) + (rest % 2 == 0 ? "" : "x");
        Assert.IsType<ConfigMapPlan.Patch>(ConfigMapPlanner.Plan(Desired, Converged.Without(A).With(Overrides, fits)));
        Assert.IsType<ConfigMapPlan.Refuse>(ConfigMapPlanner.Plan(Desired, Converged.Without(A).With(Overrides, fits + "x")));
    }

    [Fact]
    public void A_key_of_ours_that_is_kept_as_it_is_takes_its_room()
    {
        DesiredConfigMap kept = Desired with { KeptKeys = ["holmes-toolsets.yaml"] };
        int rest = ConfigMapPlanner.LargestSize - ConfigMapSize.Of(Converged.Data) - "holmes-toolsets.yaml".Length;
        Assert.IsType<ConfigMapPlan.Patch>(ConfigMapPlanner.Plan(kept, Converged.With(A, "x").With("holmes-toolsets.yaml", new string('x', rest))));
        Assert.IsType<ConfigMapPlan.Refuse>(ConfigMapPlanner.Plan(kept, Converged.With(A, "x").With("holmes-toolsets.yaml", new string('x', rest + 1))));
    }

    [Fact]
    public void A_key_of_ours_that_is_kept_as_it_is_is_neither_removed_nor_made()
    {
        DesiredConfigMap kept = Desired with { KeptKeys = ["holmes-toolsets.yaml"] };
        Assert.IsType<ConfigMapPlan.None>(ConfigMapPlanner.Plan(kept, Converged));
        Assert.IsType<ConfigMapPlan.None>(ConfigMapPlanner.Plan(kept, Converged.With("holmes-toolsets.yaml", "x")));
        Assert.IsType<ConfigMapPlan.None>(ConfigMapPlanner.Plan(kept, Converged.WithBinary("holmes-toolsets.yaml")));
        Assert.IsType<ConfigMapPlan.Patch>(ConfigMapPlanner.Plan(Desired, Converged.With("holmes-toolsets.yaml", "x")));
    }

    [Fact]
    public void While_the_admin_s_wishes_are_unknown_keys_are_added_but_none_is_changed_or_removed()
    {
        DesiredConfigMap unknown = Desired with { KeepsUnknown = true };
        ConfigMapRecord drifted = Converged.Without(A).With(B, "as the admin wanted").With("c-toolset.yaml", "the admin's own");
        var patch = Assert.IsType<ConfigMapPlan.Patch>(ConfigMapPlanner.Plan(unknown, drifted));
        Assert.Equal([KeyValuePair.Create(A, (string?)"1")], patch.Changes.Data);
        Assert.IsType<ConfigMapPlan.None>(ConfigMapPlanner.Plan(unknown, drifted.With(A, "1")));
    }

    [Fact]
    public void While_they_are_unknown_what_stays_takes_its_room()
    {
        DesiredConfigMap unknown = Desired with { KeepsUnknown = true };
        ConfigMapRecord kept = Converged.Without(A).With("c-toolset.yaml", "");
        int rest = ConfigMapPlanner.LargestSize - ConfigMapSize.Of(kept.Data) - A.Length - 1;
        Assert.IsType<ConfigMapPlan.Patch>(ConfigMapPlanner.Plan(unknown, kept.With("c-toolset.yaml", new string('x', rest))));
        Assert.IsType<ConfigMapPlan.Refuse>(ConfigMapPlanner.Plan(unknown, kept.With("c-toolset.yaml", new string('x', rest + 1))));
    }

    [Fact]
    public void The_label_of_earlier_versions_goes_when_the_new_one_comes_and_is_nobody_s_business_afterwards()
    {
        const string Former = DesiredConfigMap.FormerManagedByLabel, Present = DesiredConfigMap.ManagedByLabel;
        ConfigMapRecord earlier = Converged with { Labels = ConfigMaps.Map((Former, DesiredConfigMap.ManagedBy)) };
        var patch = Assert.IsType<ConfigMapPlan.Patch>(ConfigMapPlanner.Plan(Desired, earlier));
        Assert.Equal([KeyValuePair.Create(Former, (string?)null), KeyValuePair.Create(Present, (string?)DesiredConfigMap.ManagedBy)], patch.Changes.Labels);
        foreach (string value in new[] { "Helm", DesiredConfigMap.ManagedBy })
        {
            ConfigMapRecord both = Converged with { Labels = Converged.Labels.SetItem(Former, value) };
            Assert.IsType<ConfigMapPlan.None>(ConfigMapPlanner.Plan(Desired, both));
        }

        ConfigMapRecord adopted = Converged with { Labels = ConfigMaps.Map((Former, "Helm")) };
        Assert.Equal([Present], Assert.IsType<ConfigMapPlan.Patch>(ConfigMapPlanner.Plan(Desired, adopted)).Changes.Labels.Keys);
    }

    [Fact]
    public void What_it_was_made_with_goes_along_with_a_change_and_is_none()
    {
        DesiredConfigMap otherwise = Desired with { MadeWith = "rules=1" };
        Assert.IsType<ConfigMapPlan.None>(ConfigMapPlanner.Plan(otherwise, Converged));
        var patch = Assert.IsType<ConfigMapPlan.Patch>(ConfigMapPlanner.Plan(otherwise, Converged with { Labels = ConfigMaps.Map() }));
        Assert.Equal("rules=1", patch.Changes.MadeWith);
        Assert.DoesNotContain(patch.Drift, d => d.Key == DesiredConfigMap.MadeWithAnnotation);
        Assert.Equal("rules=1", Assert.IsType<ConfigMapPlan.Create>(ConfigMapPlanner.Plan(otherwise, null)).Content.MadeWith);
    }

    [Fact]
    public void The_error_of_the_overrides_is_written_and_taken_away_again()
    {
        var problem = new YamlProblem(new YamlPosition(3, 4), "this and that");
        DesiredConfigMap troubled = DesiredConfigMap.Of([], $"overrides.yaml:{problem}", keepsUnknown: true);
        var patch = Assert.IsType<ConfigMapPlan.Patch>(ConfigMapPlanner.Plan(troubled, Converged));
        Assert.Equal([KeyValuePair.Create(Error, (string?)"overrides.yaml:3:4: this and that")], patch.Changes.Annotations);
        Assert.Empty(patch.Changes.Data);
        ConfigMapRecord troubledRecord = Store.Apply(patch, Converged)!;
        ConfigMapRecord mended = Store.Apply(ConfigMapPlanner.Plan(Desired, troubledRecord), troubledRecord)!;
        Assert.Empty(mended.Annotations);
        Assert.Equal(Converged.Data, mended.Data);
    }

    [Fact]
    public void A_patch_carries_the_version_it_was_computed_from_and_never_names_overrides()
    {
        var patch = Assert.IsType<ConfigMapPlan.Patch>(ConfigMapPlanner.Plan(Desired, (Converged.With(A, "x") with { ResourceVersion = "77" }), "older overrides"));
        Assert.Equal("77", patch.Changes.ResourceVersion);
        Assert.DoesNotContain(Overrides, patch.Changes.Data.Keys);
    }

    [Theory]
    [InlineData("kubectl-edit", "kubectl-edit:10:a")]
    [InlineData("newer", "older:10:a newer:11:a")]
    [InlineData("newer", "newer:11:a older:10:a")]
    [InlineData("kubectl", "kubectl:-:a")]
    [InlineData("dated", "undated:-:a dated:1:a")]
    [InlineData(null, "")]
    [InlineData(null, "kubectl:10:b")]
    [InlineData("dynamic-toolset", "dynamic-toolset:10:a")]
    [InlineData("dynamic-toolset", "dynamic-toolset:11:a co-owner:10:a")]
    [InlineData("kubectl", "dynamic-toolset:11:b kubectl:10:a")]
    public void The_manager_who_wrote_a_key_last_is_named_and_our_own_name_where_it_is_still_ours(string? named, string managers)
    {
        ConfigMapRecord modified = Converged.With(A, "x") with { Managers = [.. managers.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Manager)] };
        var patch = Assert.IsType<ConfigMapPlan.Patch>(ConfigMapPlanner.Plan(Desired, modified));
        Assert.Equal(new Drift(DriftKind.Modified, A, named), Assert.Single(patch.Drift));
    }

    [Theory]
    [InlineData("kubectl-label", Managed)]
    [InlineData("kubectl-annotate", Error)]
    public void The_manager_of_a_label_or_an_annotation_is_named_too(string manager, string key)
    {
        ConfigMapRecord modified = Converged with
        {
            Labels = ConfigMaps.Map((Managed, key == Managed ? "helm" : "dynamic-toolset")),
            Annotations = key == Error ? ConfigMaps.Map((Error, "x")) : ConfigMaps.Map(),
            Managers = [new FieldManager(manager, "Update", DateTimeOffset.UnixEpoch, []) { MetadataKeys = [key] }],
        };
        var patch = Assert.IsType<ConfigMapPlan.Patch>(ConfigMapPlanner.Plan(Desired, modified));
        Assert.Equal(new Drift(DriftKind.Metadata, key, manager), Assert.Single(patch.Drift));
    }

    [Theory]
    [InlineData("", "patch set owners Deployment dynamic-toolset because Metadata ownerReferences")]
    [InlineData("ours", "nothing to write")]
    [InlineData("stale", "patch set owners Deployment dynamic-toolset because Metadata ownerReferences")]
    [InlineData("foreign", "patch set owners Toolbox box, Deployment dynamic-toolset because Metadata ownerReferences")]
    [InlineData("foreign ours", "nothing to write")]
    [InlineData("ours foreign", "nothing to write")]
    [InlineData("controller", "nothing to write")]
    public void An_owner_that_is_not_right_is_drift_like_any_other(string owners, string step)
    {
        ConfigMapRecord record = Converged with { Owners = [.. owners.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Owner)] };
        string plan = PlanText.Of(ConfigMapPlanner.Plan(Owned, record));
        Assert.Equal(step, string.Join(' ', plan.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)));
    }

    [Fact]
    public void An_owner_is_corrected_by_the_same_write_as_everything_else()
    {
        ConfigMapRecord drifted = Converged.Without(A) with { Owners = [Owner("stale"), Owner("foreign")] };
        var patch = Assert.IsType<ConfigMapPlan.Patch>(ConfigMapPlanner.Plan(Owned, drifted));
        Assert.Equal([A], patch.Changes.Data.Keys);
        Assert.Equal([Owner("ours"), Owner("foreign")], patch.Changes.Owners);
    }

    [Fact]
    public void A_patch_for_another_reason_does_not_name_the_owners()
    {
        ConfigMapRecord drifted = Converged.Without(A) with { Owners = [Owner("foreign"), Owner("ours")] };
        Assert.Null(Assert.IsType<ConfigMapPlan.Patch>(ConfigMapPlanner.Plan(Owned, drifted)).Changes.Owners);
    }

    [Fact]
    public void A_missing_ConfigMap_is_created_with_its_owner()
    {
        var create = Assert.IsType<ConfigMapPlan.Create>(ConfigMapPlanner.Plan(Owned, null));
        Assert.Equal([Owner("ours")], create.Content.Owners);
        Assert.Empty(Assert.IsType<ConfigMapPlan.Create>(ConfigMapPlanner.Plan(Desired, null)).Content.Owners);
    }

    [Fact]
    public void An_owner_of_an_immutable_ConfigMap_is_left_alone_with_the_rest()
    {
        ConfigMapPlan plan = ConfigMapPlanner.Plan(Owned, Converged with { Immutable = true });
        Assert.Equal(RefuseReason.Immutable, Assert.IsType<ConfigMapPlan.Refuse>(plan).Reason);
    }

    private static OwnerReference Owner(string name) => name switch
    {
        "ours" => OwnerReference.ToDeployment("dynamic-toolset", "new"),
        "stale" => OwnerReference.ToDeployment("dynamic-toolset", "old"),
        "controller" => new OwnerReference("example.com/v1", "Toolbox", "box", "b", Controller: true, BlockOwnerDeletion: null),
        _ => new OwnerReference("example.com/v1", "Toolbox", "box", "b", Controller: false, BlockOwnerDeletion: null),
    };

    private static FieldManager Manager(string text)
    {
        string[] parts = text.Split(':');
        DateTimeOffset? time = parts[1] == "-" ? null : DateTimeOffset.UnixEpoch.AddSeconds(int.Parse(parts[1]));
        return new FieldManager(parts[0], "Update", time, [$"{parts[2]}-toolset.yaml"]);
    }

    private static DesiredConfigMap Wanted(params (string Key, string Text)[] data) =>
        DesiredConfigMap.Of([], null, keepsUnknown: false) with { Data = [.. data.Select(d => KeyValuePair.Create(d.Key, d.Text))] };
}
