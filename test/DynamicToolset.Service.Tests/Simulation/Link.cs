using System.Collections.Immutable;
using System.Net;
using System.Runtime.CompilerServices;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.LeaderElection;
using DynamicToolset.Reconciliation;
using DynamicToolset.Sandbox.Api;
using DynamicToolset.Sandbox.Faults;
using DynamicToolset.Sandbox.Storage;

namespace DynamicToolset.Service.Tests.Simulation;

/// <summary>
/// The way from one process to the API server, and what goes wrong on it: requests that come late, answers that do not come, a connection that is
/// cut or silent, a watch that lags behind or has a gap.
/// </summary>
internal sealed class Link : IKubeApi
{
    private static readonly TimeSpan BookmarkInterval = TimeSpan.FromSeconds(60);

    private readonly Agenda _agenda;
    private readonly Random _random;
    private readonly FaultCount _count;
    private readonly FaultPlan _plan = new();
    private readonly SimulatedKubeApi _server;
    private TaskCompletionSource _cut = New();
    private TimeSpan _lagsUntil;

    public Link(Agenda agenda, KubeStore store, TimeProvider clock, Random random, FaultCount count)
    {
        _agenda = agenda;
        _random = random;
        _count = count;
        _server = new SimulatedKubeApi(store, clock, _plan, BookmarkInterval);
    }

    /// <summary>Called when a write leaves the process, before it can go wrong.</summary>
    public Action<string, string> Sent { get; set; } = static (_, _) => { };

    public Partition Partition { get; private set; }

    /// <summary>Of a request: that it goes wrong by itself.</summary>
    public double FaultRate { get; set; }

    public void Set(Partition partition)
    {
        Partition = partition;
        if (partition is Partition.Refused)
            CutWatches();
    }

    /// <summary>Watches break now, and what happens until they are back is seen by a list at best.</summary>
    public void CutWatches()
    {
        TaskCompletionSource cut = _cut;
        _cut = New();
        cut.SetResult();
    }

    /// <summary>What the watches tell until then comes late, in order.</summary>
    public void LagFor(TimeSpan time) => _lagsUntil = _agenda.Now + time;

    public Task<KubeList<ServiceRecord>> ListServicesAsync(string? ns, CancellationToken cancellation) =>
        CallAsync("list", "services", s => s.ListServicesAsync(ns, cancellation), cancellation);

    public IAsyncEnumerable<WatchEvent<ServiceRecord>> WatchServicesAsync(string? ns, string resourceVersion, TimeSpan timeout, CancellationToken cancellation) =>
        WatchAsync("services", stop => _server.WatchServicesAsync(ns, resourceVersion, timeout, stop), cancellation);

    public Task<ConfigMapRecord?> GetConfigMapAsync(ObjectKey key, CancellationToken cancellation) =>
        CallAsync("get", "configmaps", s => s.GetConfigMapAsync(key, cancellation), cancellation);

    public Task<KubeList<ConfigMapRecord>> ListConfigMapAsync(ObjectKey key, CancellationToken cancellation) =>
        CallAsync("list", "configmaps", s => s.ListConfigMapAsync(key, cancellation), cancellation);

    public IAsyncEnumerable<WatchEvent<ConfigMapRecord>> WatchConfigMapAsync(
        ObjectKey key, string resourceVersion, TimeSpan timeout, CancellationToken cancellation) =>
        WatchAsync("configmaps", stop => _server.WatchConfigMapAsync(key, resourceVersion, timeout, stop), cancellation);

    public Task<ConfigMapRecord> CreateConfigMapAsync(ObjectKey key, ConfigMapContent content, CancellationToken cancellation) =>
        CallAsync("create", "configmaps", s => s.CreateConfigMapAsync(key, content, cancellation), cancellation);

    public Task<ConfigMapRecord> PatchConfigMapAsync(ObjectKey key, ConfigMapPatch patch, CancellationToken cancellation) =>
        CallAsync("patch", "configmaps", s => s.PatchConfigMapAsync(key, patch, cancellation), cancellation);

