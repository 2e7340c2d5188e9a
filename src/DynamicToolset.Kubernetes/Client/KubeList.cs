using System.Collections.Immutable;

namespace DynamicToolset.Kubernetes.Client;

/// <summary>A whole list: every page of it was read, or there is no such object.</summary>
/// <param name="ResourceVersion">The version of the list, from which a watch misses nothing.</param>
public sealed record KubeList<T>(ImmutableArray<T> Items, string ResourceVersion);
