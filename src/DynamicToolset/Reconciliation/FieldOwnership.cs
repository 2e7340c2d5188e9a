using System.Collections.Immutable;
using DynamicToolset.Cluster;

namespace DynamicToolset.Reconciliation;

/// <summary>
/// The admin's overrides belong to no field manager of ours, so that GitOps may change and drop them without a conflict. They became ours
/// where we created the ConfigMap with them, and they become ours where we own the map: what nobody owns in it goes to the owner of the
/// map with the next write of anybody [tried on kube-apiserver 1.20].
/// </summary>
public static class FieldOwnership
{
    /// <summary>
    /// The fields of <c>metadata.managedFields</c> to take away, as JSON pointers (RFC 6901), each on its own; empty where there are none. They
    /// are right for this version of the ConfigMap only.
    /// </summary>
    public static ImmutableArray<string> ToGiveUp(ConfigMapRecord present) =>
        [.. present.Managers.SelectMany((manager, index) => manager.Name == FieldManager.Ours ? ToGiveUp(manager, index, present) : [])];

    private static IEnumerable<string> ToGiveUp(FieldManager manager, int index, ConfigMapRecord present)
    {
        string data = $"/metadata/managedFields/{index}/fieldsV1/f:data";
        bool ownsOverrides = manager.DataKeys.Contains(ToolsetKey.Overrides);
        if (!ownsOverrides && !manager.OwnsData)
            return [];
        if (manager.DataKeys.Count > (ownsOverrides ? 1 : 0))
            return [.. ownsOverrides ? [$"{data}/f:{ToolsetKey.Overrides}"] : (string[])[], .. manager.OwnsData ? [$"{data}/."] : (string[])[]];

        // A map without entries would count as the whole of it; an object without any manager would have its next one own everything.
        bool isLast = present.Managers.Length == 1 && manager.MetadataKeys.IsEmpty;
        return isLast ? [] : [data];
    }
}
