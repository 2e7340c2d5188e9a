using System.Collections.Immutable;
using System.Diagnostics;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Informers;
using DynamicToolset.Kubernetes.Reconciliation;
using DynamicToolset.Reconciliation;
using DynamicToolset.Service.Loops;
using DynamicToolset.Service.Metrics;
using DynamicToolset.Service.State;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Hosting;

/// <summary>
/// Carries plans out, each with at most one write that is taken. It knows when to wait: after a failure, and where somebody else keeps
/// undoing our corrections.
/// </summary>
internal sealed partial class ConfigMapWriter(
    ConfigMapReconciler reconciler, RoundLog log, Backoff backoff, ServiceMetrics metrics, TimeProvider time, ILogger logger)
{
    /// <summary>The name under which a deleted ConfigMap is counted as fought over.</summary>
    private const string WholeObject = "";

    private static readonly Drift Deletion = new(DriftKind.Missing, WholeObject, null);

    private FightTracker _fights = FightTracker.Peace;
    private Pause? _afterFailure;
    private Pause? _retry;

    /// <summary>When to come again with a new plan; null where nothing waits.</summary>
    public TimeSpan? RetryIn => _retry?.Remaining;

    /// <summary>What somebody else keeps undoing.</summary>
    public ImmutableArray<Fight> Fights => _fights.At(time.GetUtcNow());

    /// <param name="drift">What of the plan undoes somebody else's change.</param>
    /// <param name="wasThere">True where a ConfigMap that is missing now was there before.</param>
    /// <param name="begun">When the round began, a timestamp of the clock.</param>
    public async Task<WriteOutcome> CarryOutAsync(ConfigMapPlan plan, ImmutableArray<Drift> drift, bool wasThere, long begun)
    {
        _retry = null;
        DateTimeOffset now = time.GetUtcNow();
        ConfigMapPlan step = HoldBack(plan, drift, now);
        if (step is ConfigMapPlan.Refuse)
            return new WriteOutcome.NotWritten();
        if (step is ConfigMapPlan.None)
            return ReferenceEquals(step, plan) ? new WriteOutcome.InPlace() : new WriteOutcome.HeldBack();
        if (IsTooEarly())
            return new WriteOutcome.NotWritten();
        if (!drift.IsEmpty)
            log.DriftDetected(drift);
        return await WriteAsync(step, drift, wasThere, begun, now, isWhole: ReferenceEquals(step, plan));
    }

    /// <summary>Leaves out what is fought over, for as long as it is to be left alone.</summary>
    private ConfigMapPlan HoldBack(ConfigMapPlan plan, ImmutableArray<Drift> drift, DateTimeOffset now)
    {
        IEnumerable<string> fought = plan is ConfigMapPlan.Create ? [WholeObject] : drift.Select(d => d.Key);
        Dictionary<string, DateTimeOffset> paused = fought
            .Select(key => (key, until: _fights.PausedUntil(key, now)))
            .Where(k => k.until is not null)
            .ToDictionary(k => k.key, k => k.until!.Value, StringComparer.Ordinal);
        if (paused.Count == 0)
            return plan;
        RetryAfter(paused.Values.Min() - now);
        return plan is ConfigMapPlan.Create ? new ConfigMapPlan.None() : DriftFilter.Without(plan, paused.ContainsKey);
    }

    /// <summary>Events wake the loop after a failed write as they did before; each must not become one more failed write.</summary>
    private bool IsTooEarly()
    {
        if (_afterFailure?.Remaining is not { } left || left <= TimeSpan.Zero)
            return false;
        RetryAfter(left);
        return true;
    }

    /// <summary>Not cancelled from outside: a write that has begun is ended, so that it is known what became of it.</summary>
    private async Task<WriteOutcome> WriteAsync(
        ConfigMapPlan step, ImmutableArray<Drift> drift, bool wasThere, long begun, DateTimeOffset now, bool isWhole)
    {
        try
        {
            ConfigMapRecord? present = await reconciler.ExecuteAsync(step, CancellationToken.None);
            backoff.Reset();
            metrics.Asked(OperationOf(step));
            if (step is ConfigMapPlan.Patch { Changes.IsEmpty: true })
                return isWhole ? new WriteOutcome.InPlace() : new WriteOutcome.HeldBack();
            ConfigMapWrite write = Describe(step, drift, wasThere, begun);
            log.Written(reconciler.Key.Name, write);
            metrics.Written(write);
            NoteCorrections(step, drift, wasThere, now);
            return new WriteOutcome.Written(present ?? throw new UnreachableException(), write, isWhole);
        }
        catch (KubeApiException e) when (e.IsConflict || (e.IsNotFound && step is ConfigMapPlan.Patch))
        {
            metrics.Asked(OperationOf(step), e);
            RetryAfter(backoff.Next(e.RetryAfter));
            return new WriteOutcome.Outdated();
        }
        catch (KubeApiException e) when ((e.IsInvalid || e.IsForbidden) && ChangesOwners(step))
        {
            metrics.Asked(OperationOf(step), e);
            ImmutableArray<Drift> others = [.. drift.Where(d => d.Key != OwnerReference.DriftKey)];
            WriteOutcome rest = await WriteAsync(WithoutOwners(step), others, wasThere, begun, now, isWhole);
            // Only now it is known that they were at fault, and not a right that is missing for any write.
            return rest is WriteOutcome.Written or WriteOutcome.InPlace or WriteOutcome.HeldBack ? new WriteOutcome.OwnersRefused(e.Answer, rest) : rest;
        }
        catch (KubeApiException e)
        {
            metrics.Asked(OperationOf(step), e);
            TimeSpan wait = backoff.Next(e.RetryAfter);
            LogWriteFailed(logger, reconciler.Key.Name, e.Message, wait.TotalSeconds);
            _afterFailure = new Pause(wait, time);
            RetryAfter(wait);
            return new WriteOutcome.NotWritten();
        }
    }

    private static string OperationOf(ConfigMapPlan step) => step is ConfigMapPlan.Create ? "create" : "patch";

    /// <summary>To take a reference away is a change too, and may be refused like one that is added.</summary>
    private static bool ChangesOwners(ConfigMapPlan step) =>
        step is ConfigMapPlan.Create { Content.Owners.IsEmpty: false } or ConfigMapPlan.Patch { Changes.Owners: not null };

    /// <summary>Where there was nothing else to write the patch changes nothing: the API server says whether it would take one.</summary>
    private static ConfigMapPlan WithoutOwners(ConfigMapPlan step) => step switch
    {
        ConfigMapPlan.Create create => new ConfigMapPlan.Create(create.Content with { Owners = [] }),
        ConfigMapPlan.Patch patch => new ConfigMapPlan.Patch(
            patch.Changes with { Owners = null }, [.. patch.Drift.Where(d => d.Key != OwnerReference.DriftKey)]),
        _ => throw new UnreachableException(),
    };

    private void RetryAfter(TimeSpan wait) => _retry = new Pause(wait, time);

    private void NoteCorrections(ConfigMapPlan step, ImmutableArray<Drift> drift, bool wasThere, DateTimeOffset now)
    {
        if (step is ConfigMapPlan.Create && !wasThere)
            return;
        ImmutableArray<Drift> corrected = step switch
        {
            ConfigMapPlan.Create => [Deletion],
            ConfigMapPlan.Patch patch => [.. patch.Drift.Where(p => drift.Any(d => d.Key == p.Key))],
            _ => throw new UnreachableException(),
        };
        _fights = _fights.Corrected(corrected, now);
        ImmutableArray<Fight> fought = [.. _fights.At(now).Where(f => corrected.Any(d => d.Key == f.Key))];
        metrics.Fought(fought.Length);
        if (!fought.IsEmpty)
            log.Fought(reconciler.Key.Name, fought, now);
    }

    private ConfigMapWrite Describe(ConfigMapPlan step, ImmutableArray<Drift> drift, bool wasThere, long begun) => step switch
    {
        ConfigMapPlan.Create create => new ConfigMapWrite(
            time.GetUtcNow(), [.. create.Content.Data.Keys], [], [], IsCreation: true, IsRecreation: wasThere, time.GetElapsedTime(begun)),
        ConfigMapPlan.Patch patch => new ConfigMapWrite(
            time.GetUtcNow(),
            [.. patch.Changes.Data.Where(d => d.Value is not null).Select(d => d.Key)],
            [.. patch.Changes.Data.Where(d => d.Value is null).Select(d => d.Key).Union(patch.Changes.BinaryDataRemovals)],
            drift,
            IsCreation: false,
            IsRecreation: false,
            time.GetElapsedTime(begun)),
        _ => throw new UnreachableException(),
    };

    [LoggerMessage(202, LogLevel.Error, "Failed to write ConfigMap")]
    private static partial void LogWriteFailed(ILogger logger, string name, string error, double retryInSeconds);
}
