using System.Buffers;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Serialization;
using DynamicToolset.LeaderElection;

namespace DynamicToolset.Kubernetes.Client;

public sealed partial class KubeApiClient
{
    private const string Leases = "leases.coordination.k8s.io";

    private LeaseProjection LeaseFields => field ??= new LeaseProjection(_strings);

    /// <inheritdoc/>
    public async Task<LeaseRecord?> GetLeaseAsync(ObjectKey key, CancellationToken cancellation)
    {
        try
        {
            return await AskForOneAsync(OnLease("get", HttpMethod.Get, key), AnswerBounds.Lease, ReadLease, cancellation);
        }
        catch (KubeApiException e) when (e.IsNotFound)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public Task<KubeList<LeaseRecord>> ListLeaseAsync(ObjectKey key, CancellationToken cancellation) =>
        ListAsync(OnLeases("list", key, query: ""), LeaseFields, cancellation);

    /// <inheritdoc/>
    public IAsyncEnumerable<WatchEvent<LeaseRecord>> WatchLeaseAsync(
        ObjectKey key, string resourceVersion, TimeSpan timeout, CancellationToken cancellation) =>
        WatchAsync(OnLeases("watch", key, WatchQuery(resourceVersion, timeout)), LeaseFields, resourceVersion, timeout, cancellation);

    /// <summary>
    /// By an apply that carries a version of no object, as <see cref="CreateConfigMapAsync"/> does: with the name in the path, so that the right to
    /// create can be granted for that name.
    /// </summary>
    public Task<LeaseRecord> CreateLeaseAsync(ObjectKey key, LeaseSpec spec, LeaderAddress? address, CancellationToken cancellation) => AskForOneAsync(
        OnLease("create", HttpMethod.Patch, key, $"?fieldManager={FieldManager.Ours}&force=true") with { Body = LeaseBody.Creation(key, spec, address) },
        AnswerBounds.Lease,
        ReadLease,
        cancellation);

    /// <summary>
    /// By a merge patch, which keeps what others wrote on the Lease, and cannot make one: a PUT of a Lease that is gone would, whatever version
    /// it carries.
    /// </summary>
    public Task<LeaseRecord> UpdateLeaseAsync(LeaseRecord from, LeaseSpec spec, LeaderAddress? address, CancellationToken cancellation) => AskForOneAsync(
        OnLease("patch", HttpMethod.Patch, from.Key, $"?fieldManager={FieldManager.Ours}") with { Body = LeaseBody.Update(from, spec, address) },
        AnswerBounds.Lease,
        ReadLease,
        cancellation);

    private LeaseRecord ReadLease(ReadOnlySequence<byte> json) => LeaseFields.Read(json);

    private static KubeCall OnLease(string verb, HttpMethod method, ObjectKey key, string query = "") => new(verb, Leases, key.Namespace, key.Name)
    {
        Method = method,
        PathAndQuery = $"{LeasesPath(key)}/{Uri.EscapeDataString(key.Name)}{query}",
    };

    private static KubeCall OnLeases(string verb, ObjectKey key, string query) => new(verb, Leases, key.Namespace, key.Name)
    {
        Method = HttpMethod.Get,
        PathAndQuery = $"{LeasesPath(key)}?fieldSelector={Uri.EscapeDataString("metadata.name=" + key.Name)}&{query}",
    };

    private static string LeasesPath(ObjectKey key) => $"apis/coordination.k8s.io/v1/namespaces/{Uri.EscapeDataString(key.Namespace)}/leases";
}
