using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.LeaderElection;
using DynamicToolset.Reconciliation;

namespace DynamicToolset.Service.Tests.LeaderElection;

/// <summary>What one replica asks of the API server, written down, and some of it held up on its way.</summary>
internal sealed class ReplicaApi(IKubeApi inner, TimeProvider time) : IKubeApi
{
    private readonly long _origin = time.GetTimestamp();
    private readonly List<ApiCall> _calls = [];
    private (string Verb, TaskCompletionSource Way)? _held;

    public IReadOnlyList<ApiCall> Calls => _calls;

    /// <summary>Asked when a request is begun.</summary>
    public Func<bool> Leads { get; set; } = () => false;

    /// <summary>From now on nothing leaves the replica: it has crashed, or is cut off from everybody.</summary>
    public bool IsCutOff { get; set; }

    /// <summary>The keys that a change of the ConfigMap was to take out of it, whatever became of that.</summary>
    public List<string> Removals { get; } = [];

    public IEnumerable<ApiCall> WritesTo(string resource) => _calls.Where(c => c.Resource == resource && c.Verb is "create" or "patch");

    /// <summary>
    /// The next write of this kind is on its way until that is set: the replica may give it up, and yet it arrives then.
    /// </summary>
    public TaskCompletionSource HoldNext(string verb)
    {
        var way = new TaskCompletionSource();
        _held = (verb, way);
        return way;
    }

    public Task<KubeList<ServiceRecord>> ListServicesAsync(string? ns, CancellationToken cancellation) =>
        AskAsync("list", "services", token => inner.ListServicesAsync(ns, token), cancellation);

    public IAsyncEnumerable<WatchEvent<ServiceRecord>> WatchServicesAsync(
        string? ns, string resourceVersion, TimeSpan timeout, CancellationToken cancellation) =>
        inner.WatchServicesAsync(ns, resourceVersion, timeout, cancellation);

    public Task<ConfigMapRecord?> GetConfigMapAsync(ObjectKey key, CancellationToken cancellation) =>
        AskAsync("get", "configmaps", token => inner.GetConfigMapAsync(key, token), cancellation);

    public Task<KubeList<ConfigMapRecord>> ListConfigMapAsync(ObjectKey key, CancellationToken cancellation) =>
        AskAsync("list", "configmaps", token => inner.ListConfigMapAsync(key, token), cancellation);

    public IAsyncEnumerable<WatchEvent<ConfigMapRecord>> WatchConfigMapAsync(
        ObjectKey key, string resourceVersion, TimeSpan timeout, CancellationToken cancellation) =>
        inner.WatchConfigMapAsync(key, resourceVersion, timeout, cancellation);

    public Task<ConfigMapRecord> CreateConfigMapAsync(ObjectKey key, ConfigMapContent content, CancellationToken cancellation) =>
        AskAsync("create", "configmaps", token => inner.CreateConfigMapAsync(key, content, token), cancellation);

    public Task<ConfigMapRecord> PatchConfigMapAsync(ObjectKey key, ConfigMapPatch patch, CancellationToken cancellation)
    {
        Removals.AddRange(patch.Data.Where(d => d.Value is null).Select(d => d.Key));
        return AskAsync("patch", "configmaps", token => inner.PatchConfigMapAsync(key, patch, token), cancellation);
    }

    public Task<ConfigMapRecord> DisownAsync(ObjectKey key, string resourceVersion, ImmutableArray<string> fields, CancellationToken cancellation) =>
        AskAsync("patch", "configmaps", token => inner.DisownAsync(key, resourceVersion, fields, token), cancellation);

    public Task<DeploymentRecord?> GetDeploymentAsync(ObjectKey key, CancellationToken cancellation) =>
        AskAsync("get", "deployments", token => inner.GetDeploymentAsync(key, token), cancellation);

    public Task<LeaseRecord?> GetLeaseAsync(ObjectKey key, CancellationToken cancellation) =>
        AskAsync("get", "leases", token => inner.GetLeaseAsync(key, token), cancellation);

