namespace DynamicToolset.Kubernetes.Client;

/// <summary>One event of a watch.</summary>
/// <param name="Item">The object after the change, for <see cref="WatchEventKind.Deleted"/> its last state; null for Opened and Bookmark.</param>
/// <param name="ResourceVersion">The version from which the watch is resumed when it ends after this event.</param>
public readonly record struct WatchEvent<T>(WatchEventKind Kind, T? Item, string ResourceVersion)
    where T : class;
