using DynamicToolset.Cluster;
using DynamicToolset.Reconciliation;
using DynamicToolset.Tests.Samples;

namespace DynamicToolset.Tests.Reconciliation;

/// <summary>Entries of <c>managedFields</c> are written as manager and fields; <c>.</c> is the map, <c>@</c> an annotation.</summary>
public sealed class FieldOwnershipTests
{
    [Theory]
    [InlineData("dynamic-toolset a")]
    [InlineData("git overrides.yaml", "dynamic-toolset a")]
    [InlineData("git . overrides.yaml")]
    [InlineData("dynamic-toolset @")]
    [InlineData("dynamic-toolset overrides.yaml")]
    public void What_is_not_ours_or_cannot_be_given_up_stays(params string[] entries) => Assert.Empty(FieldOwnership.ToGiveUp(Of(entries)));

    [Theory]
    [InlineData("0/f:overrides.yaml", "dynamic-toolset a overrides.yaml")]
    [InlineData("1/f:overrides.yaml", "git b", "dynamic-toolset a overrides.yaml")]
    [InlineData("0/.", "dynamic-toolset . a")]
    [InlineData("0/f:overrides.yaml 0/.", "dynamic-toolset . a overrides.yaml")]
    [InlineData("0/f:overrides.yaml 1/.", "dynamic-toolset a overrides.yaml", "dynamic-toolset . b")]
    public void Overrides_and_the_map_itself_are_given_up(string fields, params string[] entries) => Assert.Equal(Pointers(fields), FieldOwnership.ToGiveUp(Of(entries)));

    [Theory]
    [InlineData("0", "dynamic-toolset overrides.yaml @")]
    [InlineData("0", "dynamic-toolset . overrides.yaml @")]
    [InlineData("0", "dynamic-toolset . @")]
    [InlineData("1", "git a", "dynamic-toolset overrides.yaml")]
    public void Where_nothing_else_of_the_data_is_ours_it_is_given_up_whole(string fields, params string[] entries) =>
        Assert.Equal(Pointers(fields), FieldOwnership.ToGiveUp(Of(entries)));

    private static IEnumerable<string> Pointers(string fields) =>
        fields.Split(' ').Select(field => $"/metadata/managedFields/{field[0]}/fieldsV1/f:data{field[1..]}");

    private static ConfigMapRecord Of(string[] entries) => ConfigMaps.Empty with { Managers = [.. entries.Select(Manager)] };

    private static FieldManager Manager(string entry)
    {
        string[] words = entry.Split(' ');
        return new FieldManager(words[0], "Apply", null, [.. words[1..].Where(w => w is not ("." or "@"))])
        {
            OwnsData = words.Contains("."),
            MetadataKeys = words.Contains("@") ? ["kubernaut.io/note"] : [],
        };
    }
}
