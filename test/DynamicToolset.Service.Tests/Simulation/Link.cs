using System.Collections.Immutable;
using System.Globalization;
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
    private readonly TimeProvider _clock;
    private readonly FaultPlan _plan = new();
    private readonly SimulatedKubeApi _server;
    private TaskCompletionSource _cut = New();
    private TimeSpan _lagsUntil;

    public Link(Agenda agenda, KubeStore store, TimeProvider clock, Random random, FaultCount count)
    {
        _agenda = agenda;
        _random = random;
        _count = count;
        _clock = clock;
        _server = new SimulatedKubeApi(store, clock, _plan, BookmarkInterval);
    }

    /// <summary>Called when a write of the ConfigMap or the Lease leaves the process, before it can go wrong.</summary>
    public Action<Errand> Sent { get; set; } = static _ => { };

    /// <summary>Called when the API server has taken one, whatever its sender does by then.</summary>
    public Action<Errand> Taken { get; set; } = static _ => { };

    /// <summary>Called when a write of the ConfigMap leaves the process; true where what was lain in wait for has happened.</summary>
    public Func<Errand, bool>? Ambush { get; set; }

    /// <summary>How long the next write is on its way, whether or not its sender still waits for it.</summary>
    public TimeSpan? Lingers { get; set; }

    /// <summary>Until then Services can be neither listed nor watched, and all else can.</summary>
    public TimeSpan ServicesFailUntil { get; set; }

    /// <summary>True where the API server takes no owner from it.</summary>
    public bool RefusesOwners { get; init; }

    /// <summary>When the last renewal was sent that it knows was taken, by its own clock; null where it has given the Lease back, or never had it.</summary>
    public long? RenewedAt { get; private set; }

    /// <summary>The newest version of the ConfigMap that it was told of by a watch, a read or the answer to a write.</summary>
    public long ToldOf { get; private set; }

    /// <summary>The last write of the ConfigMap that the process has given up.</summary>
    public Errand? GivenUp { get; private set; }

    /// <summary>How many writes of the ConfigMap the process waits for.</summary>
    public int Awaited { get; private set; }

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

    public async Task<ConfigMapRecord?> GetConfigMapAsync(ObjectKey key, CancellationToken cancellation) =>
        Told(await CallAsync("get", "configmaps", s => s.GetConfigMapAsync(key, cancellation), cancellation));

    public Task<KubeList<ConfigMapRecord>> ListConfigMapAsync(ObjectKey key, CancellationToken cancellation) =>
        CallAsync("list", "configmaps", s => s.ListConfigMapAsync(key, cancellation), cancellation);

    public IAsyncEnumerable<WatchEvent<ConfigMapRecord>> WatchConfigMapAsync(
        ObjectKey key, string resourceVersion, TimeSpan timeout, CancellationToken cancellation) =>
        WatchAsync("configmaps", stop => _server.WatchConfigMapAsync(key, resourceVersion, timeout, stop), cancellation, e => Told(e.Item));

    public Task<ConfigMapRecord> CreateConfigMapAsync(ObjectKey key, ConfigMapContent content, CancellationToken cancellation) =>
        WriteConfigMapAsync(new Errand("create", "configmaps") { Creation = content, ChangesOwners = !content.Owners.IsEmpty }, s => s.CreateConfigMapAsync(key, content, default), cancellation);

    public Task<ConfigMapRecord> PatchConfigMapAsync(ObjectKey key, ConfigMapPatch patch, CancellationToken cancellation) =>
        WriteConfigMapAsync(new Errand("patch", "configmaps") { ChangesOwners = patch.Owners is not null }, s => s.PatchConfigMapAsync(key, patch, default), cancellation);

    public Task<ConfigMapRecord> DisownAsync(ObjectKey key, string resourceVersion, ImmutableArray<string> fields, CancellationToken cancellation) =>
        WriteConfigMapAsync(new Errand("patch", "configmaps"), s => s.DisownAsync(key, resourceVersion, fields, default), cancellation);

    public Task<KubeList<LeaseRecord>> ListLeaseAsync(ObjectKey key, CancellationToken cancellation) =>
        CallAsync("list", "leases", s => s.ListLeaseAsync(key, cancellation), cancellation);

    public IAsyncEnumerable<WatchEvent<LeaseRecord>> WatchLeaseAsync(ObjectKey key, string resourceVersion, TimeSpan timeout, CancellationToken cancellation) =>
        WatchAsync("leases", stop => _server.WatchLeaseAsync(key, resourceVersion, timeout, stop), cancellation);

    public Task<LeaseRecord?> GetLeaseAsync(ObjectKey key, CancellationToken cancellation) =>
        CallAsync("get", "leases", s => s.GetLeaseAsync(key, cancellation), cancellation);

    public Task<LeaseRecord> CreateLeaseAsync(ObjectKey key, LeaseSpec spec, LeaderAddress? address, CancellationToken cancellation) =>
        WriteLeaseAsync(new Errand("create", "leases"), s => s.CreateLeaseAsync(key, spec, address, default), cancellation);

    public Task<LeaseRecord> UpdateLeaseAsync(LeaseRecord from, LeaseSpec spec, LeaderAddress? address, CancellationToken cancellation) =>
        WriteLeaseAsync(new Errand("update", "leases") { GivesBack = spec.IsFree }, s => s.UpdateLeaseAsync(from, spec, address, default), cancellation);

    public Task<DeploymentRecord?> GetDeploymentAsync(ObjectKey key, CancellationToken cancellation) =>
        CallAsync("get", "deployments", s => s.GetDeploymentAsync(key, cancellation), cancellation);

    public Task CreateEventAsync(KubeEvent content, CancellationToken cancellation) =>
        CallAsync("create", "events", s => Done(s.CreateEventAsync(content, cancellation)), cancellation);

    public Task RepeatEventAsync(KubeEvent content, CancellationToken cancellation) =>
        CallAsync("patch", "events", s => Done(s.RepeatEventAsync(content, cancellation)), cancellation);

    public Task<ReviewedToken> ReviewTokenAsync(string token, ImmutableArray<string> audiences, CancellationToken cancellation) =>
        CallAsync("create", "tokenreviews", s => s.ReviewTokenAsync(token, audiences, cancellation), cancellation);

    public Task<bool> ReviewAccessAsync(UserInfo user, AccessQuestion question, CancellationToken cancellation) =>
        CallAsync("create", "subjectaccessreviews", s => s.ReviewAccessAsync(user, question, cancellation), cancellation);

    private static async Task<bool> Done(Task task)
    {
        await task;
        return true;
    }

    private ConfigMapRecord? Told(ConfigMapRecord? of)
    {
        if (of is not null)
            ToldOf = Math.Max(ToldOf, long.Parse(of.ResourceVersion, CultureInfo.InvariantCulture));
        return of;
    }

    private async Task<ConfigMapRecord> WriteConfigMapAsync(Errand errand, Func<SimulatedKubeApi, Task<ConfigMapRecord>> call, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        Sent(errand);
        if (Ambush?.Invoke(errand) == true)
            Ambush = null;
        Awaited++;
        try
        {
            return Told(await WriteAsync(errand, call, stop))!;
        }
        catch (OperationCanceledException)
        {
            GivenUp = errand;
            throw;
        }
        finally
        {
            Awaited--;
        }
    }

    private async Task<LeaseRecord> WriteLeaseAsync(Errand errand, Func<SimulatedKubeApi, Task<LeaseRecord>> call, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        Sent(errand);
        long sentAt = _clock.GetTimestamp();
        if (errand.GivesBack)
            RenewedAt = null;
        LeaseRecord lease = await WriteAsync(errand, call, stop);
        RenewedAt = errand.GivesBack ? null : sentAt;
        return lease;
    }

    /// <summary>
    /// Half of the writes are in the hands of the network at once: they arrive though their sender stands still, has given them up or is dead. The
    /// others leave with the sender's next step.
    /// </summary>
    private async Task<T> WriteAsync<T>(Errand errand, Func<SimulatedKubeApi, Task<T>> call, CancellationToken stop)
    {
        Mishap mishap = Draw(errand.Verb);
        if (errand.ChangesOwners && RefusesOwners)
            mishap = Mishap.Forbidden;
        TimeSpan way = Lingers ?? (mishap is Mishap.Late ? Latency() * 500 : Latency());
        bool isOnItsWay = Lingers is not null || _random.Next(2) == 0;
        Lingers = null;
        Task<T>? arrived = null;
        if (isOnItsWay)
            _agenda.In(way, () => arrived = Partition is Partition.None && FaultOf(mishap) is null ? CarryOutAsync(_server) : null);
        await PassAsync(way, stop);
        T answer = await (arrived ?? ReachAsync(errand.Verb, errand.Resource, mishap, CarryOutAsync));
        if (mishap is Mishap.SentTwice)
            await Again(() => CarryOutAsync(_server));
        return await BackAsync(errand.Verb, errand.Resource, mishap, answer, call, stop);

        async Task<T> CarryOutAsync(SimulatedKubeApi server)
        {
            T taken = await call(server);
            Taken(errand);
            return taken;
        }
    }

    private async Task<T> CallAsync<T>(string verb, string resource, Func<SimulatedKubeApi, Task<T>> call, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        Mishap mishap = Draw(verb);
        if (resource == "services" && ServicesFailUntil > _agenda.Now)
            mishap = Mishap.Unavailable;
        await PassAsync(mishap is Mishap.Late ? Latency() * 500 : Latency(), stop);
        T answer = await ReachAsync(verb, resource, mishap, call);
        if (mishap is Mishap.SentTwice)
            await Again(() => call(_server));
        return await BackAsync(verb, resource, mishap, answer, call, stop);
    }

    /// <summary>The way of an answer.</summary>
    private async Task<T> BackAsync<T>(string verb, string resource, Mishap mishap, T answer, Func<SimulatedKubeApi, Task<T>> call, CancellationToken stop)
    {
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
        Mishap.Forbidden => new Fault.Answer(HttpStatusCode.Forbidden),
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
        Mishap mishap = (Mishap)_random.Next(1, isWrite ? (int)Mishap.Forbidden : (int)Mishap.Conflict);
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
        string resource, Func<CancellationToken, IAsyncEnumerable<WatchEvent<T>>> watch, [EnumeratorCancellation] CancellationToken cancellation, Action<WatchEvent<T>>? told = null)
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
            told?.Invoke(events.Current);
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
        Forbidden,
    }
}

/// <summary>A write of the ConfigMap or the Lease on its way.</summary>
internal sealed record Errand(string Verb, string Resource)
{
    /// <summary>Null where it creates no ConfigMap.</summary>
    public ConfigMapContent? Creation { get; init; }

    public bool ChangesOwners { get; init; }

    /// <summary>True where the Lease is free after it.</summary>
    public bool GivesBack { get; init; }

    /// <summary>The term in the name of which it was sent.</summary>
    public string? Fence { get; set; }

    public TimeSpan SentAt { get; set; }
}

internal enum Partition
{
    None,

    /// <summary>Every connection is refused or broken at once.</summary>
    Refused,

    /// <summary>Nothing comes back.</summary>
    Silent,
}
