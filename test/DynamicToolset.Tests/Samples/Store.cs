using System.Collections.Immutable;
using System.Globalization;
using DynamicToolset.Cluster;
using DynamicToolset.Reconciliation;

namespace DynamicToolset.Tests.Samples;

/// <summary>What the API server makes of a plan: a merge patch (RFC 7386) changes what it names and nothing else.</summary>
internal static class Store
{
    public static ConfigMapRecord? Apply(ConfigMapPlan plan, ConfigMapRecord? present) => plan switch
    {
        ConfigMapPlan.Create create => Create(create.Content, present),
        ConfigMapPlan.Patch patch => Patch(patch.Changes, present),
        _ => present,
    };

    private static ConfigMapRecord Create(ConfigMapContent content, ConfigMapRecord? present)
    {
        Assert.Null(present);
        return ConfigMaps.Empty with { Labels = content.Labels, Annotations = content.Annotations, Owners = Taken(content.Owners), Data = content.Data };
    }

    private static ConfigMapRecord Patch(ConfigMapPatch patch, ConfigMapRecord? present)
    {
        Assert.NotNull(present);
        Assert.Equal(present.ResourceVersion, patch.ResourceVersion);
        Assert.False(present.Immutable);
        ConfigMapRecord patched = present with
        {
            ResourceVersion = (long.Parse(present.ResourceVersion, CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture),
            Labels = Merge(present.Labels, patch.Labels),
            Annotations = Merge(present.Annotations, patch.Annotations),
            Owners = Taken(patch.Owners ?? present.Owners),
            Data = Merge(present.Data, patch.Data),
            BinaryData = present.BinaryData.RemoveRange(patch.BinaryDataRemovals),
        };
        // The API server refuses an object that has one key in both.
        Assert.Empty(patched.Data.Keys.Intersect(patched.BinaryData.Keys));
        return patched;
    }

    /// <summary>The API server refuses owners without a uid and more than one controller.</summary>
    private static ImmutableArray<OwnerReference> Taken(ImmutableArray<OwnerReference> owners)
    {
        Assert.DoesNotContain(owners, o => o.Uid.Length == 0);
        Assert.InRange(owners.Count(o => o.Controller == true), 0, 1);
        return owners;
    }

    private static ImmutableSortedDictionary<string, string> Merge(
        ImmutableSortedDictionary<string, string> present, ImmutableSortedDictionary<string, string?> patch)
    {
        foreach ((string key, string? value) in patch)
            present = value is null ? present.Remove(key) : present.SetItem(key, value);
        return present;
    }
}
