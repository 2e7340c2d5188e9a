using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Informers;
using DynamicToolset.LeaderElection;
using DynamicToolset.Messages;
using DynamicToolset.Reconciliation;
using DynamicToolset.Service.LeaderElection;
using DynamicToolset.Service.Loops;
using DynamicToolset.Service.Metrics;
using DynamicToolset.Service.Tracing;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Reconciling;

/// <summary>The only code that writes the ConfigMap: it carries out one step at a time, and knows when to wait after a failure.</summary>
/// <param name="leadership">Is asked before each request, for without it none may begin.</param>
/// <param name="source">Is told of every answer, so that the next round knows it before the watch does.</param>
/// <param name="reconnection">Ends a wait that a failed connection began.</param>
public sealed partial class ConfigMapWriter(
    IKubeApi api,
    ObjectKey key,
    ConfigMapSource source,
    ILeadership leadership,
    Reconnection reconnection,
    Random random,
    ServiceMetrics metrics,
    ServiceSpans spans,
    TimeProvider time,
    ILogger<ConfigMapWriter> logger)
{
    /// <summary>As after a connection that failed.</summary>
    private static readonly TimeSpan LongestWaitForAnybody = TimeSpan.FromSeconds(5);

    private static readonly ImmutableSortedDictionary<string, string?> Nothing = ImmutableSortedDictionary.Create<string, string?>(StringComparer.Ordinal);

    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(30), random);
    private Pause? _afterFailure;
    private Task? _reconnected;
    private Pause? _retry;
    private Leadership? _triedAs;

    /// <summary>When to come again with a new plan; null where nothing waits.</summary>
    public TimeSpan? RetryIn => _retry is null ? null : _reconnected?.IsCompleted == true ? TimeSpan.Zero : _retry.Remaining;

    /// <summary>The right that the last write lacked, with the manifest that grants it; null where it lacked none.</summary>
    public string? MissingRight { get; private set; }

    /// <summary>The same of the last reading.</summary>
    public string? MissingRightToRead { get; private set; }

    /// <summary>One GET, for the day when the watch does not tell of a change.</summary>
    public async Task RefreshAsync(CancellationToken stop)
    {
        try
        {
            source.Answered(await api.GetConfigMapAsync(key, stop));
            metrics.Asked("read");
            MissingRightToRead = null;
        }
        catch (KubeApiException e)
        {
            metrics.Asked("read", e);
            MissingRightToRead = e.MissingRight ?? MissingRightToRead;
            LogReadFailed(e.Message);
        }
    }

    /// <summary>At most one write that is taken.</summary>
    /// <param name="drift">What of the step undoes somebody else's change.</param>
    /// <param name="wasThere">True where a ConfigMap that is missing now was there before.</param>
    /// <param name="begun">When the round began, a timestamp of the clock.</param>
    /// <param name="decidedBy">The leadership in whose name it is decided.</param>
    /// <param name="abort">Gives up a call that hangs; what became of it shows in the ConfigMap.</param>
    public async Task<WriteOutcome> CarryOutAsync(
        ConfigMapPlan step, ImmutableArray<Drift> drift, bool wasThere, long begun, Leadership decidedBy, CancellationToken abort)
    {
        if (step is ConfigMapPlan.Yield)
            leadership.Yield(decidedBy);
        // What failed in an earlier term says nothing of this one, whose first write should not wait.
        if (decidedBy != _triedAs)
            _afterFailure = null;
        _triedAs = decidedBy;
        // Whatever waited for another try is decided anew: where there is nothing to write any more, nothing waits.
        bool isNothing = step is ConfigMapPlan.None or ConfigMapPlan.Yield;
        _retry = !isNothing && IsTooEarly() ? _afterFailure : null;
        if (isNothing || _retry is not null)
            return new WriteOutcome.NotWritten();
        if (!drift.IsEmpty)
            LogDrift([.. drift.Select(d => d.Key)], "reconciling", drift.Select(d => d.Manager).FirstOrDefault(m => m is not null) is { } manager ? QuotedText.OrPlain(manager) : null);
        WriteOutcome outcome = await TryAsync(step, drift, wasThere, begun, decidedBy, abort);
        if (outcome is WriteOutcome.Written written)
            Tell(written.Write);
        return outcome;
    }

    /// <summary>Events wake the loop after a failed write as they did before; each must not become one more failed write.</summary>
    private bool IsTooEarly() => _afterFailure?.Remaining > TimeSpan.Zero && _reconnected?.IsCompleted != true;

    private async Task<WriteOutcome> TryAsync(
        ConfigMapPlan step, ImmutableArray<Drift> drift, bool wasThere, long begun, Leadership decidedBy, CancellationToken abort)
    {
        // Taken before the attempt: an announcement while it fails must not be missed.
        Task reconnected = reconnection.Next;
        if (leadership.Permit(decidedBy) is not { } permit)
            return new WriteOutcome.NotWritten();
        using Activity? span = spans.Write(step);
        try
        {
            if (await AskAsync(token => WriteAsync(step, token), permit, abort) is not { } present)
                return GaveUp(step, reconnected, span);
            Asked(step, span);
            _backoff.Reset();
            (_afterFailure, _reconnected, MissingRight) = (null, null, null);
            source.Answered(present);
            if (step is ConfigMapPlan.Disown)
                return new WriteOutcome.Disowned();
            if (step is ConfigMapPlan.Fence fence)
            {
                LogFenced(key.Name, fence.Value);
                return new WriteOutcome.Fenced(present);
            }

            return new WriteOutcome.Written(step, present, ConfigMapWrite.Of(step, drift, wasThere, time.GetUtcNow(), time.GetElapsedTime(begun)), null);
        }
        catch (KubeApiException e) when ((e.IsInvalid || e.IsForbidden) && ChangesOwners(step))
        {
            Asked(step, span, e);
            return await WithoutOwnersAsync(step, drift, wasThere, begun, RefusalOf(e, step), decidedBy, abort);
        }
        catch (KubeApiException e)
        {
            Asked(step, span, e);
            TimeSpan wait = _backoff.After(e);
            _retry = new Pause(wait, time);
            if (e.IsConflict || (e.IsNotFound && step is not ConfigMapPlan.Create) || (e.IsInvalid && step is ConfigMapPlan.Disown))
            {
                // It is no longer what the plan was made for.
                leadership.Doubt();
                if (leadership.Permit(decidedBy) is { } permitToRead)
                    await AskAsync(RefreshedAsync, permitToRead, abort);
                return new WriteOutcome.NotWritten();
            }

            MissingRight = e.MissingRight;
            _afterFailure = _retry;
            _reconnected = e.IsConnectionFailure ? reconnected : null;
            LogWriteFailed(key.Name, e.Message, wait.TotalSeconds);
            return new WriteOutcome.NotWritten();
        }
    }

    /// <summary>Only when the rest is taken it is known that the owners were at fault, and not a right that is missing for any write.</summary>
    private async Task<WriteOutcome> WithoutOwnersAsync(
        ConfigMapPlan step, ImmutableArray<Drift> drift, bool wasThere, long begun, OwnersRefusal refusal, Leadership decidedBy, CancellationToken abort)
    {
        ConfigMapPlan rest = WithoutOwners(step);
        ImmutableArray<Drift> others = [.. drift.Where(d => d.Key != OwnerReference.DriftKey)];
        if (await TryAsync(rest, others, wasThere, begun, decidedBy, abort) is not WriteOutcome.Written written)
            return new WriteOutcome.NotWritten();
        return rest is ConfigMapPlan.Patch { Changes.IsEmpty: true } ? new WriteOutcome.OnlyOwnersRefused(refusal) : written with { OwnersRefused = refusal };
    }

    /// <returns>Null where the leave for it ended before the answer came.</returns>
    private async Task<T?> AskAsync<T>(Func<CancellationToken, Task<T>> ask, CallPermit permit, CancellationToken abort)
        where T : class
    {
        using CancellationTokenSource? limit = permit.Limit is { } atMost ? new CancellationTokenSource(atMost, time) : null;
        using var any = CancellationTokenSource.CreateLinkedTokenSource(abort, permit.Ended, limit?.Token ?? CancellationToken.None);
        try
        {
            return await ask(any.Token);
        }
        catch (OperationCanceledException) when (!abort.IsCancellationRequested)
        {
            return null;
        }
    }

    private void Asked(ConfigMapPlan step, Activity? span, KubeApiException? failure = null)
    {
        metrics.Asked(OperationOf(step), failure);
        ServiceSpans.EndWrite(span, failure?.ErrorType);
    }

    /// <summary>The next leader sees its result in the ConfigMap.</summary>
    private WriteOutcome.NotWritten GaveUp(ConfigMapPlan step, Task reconnected, Activity? span)
    {
        TimeSpan wait = _backoff.Next(atMost: LongestWaitForAnybody);
        _afterFailure = _retry = new Pause(wait, time);
        _reconnected = reconnected;
        metrics.GaveUp(OperationOf(step));
        ServiceSpans.EndWrite(span, ServiceMetrics.GivenUp);
        LogGaveUp(key.Name, wait.TotalSeconds);
        return new WriteOutcome.NotWritten();
    }

    private async Task<ConfigMapWriter> RefreshedAsync(CancellationToken stop)
    {
        await RefreshAsync(stop);
        return this;
    }

    private Task<ConfigMapRecord> WriteAsync(ConfigMapPlan step, CancellationToken abort) => step switch
    {
        ConfigMapPlan.Create { Content: var content } => api.CreateConfigMapAsync(
            key, content with { Annotations = content.Annotations.SetItems(GoingAlong(content.MadeWith)) }, abort),
        // A patch that changes nothing is a question, and no change either.
        ConfigMapPlan.Patch { Changes: { IsEmpty: true } question } => api.PatchConfigMapAsync(key, question, abort),
        ConfigMapPlan.Patch { Changes: var changes } => api.PatchConfigMapAsync(
            key, changes with { Annotations = changes.Annotations.SetItems(GoingAlong(changes.MadeWith)!) }, abort),
        ConfigMapPlan.Disown disown => api.DisownAsync(key, disown.ResourceVersion, disown.Fields, abort),
        ConfigMapPlan.Fence fence => api.PatchConfigMapAsync(key, FencePatch(fence), abort),
        _ => throw new UnreachableException(),
    };

    private static ConfigMapPatch FencePatch(ConfigMapPlan.Fence fence) => new(
        fence.ResourceVersion, Nothing, Nothing.Add(DesiredConfigMap.LeaderEpochAnnotation, fence.Value), Nothing, []);

    /// <summary>What is never a reason to write.</summary>
    private IEnumerable<KeyValuePair<string, string>> GoingAlong(string? madeWith)
    {
        yield return KeyValuePair.Create(DesiredConfigMap.LastChangeAnnotation, time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        if (madeWith is not null)
            yield return KeyValuePair.Create(DesiredConfigMap.MadeWithAnnotation, madeWith);
    }

    private static string OperationOf(ConfigMapPlan step) => step is ConfigMapPlan.Create ? "create" : "patch";

    /// <summary>To take a reference away is a change too, and may be refused like one that is added.</summary>
    private static bool ChangesOwners(ConfigMapPlan step) =>
        step is ConfigMapPlan.Create { Content.Owners.IsEmpty: false } or ConfigMapPlan.Patch { Changes.Owners: not null };

    private OwnersRefusal RefusalOf(KubeApiException e, ConfigMapPlan step)
    {
        OwnerReference? owner = OwnersIn(step).FirstOrDefault(o => o.Controller == true);
        return new OwnersRefusal(e.Answer, e.WantsFinalizers && owner is not null
            ? $"update deployments.apps/finalizers \"{owner.Name}\" in namespace {key.Namespace}; {KubeApiException.RbacManifest} grants it"
            : null);
    }

    private static ImmutableArray<OwnerReference> OwnersIn(ConfigMapPlan step) => step switch
    {
        ConfigMapPlan.Create create => create.Content.Owners,
        ConfigMapPlan.Patch { Changes.Owners: { } owners } => owners,
        _ => [],
    };

    /// <summary>Where there was nothing else to write the patch changes nothing: the API server says whether it would take one.</summary>
    private static ConfigMapPlan WithoutOwners(ConfigMapPlan step) => step switch
    {
        ConfigMapPlan.Create create => new ConfigMapPlan.Create(create.Content with { Owners = [] }),
        ConfigMapPlan.Patch patch => new ConfigMapPlan.Patch(
            patch.Changes with { Owners = null }, [.. patch.Drift.Where(d => d.Key != OwnerReference.DriftKey)]),
        _ => throw new UnreachableException(),
    };

    private void Tell(ConfigMapWrite write)
    {
        metrics.Written(write);
        if (write.IsRecreation)
            LogRecreated(key.Name, [.. write.Set]);
        else if (write.IsCreation)
            LogCreated(key.Name, [.. write.Set]);
        else
            LogUpdated(key.Name, [.. write.Set], [.. write.Removed]);
    }
}