    public Task<ConfigMapRecord> DisownAsync(ObjectKey key, string resourceVersion, ImmutableArray<string> fields, CancellationToken cancellation) =>
        CallAsync("patch", "configmaps", s => s.DisownAsync(key, resourceVersion, fields, cancellation), cancellation);

    public Task<KubeList<LeaseRecord>> ListLeaseAsync(ObjectKey key, CancellationToken cancellation) =>
        CallAsync("list", "leases", s => s.ListLeaseAsync(key, cancellation), cancellation);

    public IAsyncEnumerable<WatchEvent<LeaseRecord>> WatchLeaseAsync(ObjectKey key, string resourceVersion, TimeSpan timeout, CancellationToken cancellation) =>
        WatchAsync("leases", stop => _server.WatchLeaseAsync(key, resourceVersion, timeout, stop), cancellation);

    public Task<LeaseRecord?> GetLeaseAsync(ObjectKey key, CancellationToken cancellation) =>
        CallAsync("get", "leases", s => s.GetLeaseAsync(key, cancellation), cancellation);

    public Task<LeaseRecord> CreateLeaseAsync(ObjectKey key, LeaseSpec spec, CancellationToken cancellation) =>
        CallAsync("create", "leases", s => s.CreateLeaseAsync(key, spec, cancellation), cancellation);

    public Task<LeaseRecord> UpdateLeaseAsync(LeaseRecord from, LeaseSpec spec, CancellationToken cancellation) =>
        CallAsync("update", "leases", s => s.UpdateLeaseAsync(from, spec, cancellation), cancellation);

    public Task<DeploymentRecord?> GetDeploymentAsync(ObjectKey key, CancellationToken cancellation) =>
        CallAsync("get", "deployments", s => s.GetDeploymentAsync(key, cancellation), cancellation);

    public Task CreateEventAsync(KubeEvent content, CancellationToken cancellation) =>
        CallAsync("create", "events", s => Done(s.CreateEventAsync(content, cancellation)), cancellation);

    public Task RepeatEventAsync(KubeEvent content, CancellationToken cancellation) =>
        CallAsync("patch", "events", s => Done(s.RepeatEventAsync(content, cancellation)), cancellation);

    private static async Task<bool> Done(Task task)
    {
        await task;
        return true;
    }

    private async Task<T> CallAsync<T>(string verb, string resource, Func<SimulatedKubeApi, Task<T>> call, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        if (verb is "create" or "patch" or "update")
            Sent(verb, resource);
        Mishap mishap = Draw(verb);
        await PassAsync(mishap is Mishap.Late ? Latency() * 500 : Latency(), stop);
        T answer = await ReachAsync(verb, resource, mishap, call);
        if (mishap is Mishap.SentTwice)
            await Again(() => call(_server));
        await PassAsync(mishap is Mishap.SlowReply ? Latency() * 500 : Latency(), stop);
        if (Partition is not Partition.None || mishap is Mishap.ReplyLost)
            await FailAsync(verb, resource, Partition is Partition.Refused ? new Fault.Refuse() : new Fault.Hang(), call);
        return answer;
    }

    private Task<T> ReachAsync<T>(string verb, string resource, Mishap mishap, Func<SimulatedKubeApi, Task<T>> call)
    {
        Fault? fault = Partition switch
        {
            Partition.Refused => new Fault.Refuse(),
            Partition.Silent => new Fault.Hang(),
            _ => FaultOf(mishap),
        };
        return fault is null ? call(_server) : FailAsync(verb, resource, fault, call);
    }

    private Fault? FaultOf(Mishap mishap) => mishap switch
    {
        Mishap.Refused => new Fault.Refuse(),
        Mishap.Hangs => new Fault.Hang(),
        Mishap.ServerError => new Fault.Answer(HttpStatusCode.InternalServerError),
        Mishap.Throttled => new Fault.Answer(HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(_random.Next(1, 8))),
        Mishap.Unavailable => new Fault.Answer(HttpStatusCode.ServiceUnavailable),
        Mishap.Conflict => new Fault.Answer(HttpStatusCode.Conflict),
        _ => null,
    };

