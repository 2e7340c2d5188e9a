using DynamicToolset.LeaderElection;
using DynamicToolset.Service.LeaderElection;
using DynamicToolset.Service.Options;

namespace DynamicToolset.Service.Hosting;

/// <content>How it stands for election.</content>
public sealed partial class Controller
{
    /// <summary>Whoever has not read the cluster cannot lead: it stands for election when it has decided once, as a follower.</summary>
    private async Task ElectAsync(LeaderElector elector, CancellationToken stop)
    {
        await _hasDecided.Task.WaitAsync(stop);
        // Not in the call of whoever decided.
        await Task.Yield();
        await elector.RunAsync(stop);
    }

    private static ElectionOptions ToElectionOptions(Settings settings, Random random) => new(
        ElectionOptions.IdentityOf(InstanceOf(settings), random),
        settings.LeaseDuration,
        settings.RenewDeadline,
        settings.RetryPeriod);
}
