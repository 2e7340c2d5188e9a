namespace DynamicToolset.Kubernetes.Client;

/// <summary>
/// The events of a watch, https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes.
/// The ERROR event is none of them: it ends the watch with a <see cref="KubeApiException"/>.
/// </summary>
public enum WatchEventKind
{
    /// <summary>The API server has accepted the watch. Always the first; without it nobody could tell a quiet watch from one that never began.</summary>
    Opened,
    Added,
    Modified,
    Deleted,

    /// <summary>Nothing changed here, and the watch may be resumed from this later version.</summary>
    Bookmark,
}
