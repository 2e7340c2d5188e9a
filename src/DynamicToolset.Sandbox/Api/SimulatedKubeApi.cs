using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Serialization;
using DynamicToolset.LeaderElection;
using DynamicToolset.Reconciliation;
using DynamicToolset.Sandbox.Faults;
using DynamicToolset.Sandbox.Json;
using DynamicToolset.Sandbox.Patching;
using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Sandbox.Selectors;
using DynamicToolset.Sandbox.Storage;

namespace DynamicToolset.Sandbox.Api;

/// <summary>
/// What this program asks of a Kubernetes API, answered by a simulated store in process: the rules and refusals of the server over HTTP,
/// without HTTP. Every call is one step of the store, every wait one of the given clock, and no thread is used but the caller's, so that all
/// that stands on it can run in one thread on a virtual clock. The caller may do everything.
/// </summary>
/// <param name="faults">What goes wrong with which of the calls to come. An answer that is spoilt on its way is lost: the change is made and nobody
/// told. A watch that is spoilt is opened, and breaks at its first event. There are no bytes that could come one by one.</param>
/// <param name="bookmarkInterval">How often a watch gets a bookmark.</param>
public sealed partial class SimulatedKubeApi(KubeStore store, TimeProvider time, FaultPlan faults, TimeSpan bookmarkInterval) : IKubeApi
{
    private const string Route = "the simulated API server";
    private static readonly TimeSpan Patience = new KubeApiClientOptions().RequestTimeout;
    private static readonly WriteOptions Writer = new(FieldManager.Ours);

    private readonly StringCache _strings = new();

    private ServiceProjection ServiceFields => field ??= new ServiceProjection(_strings);

    private ConfigMapProjection ConfigMapFields => field ??= new ConfigMapProjection(_strings);

    public Task<KubeList<ServiceRecord>> ListServicesAsync(string? ns, CancellationToken cancellation) =>
        ListAsync(Call.For("list", KubeResource.Services, ns), KubeResource.Services, ServiceFields, cancellation);

    public IAsyncEnumerable<WatchEvent<ServiceRecord>> WatchServicesAsync(
        string? ns, string resourceVersion, TimeSpan timeout, CancellationToken cancellation) =>
        WatchAsync(Call.For("watch", KubeResource.Services, ns), KubeResource.Services, ServiceFields, resourceVersion, timeout, cancellation);

    private LeaseProjection LeaseFields => field ??= new LeaseProjection(_strings);

    public Task<ConfigMapRecord?> GetConfigMapAsync(ObjectKey key, CancellationToken cancellation) =>
        AskAsync(
            Call.For("get", KubeResource.ConfigMaps, key),
            () => store.Find(KubeResource.ConfigMaps, key) is { } found ? ConfigMapFields.Read(Bytes(found)) : null,
            cancellation);

    public Task<KubeList<ConfigMapRecord>> ListConfigMapAsync(ObjectKey key, CancellationToken cancellation) =>
        ListAsync(Call.For("list", KubeResource.ConfigMaps, key), KubeResource.ConfigMaps, ConfigMapFields, cancellation);

    public IAsyncEnumerable<WatchEvent<ConfigMapRecord>> WatchConfigMapAsync(
        ObjectKey key, string resourceVersion, TimeSpan timeout, CancellationToken cancellation) =>
        WatchAsync(Call.For("watch", KubeResource.ConfigMaps, key), KubeResource.ConfigMaps, ConfigMapFields, resourceVersion, timeout, cancellation);

    public Task<ConfigMapRecord> CreateConfigMapAsync(ObjectKey key, ConfigMapContent content, CancellationToken cancellation) =>
        WriteConfigMapAsync("create", key, PatchType.Apply, ConfigMapBody.Creation(key, content), cancellation);

    public Task<ConfigMapRecord> PatchConfigMapAsync(ObjectKey key, ConfigMapPatch patch, CancellationToken cancellation) =>
        WriteConfigMapAsync("patch", key, PatchType.Merge, ConfigMapBody.Patch(patch), cancellation);

    public Task<ConfigMapRecord> DisownAsync(ObjectKey key, string resourceVersion, ImmutableArray<string> fields, CancellationToken cancellation) =>
        AskAsync(
            Call.For("patch", KubeResource.ConfigMaps, key),
            () => Read(ConfigMapFields, Patch(KubeResource.ConfigMaps, key, PatchType.Json, ConfigMapBody.Disowning(resourceVersion, fields))),
            cancellation);

    public Task<DeploymentRecord?> GetDeploymentAsync(ObjectKey key, CancellationToken cancellation) =>
        AskAsync(
            Call.For("get", KubeResource.Deployments, key),
            () => store.Find(KubeResource.Deployments, key) is { } found ? DeploymentAnswer.Parse(Bytes(found)) : null,
            cancellation);

