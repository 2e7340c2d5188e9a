using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Reconciliation;
using DynamicToolset.Tests.Samples;

namespace DynamicToolset.Tests.Reconciliation;

public sealed class ConfigMapChangesTests
{
    private static readonly OwnerReference Other = new("v1", "Pod", "other", "o", Controller: null, BlockOwnerDeletion: null);

    private static readonly DesiredConfigMap Desired = new(
        [KeyValuePair.Create("a-toolset.yaml", "1"), KeyValuePair.Create("b-toolset.yaml", "2")],
        ConfigMaps.Map(("ours", "right")),
        ImmutableSortedDictionary.Create<string, string?>(StringComparer.Ordinal).Add("gone", null).Add("there", "x"),
        KeepsUnknown: false)
    {
        Owner = new DesiredOwner("d", new OwnerState.Found("u")),
    };

    private static readonly ConfigMapRecord Right = ConfigMaps.Empty with
    {
        Labels = ConfigMaps.Map(("ours", "right"), ("theirs", "x")),
        Annotations = ConfigMaps.Map(("there", "x")),
        Data = ConfigMaps.Map(("a-toolset.yaml", "1"), ("b-toolset.yaml", "2"), ("overrides.yaml", "# mine"), ("notes", "x")),
        Owners = [OwnerReference.ToDeployment("d", "u")],
    };

    [Fact]
    public void Nothing_to_write_changes_nothing() => Assert.Empty(Of(Right));

    [Fact]
    public void What_is_created_was_not_there_before() => Assert.Equal(
        [
            "Data a-toolset.yaml: none -> 1",
            "Data b-toolset.yaml: none -> 2",
            "Label ours: none -> right",
            "Annotation there: none -> x",
            "Owner ownerReferences: none -> apps/v1 Deployment d uid=u controller=true blockOwnerDeletion=true",
        ],
        Of(null));

    [Fact]
    public void What_is_patched_has_both_sides_and_what_is_of_others_is_no_part_of_it() => Assert.Equal(
        [
            "Data a-toolset.yaml: x -> 1",
            "Data b-toolset.yaml: none -> 2",
            "Data c-toolset.yaml: y -> none",
            "BinaryData d-toolset.yaml:  -> none",
            "Label ours: wrong -> right",
            "Annotation gone: z -> none",
        ],
        Of((Right with
        {
            Labels = Right.Labels.SetItem("ours", "wrong"),
            Annotations = Right.Annotations.Add("gone", "z"),
            Data = Right.Data.SetItem("a-toolset.yaml", "x").Remove("b-toolset.yaml").Add("c-toolset.yaml", "y"),
        }).WithBinary("d-toolset.yaml").WithBinary("logo.png")));

    [Fact]
    public void Owners_are_one_list_with_those_of_others() => Assert.Equal(
        ["Owner ownerReferences: v1 Pod other uid=o|apps/v1 Deployment d uid=old controller=false -> v1 Pod other uid=o|apps/v1 Deployment d uid=u controller=true blockOwnerDeletion=true"],
        Of(Right with { Owners = [Other, new OwnerReference("apps/v1", "Deployment", "d", "old", Controller: false, BlockOwnerDeletion: null)] }));

    [Fact]
    public void A_refusal_is_no_change_but_a_mistake_of_the_caller() =>
        Assert.Throws<ArgumentException>(() => ConfigMapChanges.Of(new ConfigMapPlan.Refuse(RefuseReason.Immutable, ""), Right));

    private static string[] Of(ConfigMapRecord? present) =>
    [
        .. ConfigMapChanges.Of(ConfigMapPlanner.Plan(Desired, present), present)
            .Select(c => $"{c.Part} {c.Key}: {Side(c.Before)} -> {Side(c.After)}"),
    ];

    private static string Side(string? text) => text?.Replace('\n', '|') ?? "none";
}
