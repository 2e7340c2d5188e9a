using System.Collections.Immutable;
using DynamicToolset.Messages;

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
    IReadOnlyDictionary<string, string> Selector)
{
    private static readonly ImmutableDictionary<string, string> NoText = ImmutableDictionary<string, string>.Empty;

    /// <summary>The bound that it is beyond: then nothing is known of it but what it is called. Null for almost all.</summary>
    public Bound? Beyond { get; init; }

    /// <summary>An owner reference says that a controller keeps it as it is.</summary>
    public bool IsControlled { get; init; }

    /// <summary>What is left of a Service that is beyond a bound.</summary>
    public static ServiceRecord Refused(ObjectKey key, string uid, string resourceVersion, Bound beyond) =>
        new(key, uid, resourceVersion, ServiceKind.ClusterIP, NoText, NoText, [], NoText) { Beyond = beyond };

    /// <inheritdoc cref="Refused"/>
    public ServiceRecord Refuse(Bound beyond) => Refused(Key, Uid, ResourceVersion, beyond);
}
