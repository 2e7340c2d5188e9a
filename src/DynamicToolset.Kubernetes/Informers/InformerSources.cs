using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.LeaderElection;

namespace DynamicToolset.Kubernetes.Informers;

/// <summary>The sources of this program.</summary>
public static class InformerSources
{
    /// <param name="ns">Null for all namespaces.</param>
    public static InformerSource<ServiceRecord> Services(IKubeApi client, string? ns) => NamespaceShares.Keep(new(
        stop => client.ListServicesAsync(ns, stop),
        (version, timeout, stop) => client.WatchServicesAsync(ns, version, timeout, stop),
        service => service.Key,
        service => service.ResourceVersion));

    public static InformerSource<ConfigMapRecord> ConfigMap(IKubeApi client, ObjectKey key) => new(
        stop => client.ListConfigMapAsync(key, stop),
        (version, timeout, stop) => client.WatchConfigMapAsync(key, version, timeout, stop),
        configMap => configMap.Key,
        configMap => configMap.ResourceVersion);

    public static InformerSource<LeaseRecord> Lease(IKubeApi client, ObjectKey key) => new(
        stop => client.ListLeaseAsync(key, stop),
        (version, timeout, stop) => client.WatchLeaseAsync(key, version, timeout, stop),
        lease => lease.Key,
        lease => lease.ResourceVersion);
}