    public Task<KubeList<LeaseRecord>> ListLeaseAsync(ObjectKey key, CancellationToken cancellation) =>
        AskAsync("list", "leases", token => inner.ListLeaseAsync(key, token), cancellation);

    public IAsyncEnumerable<WatchEvent<LeaseRecord>> WatchLeaseAsync(
        ObjectKey key, string resourceVersion, TimeSpan timeout, CancellationToken cancellation) =>
        inner.WatchLeaseAsync(key, resourceVersion, timeout, cancellation);

    public Task<LeaseRecord> CreateLeaseAsync(ObjectKey key, LeaseSpec spec, LeaderAddress? address, CancellationToken cancellation) =>
        AskAsync("create", "leases", token => inner.CreateLeaseAsync(key, spec, address, token), cancellation);

    public Task<LeaseRecord> UpdateLeaseAsync(LeaseRecord from, LeaseSpec spec, LeaderAddress? address, CancellationToken cancellation) =>
        AskAsync("patch", "leases", token => inner.UpdateLeaseAsync(from, spec, address, token), cancellation);

    public Task CreateEventAsync(KubeEvent content, CancellationToken cancellation) =>
        AskAsync("create", "events", token => DoneAsync(inner.CreateEventAsync(content, token)), cancellation);

    public Task RepeatEventAsync(KubeEvent content, CancellationToken cancellation) =>
        AskAsync("patch", "events", token => DoneAsync(inner.RepeatEventAsync(content, token)), cancellation);

    public Task<ReviewedToken> ReviewTokenAsync(string token, ImmutableArray<string> audiences, CancellationToken cancellation) =>
        AskAsync("create", "tokenreviews", t => inner.ReviewTokenAsync(token, audiences, t), cancellation);

    public Task<bool> ReviewAccessAsync(UserInfo user, AccessQuestion question, CancellationToken cancellation) =>
        AskAsync("create", "subjectaccessreviews", t => inner.ReviewAccessAsync(user, question, t), cancellation);

    /// <summary>As late as a client gives up.</summary>
    private async Task FailAsync(KubeCall call, CancellationToken cancellation)
    {
        await Task.Delay(new KubeApiClientOptions().RequestTimeout, time, cancellation);
        throw KubeApiException.FromFault(call, "the API server", new TimeoutException("no answer in time"));
    }

    private static async Task<bool> DoneAsync(Task task)
    {
        await task;
        return true;
    }

    private async Task<T> AskAsync<T>(string verb, string resource, Func<CancellationToken, Task<T>> ask, CancellationToken cancellation)
    {
        var call = new ApiCall(verb, resource, time.GetElapsedTime(_origin)) { WasByLeader = Leads() };
        _calls.Add(call);
        try
        {
            if (IsCutOff)
                await FailAsync(new KubeCall(verb, resource) { Method = HttpMethod.Get, PathAndQuery = "" }, cancellation);
            if (_held is not { } held || $"{verb} {resource}" != held.Verb)
                return await ask(cancellation);
            _held = null;
            Task<T> arrived = ArriveAsync(held.Way.Task, ask);
            return await arrived.WaitAsync(cancellation);
        }
        catch (KubeApiException e)
        {
            call.Code = e.Code;
            throw;
        }
        finally
        {
            call.EndedAt = time.GetElapsedTime(_origin);
        }

        async Task<T> ArriveAsync(Task way, Func<CancellationToken, Task<T>> send)
        {
            // On the network, whatever the replica does.
            await way.ConfigureAwait(false);
            try
            {
                return await send(CancellationToken.None);
            }
            catch (KubeApiException e)
            {
                call.Code = e.Code;
                throw;
            }
        }
    }
}

/// <summary>One request of a replica. Times are since the test began.</summary>
internal sealed record ApiCall(string Verb, string Resource, TimeSpan BegunAt)
{
    public bool WasByLeader { get; init; }

    /// <summary>When the replica had an answer, or gave up; null while neither is so.</summary>
    public TimeSpan? EndedAt { get; set; }

    /// <summary>Of the refusal; 0 where there was none.</summary>
    public int Code { get; set; }
}
