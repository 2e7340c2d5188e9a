using System.Collections.Immutable;

namespace DynamicToolset.Cluster;

/// <summary>
/// The fields kept of a Kubernetes Service: a cluster has thousands of them, and most of what a Service carries
/// (managed fields, status) decides nothing here.
/// </summary>
/// <param name="ResourceVersion">Opaque: two versions are equal or they are not, nothing else is known of them.</param>
/// <param name="Annotations">Of a Service in the cluster without the long ones of others, which no rule asks for.</param>
/// <param name="Selector">The labels of the pods that it leads to, <c>spec.selector</c>; empty where it selects none.</param>
public sealed record ServiceRecord(
    ObjectKey Key,
    string Uid,
    string ResourceVersion,
    ServiceKind Kind,
    IReadOnlyDictionary<string, string> Labels,
    IReadOnlyDictionary<string, string> Annotations,
    ImmutableArray<ServicePort> Ports,
    IReadOnlyDictionary<string, string> Selector);
