using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Reconciliation;
using DynamicToolset.Tests.Samples;
using DynamicToolset.Yaml;

namespace DynamicToolset.Tests.Reconciliation;

public sealed class DriftFilterTests
{
    private const string A = "a-toolset.yaml", B = "b-toolset.yaml", Error = DesiredConfigMap.OverrideErrorAnnotation;

    private static readonly DesiredConfigMap Before = Wanted((A, "1"), (B, "2"));

    private static readonly ConfigMapRecord Right = ConfigMaps.Empty with
    {
        Labels = ConfigMaps.Map((DesiredConfigMap.ManagedByLabel, DesiredConfigMap.ManagedBy)),
        Data = ConfigMaps.Map((A, "1"), (B, "2")),
    };

    private static readonly ConfigMapRecord Drifted = Right.With(A, "x").Without(B).With("c-toolset.yaml", "y").WithBinary("d-toolset.yaml") with
    {
        Labels = ConfigMaps.Map((DesiredConfigMap.ManagedByLabel, "helm")),
        Annotations = ConfigMaps.Map((Error, "z")),
    };

    [Fact]
    public void After_a_start_nothing_is_known_to_be_of_others() =>
        Assert.Empty(DriftFilter.ByOthers(Plan(Before, Drifted).Drift, null, Before));

    [Fact]
    public void What_was_left_alone_while_the_overrides_were_unknown_was_changed_by_nobody()
    {
        DesiredConfigMap unknown = Before with { KeepsUnknown = true };
        Assert.Empty(ByOthers(Drifted, Before, before: unknown));
        Assert.Equal([B], ByOthers(Right.Without(B), unknown, before: unknown));
    }

    [Fact]
    public void Where_the_same_is_wanted_as_before_every_difference_is_of_others() =>
        Assert.Equal([A, B, "c-toolset.yaml", "d-toolset.yaml", DesiredConfigMap.ManagedByLabel, Error], ByOthers(Drifted, Before));

    [Fact]
    public void What_is_wanted_otherwise_than_before_is_our_own_change()
    {
        Assert.Equal([B], ByOthers(Right.With(A, "x").Without(B), Wanted((A, "new"), (B, "2"))));
        Assert.Equal([], ByOthers(Right, Wanted((A, "1"))));
        Assert.Equal([], ByOthers(Right, Wanted((A, "1"), (B, "2"), ("c-toolset.yaml", "3"))));
        var problem = new YamlProblem(new YamlPosition(1, 1), "this");
        Assert.Equal([], ByOthers(Right, DesiredConfigMap.Of(Before.Data, problem.ToString(), keepsUnknown: false)));
        Assert.Equal([], ByOthers(Right, Before with { Labels = ConfigMaps.Map((DesiredConfigMap.ManagedByLabel, "renamed")) }));
    }

    [Fact]
    public void An_owner_that_somebody_took_away_is_of_others_and_one_that_was_not_known_before_is_not()
    {
        DesiredConfigMap owned = Before with { Owner = new DesiredOwner("d", new OwnerState.Found("u")) };
        Assert.Equal([OwnerReference.DriftKey], ByOthers(Right, owned, before: owned));
        Assert.Equal([], ByOthers(Right, owned));
    }

    [Fact]
    public void A_paused_key_is_left_out_of_the_plan_and_the_others_stay()
    {
        var rest = Assert.IsType<ConfigMapPlan.Patch>(DriftFilter.Without(Plan(Before, Drifted), key => key == A));
        Assert.Equal([B, "c-toolset.yaml"], rest.Changes.Data.Keys);
        Assert.Equal([B, "c-toolset.yaml", "d-toolset.yaml", DesiredConfigMap.ManagedByLabel, Error], rest.Drift.Select(d => d.Key));
        rest = Assert.IsType<ConfigMapPlan.Patch>(DriftFilter.Without(Plan(Before, Drifted), key => key is "d-toolset.yaml" or DesiredConfigMap.ManagedByLabel or Error));
        Assert.Equal([A, B, "c-toolset.yaml"], rest.Changes.Data.Keys);
        Assert.Empty(rest.Changes.BinaryDataRemovals);
        Assert.Empty(rest.Changes.Labels);
        Assert.Empty(rest.Changes.Annotations);
    }

    [Fact]
    public void Owners_are_paused_as_one()
    {
        DesiredConfigMap owned = Before with { Owner = new DesiredOwner("d", new OwnerState.Found("u")) };
        ConfigMapPlan.Patch plan = Plan(owned, Right.With(A, "x"));
        Assert.Null(Assert.IsType<ConfigMapPlan.Patch>(DriftFilter.Without(plan, key => key == OwnerReference.DriftKey)).Changes.Owners);
        Assert.NotNull(Assert.IsType<ConfigMapPlan.Patch>(DriftFilter.Without(plan, key => key == A)).Changes.Owners);
    }

    [Fact]
    public void Where_everything_is_paused_there_is_nothing_to_write() =>
        Assert.IsType<ConfigMapPlan.None>(DriftFilter.Without(Plan(Before, Drifted), _ => true));

    [Fact]
    public void A_plan_without_a_paused_key_is_not_touched()
    {
        ConfigMapPlan.Patch plan = Plan(Before, Drifted);
        Assert.Same(plan, DriftFilter.Without(plan, _ => false));
        ConfigMapPlan create = ConfigMapPlanner.Plan(Before, null);
        Assert.Same(create, DriftFilter.Without(create, _ => true));
    }

    private static ImmutableArray<string> ByOthers(ConfigMapRecord present, DesiredConfigMap desired, DesiredConfigMap? before = null) =>
        [.. DriftFilter.ByOthers(Plan(desired, present).Drift, before ?? Before, desired).Select(d => d.Key)];

    private static ConfigMapPlan.Patch Plan(DesiredConfigMap desired, ConfigMapRecord present) =>
        Assert.IsType<ConfigMapPlan.Patch>(ConfigMapPlanner.Plan(desired, present));

    private static DesiredConfigMap Wanted(params (string Key, string Text)[] data) =>
        DesiredConfigMap.Of([.. data.Select(d => KeyValuePair.Create(d.Key, d.Text))], null, keepsUnknown: false);
}
