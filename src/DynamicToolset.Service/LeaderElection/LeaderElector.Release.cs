using DynamicToolset.LeaderElection;

namespace DynamicToolset.Service.LeaderElection;

/// <content>The end: another replica need not wait for the Lease to expire.</content>
public sealed partial class LeaderElector
{
    private async Task ReleaseAsync()
    {
        _isReleasing = true;
        _pause = null;
        Become(Election.Resigned());
        if (Election.Release() is null)
            return;
        using var limit = new CancellationTokenSource(LongestRelease, _time);
        try
        {
            bool hasGiven = false;
            while (Election.Release() is { } step)
            {
                hasGiven |= step is ElectionDecision.Write;
                await CarryOutAsync(step, from => from!.Spec.Released(_time.GetUtcNow()), limit.Token);
                if (_pause is { Remaining.Ticks: > 0 } pause)
                    await Task.Delay(pause.Remaining, _time, limit.Token);
            }

            if (hasGiven)
                LogReleased(Instance);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            LogNotReleased(Instance);
        }
    }
}
