using System.Collections.Immutable;
using DynamicToolset.HealthCheck;

namespace DynamicToolset.Service.Probing;

/// <content>Checks ahead of schedule: after a change, or if a failure or success makes others worth checking.</content>
public sealed partial class ProbeLoop
{
    private readonly List<AwaitedChecks> _awaited = [];
    private TimeSpan _lastMoment;

    /// <summary>Checks every target at once. One whose check is under way is checked again after it: that check began too early.</summary>
    /// <returns>
    /// Ends when each of these targets has been checked since, or is no longer wanted; see <see cref="FirstRound"/>. Whoever waits goes on inside
    /// the loop, and should yield at once.
    /// </returns>
    public Task CheckNowAsync()
    {
        TaskCompletionSource done = new();
        _turns.Send(() =>
        {
            Await(done);
            CheckAtOnce(_endpoints.Values);
        });
        return done.Task;
    }

    /// <summary>By the monotonic clock, and later than the one before even where that stands still: checks are told apart by it.</summary>
    private TimeSpan NextMoment() => _lastMoment = TimeSpan.FromTicks(Math.Max(Elapsed.Ticks, _lastMoment.Ticks + 1));

    private void Await(TaskCompletionSource done)
    {
        _awaited.Add(new AwaitedChecks(_endpoints.Values, NextMoment(), done));
        EndAwaited();
    }

    private void EndAwaited() => _awaited.RemoveAll(a => a.EndIfComplete());

    private void CheckAtOnce(IEnumerable<WatchedEndpoint> endpoints)
    {
        foreach (WatchedEndpoint endpoint in endpoints)
        {
            endpoint.CheckAgain = endpoint.IsUnderWay;
            if (endpoint.CheckAgain)
                continue;
            _schedule.Withdraw(endpoint);
            BeginCheck(endpoint);
        }
    }

    private (JudgedHealth Before, JudgedHealth After) Judge(EndpointKey endpoint, HealthState state)
    {
        JudgedHealth before = Health, after = before;
        ImmutableInterlocked.Update(ref _health, health => after = (before = health).Knows(endpoint) ? health.With(endpoint, state) : health);
        return (before, after);
    }

    /// <summary>To be called where the endpoint waits for nothing: what it should do next is left to its <see cref="WatchedEndpoint.CheckAgain"/>.</summary>
    private void AskAround(WatchedEndpoint endpoint, JudgedHealth before, JudgedHealth after)
    {
        bool isFirstFailure = before.Checks.Find(endpoint.Key)?.Last is not { IsSuccess: false };
        bool isInDoubt = after.IsInDoubt(endpoint.Key);
        endpoint.HasAskedOthers &= isInDoubt && !isFirstFailure;
        // Where its namespace has had its share they are asked at a later failure of those in a row.
        if (isInDoubt && !endpoint.HasAskedOthers && _rechecks.TryTake(endpoint.Key.Service.Namespace, Elapsed))
            AskOthers(endpoint);
        ImmutableHashSet<EndpointKey> next = [.. after.AwaitingVerdict.Except(before.AwaitingVerdict)];
        endpoint.CheckAgain |= next.Contains(endpoint.Key);
        CheckAtOnce([.. _endpoints.Values.Where(other => other != endpoint && next.Contains(other.Key))]);
    }

    private void AskOthers(WatchedEndpoint endpoint)
    {
        endpoint.HasAskedOthers = true;
        foreach (WatchedEndpoint other in _endpoints.Values.Where(e => e != endpoint))
        {
            // A check that has begun says nothing about what came after its begin.
            if (other.IsUnderWay)
                other.CheckAgain = true;
            else
                other.Attempt = 0;
        }

        _schedule.Hasten(other => other != endpoint);
    }
}
