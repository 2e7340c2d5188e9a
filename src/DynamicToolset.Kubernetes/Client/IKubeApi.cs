using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.LeaderElection;
using DynamicToolset.Reconciliation;

namespace DynamicToolset.Kubernetes.Client;

/// <summary>
/// All that this program asks of a Kubernetes API. Two implementations: <see cref="KubeApiClient"/> over HTTP, and the simulated store in
/// process. Every failure is a <see cref="KubeApiException"/>, unless the caller's own token ended the call.
/// </summary>
public interface IKubeApi
{
    /// <summary>All Services, of one consistent state. Either the whole list is returned or an exception is thrown.</summary>
    /// <param name="ns">Null for all namespaces.</param>
    Task<KubeList<ServiceRecord>> ListServicesAsync(string? ns, CancellationToken cancellation);

    /// <summary>The changes after a version. It ends when the API server ends it, after <paramref name="timeout"/> at the latest.</summary>
    /// <param name="ns">Null for all namespaces.</param>
    /// <param name="timeout">Asked of the API server, in whole seconds; a watch that is silent for longer is a fault.</param>
    IAsyncEnumerable<WatchEvent<ServiceRecord>> WatchServicesAsync(
        string? ns, string resourceVersion, TimeSpan timeout, CancellationToken cancellation);

    /// <summary>Null where there is none.</summary>
    Task<ConfigMapRecord?> GetConfigMapAsync(ObjectKey key, CancellationToken cancellation);

    /// <summary>The one ConfigMap as a list of none or one.</summary>
    Task<KubeList<ConfigMapRecord>> ListConfigMapAsync(ObjectKey key, CancellationToken cancellation);

    /// <summary>The changes of the one ConfigMap after a version; see <see cref="WatchServicesAsync"/>.</summary>
    IAsyncEnumerable<WatchEvent<ConfigMapRecord>> WatchConfigMapAsync(
        ObjectKey key, string resourceVersion, TimeSpan timeout, CancellationToken cancellation);

    /// <summary>Creates the ConfigMap, and does nothing else: where it exists, whatever its version, the answer is a conflict.</summary>
    Task<ConfigMapRecord> CreateConfigMapAsync(ObjectKey key, ConfigMapContent content, CancellationToken cancellation);

    /// <summary>Changes only what the patch names, and only if the ConfigMap is still at the version the patch was computed from.</summary>
    Task<ConfigMapRecord> PatchConfigMapAsync(ObjectKey key, ConfigMapPatch patch, CancellationToken cancellation);

    /// <summary>
    /// Takes fields away from their managers and changes nothing else, if the ConfigMap is still at that version. Otherwise it is a conflict, or
    /// <see cref="KubeApiException.IsInvalid"/> where those fields have another manager by now.
    /// </summary>
    /// <param name="fields">JSON pointers into <c>metadata.managedFields</c>, right for that version; at least one.</param>
    Task<ConfigMapRecord> DisownAsync(ObjectKey key, string resourceVersion, ImmutableArray<string> fields, CancellationToken cancellation);

    /// <summary>Null where there is none.</summary>
    Task<DeploymentRecord?> GetDeploymentAsync(ObjectKey key, CancellationToken cancellation);

    /// <summary>Null where there is none.</summary>
    Task<LeaseRecord?> GetLeaseAsync(ObjectKey key, CancellationToken cancellation);

    /// <summary>The one Lease as a list of none or one.</summary>
    Task<KubeList<LeaseRecord>> ListLeaseAsync(ObjectKey key, CancellationToken cancellation);

    /// <summary>The changes of the one Lease after a version; see <see cref="WatchServicesAsync"/>.</summary>
    IAsyncEnumerable<WatchEvent<LeaseRecord>> WatchLeaseAsync(ObjectKey key, string resourceVersion, TimeSpan timeout, CancellationToken cancellation);

    /// <summary>Creates the Lease, and does nothing else: where it exists, whatever its version, the answer is a conflict.</summary>
    /// <param name="address">Where the holder answers; null where it does not say.</param>
    Task<LeaseRecord> CreateLeaseAsync(ObjectKey key, LeaseSpec spec, LeaderAddress? address, CancellationToken cancellation);

    /// <summary>
    /// Changes the spec and the address, only of that very object, and only if it is still at that version. Otherwise it is a conflict, or not
    /// found, or, where the version is the same and the object another, as after a restored store, <see cref="KubeApiException.IsInvalid"/>.
    /// </summary>
    /// <param name="from">As it was read.</param>
    /// <param name="address">Where the holder answers; null where it does not say, or there is none: then what stands there is taken away.</param>
    Task<LeaseRecord> UpdateLeaseAsync(LeaseRecord from, LeaseSpec spec, LeaderAddress? address, CancellationToken cancellation);

    Task CreateEventAsync(KubeEvent content, CancellationToken cancellation);

    /// <summary>Tells that an Event happened again.</summary>
    /// <exception cref="KubeApiException"><see cref="KubeApiException.IsNotFound"/> where it has expired: API servers forget Events after an hour.</exception>
    Task RepeatEventAsync(KubeEvent content, CancellationToken cancellation);

    /// <summary>Who carries this token. One that proves nobody is an answer and no error.</summary>
    /// <param name="audiences">
    /// Whom it must be meant for, one of them at least; empty for the API server itself. Whether an API server heeded that is told by the audiences of
    /// its answer.
    /// </param>
    Task<ReviewedToken> ReviewTokenAsync(string token, ImmutableArray<string> audiences, CancellationToken cancellation);

    /// <summary>Whether somebody may do something.</summary>
    /// <param name="user">As a review of their token said: all of it, for an authorizer may go by any part.</param>
    Task<bool> ReviewAccessAsync(UserInfo user, AccessQuestion question, CancellationToken cancellation);
}
