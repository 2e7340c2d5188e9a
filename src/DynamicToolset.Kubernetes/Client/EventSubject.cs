using DynamicToolset.Cluster;

namespace DynamicToolset.Kubernetes.Client;

/// <summary>The object of the core group that an Event is about.</summary>
/// <param name="Kind">For example <c>Service</c>.</param>
/// <param name="Uid"><c>kubectl describe</c> shows an Event only where this is right.</param>
public sealed record EventSubject(string Kind, ObjectKey Key, string Uid);