    public Task<LeaseRecord?> GetLeaseAsync(ObjectKey key, CancellationToken cancellation) =>
        AskAsync(
            Call.For("get", KubeResource.Leases, key),
            () => store.Find(KubeResource.Leases, key) is { } found ? LeaseFields.Read(Bytes(found)) : null,
            cancellation);

    public Task<KubeList<LeaseRecord>> ListLeaseAsync(ObjectKey key, CancellationToken cancellation) =>
        ListAsync(Call.For("list", KubeResource.Leases, key), KubeResource.Leases, LeaseFields, cancellation);

    public IAsyncEnumerable<WatchEvent<LeaseRecord>> WatchLeaseAsync(
        ObjectKey key, string resourceVersion, TimeSpan timeout, CancellationToken cancellation) =>
        WatchAsync(Call.For("watch", KubeResource.Leases, key), KubeResource.Leases, LeaseFields, resourceVersion, timeout, cancellation);

    public Task<LeaseRecord> CreateLeaseAsync(ObjectKey key, LeaseSpec spec, LeaderAddress? address, CancellationToken cancellation) =>
        AskAsync(
            Call.For("create", KubeResource.Leases, key),
            () => Read(LeaseFields, Patch(KubeResource.Leases, key, PatchType.Apply, LeaseBody.Creation(key, spec, address))),
            cancellation);

    public Task<LeaseRecord> UpdateLeaseAsync(LeaseRecord from, LeaseSpec spec, LeaderAddress? address, CancellationToken cancellation) =>
        AskAsync(
            Call.For("patch", KubeResource.Leases, from.Key),
            () => Read(LeaseFields, Patch(KubeResource.Leases, from.Key, PatchType.Merge, LeaseBody.Update(from, spec, address))),
            cancellation);

    public Task CreateEventAsync(KubeEvent content, CancellationToken cancellation)
    {
        string place = content.Subject.Key.Namespace;
        return AskAsync(
            Call.For("create", KubeResource.Events, place),
            () => store.Create(KubeResource.Events, place, Sent(EventBody.Creation(content)).AsObject(), Writer),
            cancellation);
    }

    public Task RepeatEventAsync(KubeEvent content, CancellationToken cancellation)
    {
        var key = new ObjectKey(content.Subject.Key.Namespace, content.Name);
        return AskAsync(
            Call.For("patch", KubeResource.Events, key),
            () => Patch(KubeResource.Events, key, PatchType.Merge, EventBody.Repetition(content)),
            cancellation);
    }

    private Task<ConfigMapRecord> WriteConfigMapAsync(
        string verb, ObjectKey key, PatchType type, KubeBody body, CancellationToken cancellation) =>
        AskAsync(
            Call.For(verb, KubeResource.ConfigMaps, key),
            () => Read(ConfigMapFields, Patch(KubeResource.ConfigMaps, key, type, body)),
            cancellation);

    private JsonObject Patch(KubeResource resource, ObjectKey key, PatchType type, KubeBody body) =>
        store.Patch(resource, key, new PatchRequest(type, Sent(body), Force: type == PatchType.Apply), Writer).Object;

    /// <summary>In one step, and so without pages.</summary>
    private Task<KubeList<T>> ListAsync<T>(Call call, KubeResource resource, Projection<T> projection, CancellationToken cancellation)
        where T : class =>
        AskAsync(
            call,
            () =>
            {
                ObjectPage page = store.List(resource, new ListRequest(call.Filter));
                string version = page.Version.ToString(CultureInfo.InvariantCulture);
                (Action<T> keep, Func<ImmutableArray<T>> kept) = projection.Gather();
                foreach (StoredObject item in page.Items)
                    keep(projection.Read(Bytes(item)));
                return new KubeList<T>(kept(), version);
            },
            cancellation);

    private async IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(
        Call call, KubeResource resource, Projection<T> projection, string version, TimeSpan timeout, [EnumeratorCancellation] CancellationToken cancellation)
        where T : class
    {
        ObjectFilter filter = call.Filter;
        Fault? fault = faults.Next(call.Verb, call.Plural);
        Fault? ofTheOpening = fault is Fault.ResetMidBody ? null : fault;
        using StoreWatch watch = await AskAsync(call, ofTheOpening, () => store.WatchFrom(resource, version), cancellation);
        yield return new WatchEvent<T>(WatchEventKind.Opened, null, version);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds((long)timeout.TotalSeconds), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        await using ITimer bookmarks = time.CreateTimer(_ => store.Bookmark(watch), null, bookmarkInterval, bookmarkInterval);
        while (await NextAsync(call, watch, either.Token, cancellation) is { } change)
        {
            if (Told(change, filter, projection) is not { } told)
                continue;
            if (fault is Fault.ResetMidBody or Fault.TruncateEvent)
                throw call.Broken();
            for (int times = fault is Fault.DuplicateEvents ? 2 : 1; times > 0; times--)
                yield return told;
        }
    }