    /// <summary>The call with this fault, which is not carried out.</summary>
    private Task<T> FailAsync<T>(string verb, string resource, Fault fault, Func<SimulatedKubeApi, Task<T>> call)
    {
        _plan.Clear();
        _plan.Add(new FaultRule(fault));
        _count.Struck($"{fault.GetType().Name} {verb} {resource}");
        return call(_server);
    }

    /// <summary>The network may send what was sent once more; who has sent it hears of the first only.</summary>
    private async Task Again<T>(Func<Task<T>> call)
    {
        try
        {
            await call();
        }
        catch (KubeApiException)
        {
            // Most often a conflict.
        }
    }

    private Mishap Draw(string verb)
    {
        if (_random.NextDouble() >= FaultRate)
            return Mishap.None;
        bool isWrite = verb is "create" or "patch" or "update";
        Mishap mishap = (Mishap)_random.Next(1, isWrite ? Enum.GetValues<Mishap>().Length : (int)Mishap.Conflict);
        _count.Struck($"{mishap}");
        return mishap;
    }

    private TimeSpan Latency() => TimeSpan.FromMilliseconds(1 + (_random.NextDouble() * 9));

    private async Task PassAsync(TimeSpan time, CancellationToken stop)
    {
        Task over = _agenda.WaitAsync(time);
        await Task.WhenAny(over, Cancelled(stop));
        stop.ThrowIfCancellationRequested();
    }

    private static Task Cancelled(CancellationToken stop)
    {
        if (!stop.CanBeCanceled)
            return new TaskCompletionSource().Task;
        TaskCompletionSource cancelled = New();
        stop.Register(() => cancelled.TrySetResult());
        return cancelled.Task;
    }

    private async IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(
        string resource, Func<CancellationToken, IAsyncEnumerable<WatchEvent<T>>> watch, [EnumeratorCancellation] CancellationToken cancellation)
        where T : class
    {
        await CallAsync("watch", resource, static _ => Task.FromResult(true), cancellation);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task cut = _cut.Task;
        await using IAsyncEnumerator<WatchEvent<T>> events = watch(stop.Token).GetAsyncEnumerator(stop.Token);
        while (true)
        {
            Task<bool> next = events.MoveNextAsync().AsTask();
            if (await Task.WhenAny(next, cut) == cut)
            {
                stop.Cancel();
                await Ended(next);
                _count.Struck($"cut watch of {resource}");
                await FailAsync<bool>("watch", resource, new Fault.Refuse(), async s => await s.GetConfigMapAsync(World.ConfigMapKey, cancellation) is null);
            }

            if (!await next)
                yield break;
            await HoldAsync(resource, cancellation);
            yield return events.Current;
        }
    }

    /// <summary>What a silent connection carries comes when it speaks again; what a server that lags behind tells comes late.</summary>
    private async Task HoldAsync(string resource, CancellationToken stop)
    {
        while (Partition is not Partition.None || _lagsUntil > _agenda.Now)
        {
            _count.Struck($"late event of {resource}");
            await PassAsync(_lagsUntil > _agenda.Now ? _lagsUntil - _agenda.Now : TimeSpan.FromSeconds(1), stop);
        }
    }

    private static async Task Ended(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception e) when (e is OperationCanceledException or KubeApiException)
        {
            // It was cut.
        }
    }

    private static TaskCompletionSource New() => new();

    /// <summary>What may happen to one request; those up to <see cref="Conflict"/> to any.</summary>
    private enum Mishap
    {
        None,
        Late,
        SlowReply,
        ReplyLost,
        Refused,
        Hangs,
        ServerError,
        Throttled,
        Unavailable,
        Conflict,
        SentTwice,
    }
}

internal enum Partition
{
    None,

    /// <summary>Every connection is refused or broken at once.</summary>
    Refused,

    /// <summary>Nothing comes back.</summary>
    Silent,
}
