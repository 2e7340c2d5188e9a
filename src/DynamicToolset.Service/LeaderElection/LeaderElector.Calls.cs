using DynamicToolset.Kubernetes.Client;
using DynamicToolset.LeaderElection;
using DynamicToolset.Service.Loops;

namespace DynamicToolset.Service.LeaderElection;

/// <content>The calls to the API server, one at a time, and what becomes of those that fail.</content>
public sealed partial class LeaderElector
{
    private LeaseSpec Hold(LeaseRecord? from) => from is null
        ? LeaseSpec.New(_options.Identity, _options.LeaseDuration, _time.GetUtcNow())
        : from.Spec.HeldBy(_options.Identity, _options.LeaseDuration, _time.GetUtcNow());

    /// <param name="spec">What a write writes.</param>
    private Task CarryOutAsync(ElectionDecision decision, Func<LeaseRecord?, LeaseSpec> spec, CancellationToken stop) =>
        decision is ElectionDecision.Write { From: var from } ? WriteAsync(from, spec(from), stop) : LookAsync(stop);

    private async Task LookAsync(CancellationToken stop)
    {
        TimeSpan askedAt = Now;
        (Trouble? trouble, LeaseRecord? lease) = await AskAsync(token => _api.GetLeaseAsync(_lease, token), stop);
        _reading = Tell(_reading, trouble);
        if (trouble is null)
            Become(Election.Read(lease, askedAt, Now));
    }

    private async Task WriteAsync(LeaseRecord? from, LeaseSpec spec, CancellationToken stop)
    {
        Become(Election.Sending());
        TimeSpan sentAt = Now;
        LeaderAddress? address = spec.IsFree ? null : Address;
        (Trouble? trouble, LeaseRecord? lease) = await AskAsync(
            async token => from is null
                ? await _api.CreateLeaseAsync(_lease, spec, address, token)
                : await _api.UpdateLeaseAsync(from, spec, address, token),
            stop);
        if (trouble is { IsConflict: true })
        {
            // If writing is forbidden, the caller learns that, not of a conflict.
            ForgetMissingRight();
            return;
        }

        _writing = Tell(_writing, trouble);
        if (trouble is not null)
            return;
        _isContested = false;
        Become(Election.Held(lease!, sentAt, Now, NextFence()));
    }

    /// <summary>One call with a time limit: while it hangs, nobody renews the Lease.</summary>
    private async Task<(Trouble? Trouble, LeaseRecord? Lease)> AskAsync(Func<CancellationToken, Task<LeaseRecord?>> call, CancellationToken stop)
    {
        TimeSpan atMost = Election.CallLimitAt(Now);
        using var limit = new CancellationTokenSource(atMost > TimeSpan.Zero ? atMost : TimeSpan.Zero, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        try
        {
            LeaseRecord? lease = await call(either.Token);
            _backoff.Reset();
            _pause = null;
            return (null, lease);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            _pause = new Pause(_backoff.Next(), _time);
            return (new Trouble(FormattableString.Invariant($"no answer within {atMost.TotalSeconds:0.###} seconds"), null, false), null);
        }
        catch (KubeApiException e)
        {
            // Where somebody else has written, what there is now is read at once; unless that goes on and on.
            bool isBySomebody = e.IsConflict || e.IsNotFound;
            // A proxy that asks to be left alone for long must not leave everybody without a leader for so long.
            TimeSpan wait = TimeSpan.FromTicks(Math.Min(_backoff.After(e).Ticks, _options.LeaseDuration.Ticks));
            _pause = isBySomebody && !_isContested ? null : new Pause(wait, _time);
            _isContested |= isBySomebody;
            return (new Trouble(e.Message, e.MissingRight, e.IsConflict), null);
        }
    }

    /// <summary>Once when it begins, when a right turns out to be missing, and when it ends.</summary>
    private Trouble? Tell(Trouble? before, Trouble? now)
    {
        // A call that failed otherwise says nothing of rights.
        now = now is null ? null : now with { MissingRight = now.MissingRight ?? before?.MissingRight };
        if (now is not null && (before is null || before.MissingRight != now.MissingRight))
            LogFailed(now.Error, _pause?.Remaining.TotalSeconds ?? 0);
        if (before is not null && now is null)
            LogRecovered();
        return now;
    }

    private void ForgetMissingRight() => _writing = _writing is { } trouble ? trouble with { MissingRight = null } : null;

    /// <summary>Why a call failed.</summary>
    private sealed record Trouble(string Error, string? MissingRight, bool IsConflict);
}