    /// <summary>Null where the watch has nothing to do with it.</summary>
    private static WatchEvent<T>? Told<T>(StoreEvent change, ObjectFilter filter, Projection<T> projection)
        where T : class
    {
        if (change.Object is null)
            return new WatchEvent<T>(WatchEventKind.Bookmark, null, change.Version.ToString(CultureInfo.InvariantCulture));
        return change.SeenThrough(filter) is { } seen ? Changed(seen.Type, projection.Read(Bytes(seen.Object)), projection) : null;
    }

    /// <summary>Null where the watch has ended, by its time or by the store.</summary>
    private static async ValueTask<StoreEvent?> NextAsync(
        Call call, StoreWatch watch, CancellationToken either, CancellationToken cancellation)
    {
        try
        {
            if (await watch.ReadAsync(either) is { } change)
                return change;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }

        return watch.IsAborted ? throw call.Broken() : null;
    }

    private static WatchEvent<T> Changed<T>(StoreEventType type, T item, Projection<T> projection)
        where T : class
    {
        WatchEventKind kind = type switch
        {
            StoreEventType.Added => WatchEventKind.Added,
            StoreEventType.Modified => WatchEventKind.Modified,
            _ => WatchEventKind.Deleted,
        };
        return new WatchEvent<T>(kind, item, projection.VersionOf(item));
    }

    private Task<T> AskAsync<T>(Call call, Func<T> step, CancellationToken cancellation) =>
        cancellation.IsCancellationRequested
            ? Task.FromCanceled<T>(cancellation)
            : AskAsync(call, faults.Next(call.Verb, call.Plural), step, cancellation);

    /// <summary>One step of the store, and before or after it what is planned to go wrong.</summary>
    private async Task<T> AskAsync<T>(Call call, Fault? fault, Func<T> step, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (fault is Fault.Hang or Fault.Delay)
            await WaitAsync(call, fault is Fault.Delay late ? late.By : Timeout.InfiniteTimeSpan, cancellation);
        if (fault is Fault.Refuse)
            throw call.Broken();
        if (fault is Fault.Answer refusal)
            throw call.Refused(refusal.ToStatus(), refusal.RetryAfter);
        T answer = call.Carry(step);
        return fault is Fault.LoseReply or Fault.ResetMidBody ? throw call.Broken() : answer;
    }

    /// <summary>As long as a client waits, and no longer.</summary>
    private async Task WaitAsync(Call call, TimeSpan delay, CancellationToken cancellation)
    {
        bool isTooLong = delay == Timeout.InfiniteTimeSpan || delay > Patience;
        await Task.Delay(isTooLong ? Patience : delay, time, cancellation);
        if (isTooLong)
            throw call.Failed(new TimeoutException("no answer in time"));
    }

    private static JsonNode Sent(KubeBody body) =>
        body.Json.Length <= KubeStore.LargestBody ? JsonText.Read(body.Json.Span)! : throw KubeStatusException.TooLarge(KubeStore.LargestBody);

    private static ReadOnlySequence<byte> Bytes(StoredObject stored) => new(stored.Json);

    private static T Read<T>(Projection<T> projection, JsonObject value)
        where T : class => projection.Read(new ReadOnlySequence<byte>(JsonText.Write(value)));

    /// <summary>What is asked, in the words in which a failure names it.</summary>
    private sealed record Call(string Verb, string Plural, string Group, string? Namespace = null, string? Name = null)
    {
        public bool HoldsSecret { get; init; }

        public ObjectFilter Filter => new(
            Namespace ?? "",
            LabelSelector.Everything,
            Name is null ? FieldSelector.Everything : FieldSelector.Parse($"metadata.name={Name}"));

        public static Call For(string verb, KubeResource resource, string? ns) => new(verb, resource.Plural, resource.Group, ns);

        public static Call For(string verb, KubeResource resource, ObjectKey key) => new(verb, resource.Plural, resource.Group, key.Namespace, key.Name);

        /// <exception cref="KubeApiException">The store refuses it.</exception>
        public T Carry<T>(Func<T> step)
        {
            try
            {
                return step();
            }
            catch (KubeStatusException e)
            {
                throw Refused(e, retryAfter: null);
            }
        }

        public KubeApiException Refused(KubeStatusException refusal, TimeSpan? retryAfter)
        {
            KubeStatus status = KubeStatus.Parse(new ReadOnlySequence<byte>(JsonText.Write(refusal.ToStatus())))!;
            return KubeApiException.FromStatus(Asked(), status with { RetryAfter = retryAfter ?? status.RetryAfter });
        }

        public KubeApiException Broken() => Failed(new HttpIOException(HttpRequestError.ResponseEnded, "the connection was broken off"));

        public KubeApiException Failed(Exception cause) => KubeApiException.FromFault(Asked(), Route, cause);

        private KubeCall Asked() =>
            new(Verb, Group.Length == 0 ? Plural : $"{Plural}.{Group}", Namespace, Name) { Method = HttpMethod.Get, PathAndQuery = "", HoldsSecret = HoldsSecret };
    }
}
