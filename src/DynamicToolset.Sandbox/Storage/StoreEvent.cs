using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Sandbox.Selectors;

namespace DynamicToolset.Sandbox.Storage;

/// <summary>One change of an object, or a bookmark, which has no object.</summary>
/// <param name="Object">The object after the change; at a deletion its last state under the version of the deletion.</param>
/// <param name="Previous">The object before the change; null at an addition.</param>
internal sealed record StoreEvent(StoreEventType Type, long Version, StoredObject? Object = null, StoredObject? Previous = null)
{
    /// <summary>
    /// The change for those who select by the filter, and the object as they are told of it. What leaves their selection is deleted for them:
    /// as they knew it, under the version in which it left. Null where the selection is not concerned.
    /// </summary>
    public (StoreEventType Type, StoredObject Object)? SeenThrough(ObjectFilter filter)
    {
        bool matched = Previous is not null && filter.Matches(Previous);
        if (Type != StoreEventType.Deleted && filter.Matches(Object!))
            return (matched ? StoreEventType.Modified : StoreEventType.Added, Object!);
        return matched ? (StoreEventType.Deleted, Previous!.Under(Version)) : null;
    }
}

/// <summary>The types of watch events, see https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes.</summary>
internal enum StoreEventType
{
    Added,
    Modified,
    Deleted,

    /// <summary>Nothing happened up to this version.</summary>
    Bookmark,

    /// <summary>All objects that there were when the watch began have been sent.</summary>
    InitialEventsEnd,
}
