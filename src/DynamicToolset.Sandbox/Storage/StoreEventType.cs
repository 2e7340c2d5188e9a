namespace DynamicToolset.Sandbox.Storage;

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
