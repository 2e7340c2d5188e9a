using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Rounds;
using DynamicToolset.Service.LeaderElection;
using DynamicToolset.Service.Loops;
using DynamicToolset.Service.Reconciling;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Discoveries;

/// <summary>
/// Carries out the discoveries that were asked for, one at a time. It decides and writes nothing itself: it has the other loops do at once what
/// they do anyway, and waits until they have.
/// </summary>
/// <param name="outage">Why what the watches have told may be old; null where they are open.</param>
public sealed partial class DiscoveryLoop(
    DiscoveryJobs jobs,
    ReconcileLoop reconcile,
    RoundSources sources,
    ILeadership leadership,
    Func<string?> outage,
    TimeProvider time,
    ILogger<DiscoveryLoop> logger)
{
    /// <summary>No discovery takes longer: what has not ended by then has failed.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    /// <summary>It waits until somebody asks, without a timer.</summary>
    private static readonly TimeSpan UntilAsked = TimeSpan.FromDays(36_500);

    private readonly CoalescingTrigger _published = new(time);
    private ControllerState? _last;
    private string _step = "";

    public Heartbeat Heartbeat { get; } = new("discovery", time);

    /// <summary>Call it after every round. Returns at once.</summary>
    public void Published(ControllerState state)
    {
        Volatile.Write(ref _last, state);
        _published.Signal();
    }

    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                Heartbeat.Beat(UntilAsked);
                DiscoveryJob job = await jobs.NextAsync(stop);
                Heartbeat.Beat(Longest);
                LogBegun(job.Id, job.Force, job.CorrelationId);
                Tell(await CarryOutAsync(stop));
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked for.
        }
        finally
        {
            if (jobs.Close() is { } cut)
                Tell(cut);
        }
    }

    private async Task<DiscoveryJob> CarryOutAsync(CancellationToken stop)
    {
        if (leadership.Permit(leadership.Current) is not { Ended: var ended })
            return jobs.Fail(DiscoveryFailure.LeadershipLost);
        using var limit = new CancellationTokenSource(Longest, time);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token, ended);
        try
        {
            while (true)
            {
                bool isForced = jobs.Running!.Force;
                if (isForced)
                    await RenewAsync(any.Token);
                ControllerState found = await RoundAsync(any.Token);
                if (!isForced && outage() is { } away)
                    return jobs.Fail(DiscoveryFailure.Stale(away));
                if (jobs.Succeed(isForced, found) is { } done)
                    return done;
            }
        }
        catch (KubeApiException e)
        {
            return jobs.Fail(DiscoveryFailure.ListFailed(e.Message));
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return jobs.Fail(ended.IsCancellationRequested ? DiscoveryFailure.LeadershipLost : DiscoveryFailure.TimedOut(_step, Longest));
        }
    }

    /// <summary>Lists what there is, has a round say what of it is to be checked, and checks that.</summary>
    private async Task RenewAsync(CancellationToken stop)
    {
        _step = "listing the Services and the ConfigMap";
        await EndOfAsync(sources.ListAnewAsync(), stop);
        await RoundAsync(stop);
        _step = "checking every endpoint";
        await EndOfAsync(sources.Probes.CheckNowAsync(), stop);
    }

    /// <summary>Not in the call of the loop that ends it.</summary>
    private static async Task EndOfAsync(Task work, CancellationToken stop)
    {
        Task end = work.WaitAsync(stop);
        await end.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await Task.Yield();
        await end;
    }

    /// <returns>What a round that began after this call has published.</returns>
    private async Task<ControllerState> RoundAsync(CancellationToken stop)
    {
        _step = "the evaluation with its write";
        long cycle = reconcile.BeginCycle();
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            if (Volatile.Read(ref _last) is { } state && state.Detected.Cycle >= cycle)
                return state;
            await _published.WaitAsync(Longest, stop);
        }
    }

    private void Tell(DiscoveryJob job) => LogEnded(
        job.Id,
        job.State,
        job.Failure?.Reason,
        job.Requests,
        job.Findings?.Write is not null,
        (job.CompletedAt! - job.RequestedAt).Value.TotalSeconds,
        job.CorrelationId);
}
