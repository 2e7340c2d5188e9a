using DynamicToolset.LeaderElection;
using DynamicToolset.Service.LeaderElection;
using DynamicToolset.Service.Options;

namespace DynamicToolset.Service.Hosting;

/// <content>How it takes part in leader election.</content>
public sealed partial class Controller
{
    /// <summary>A replica that has not read the cluster cannot lead: it takes part in the election after its first decision, as a follower.</summary>
    private async Task ElectAsync(LeaderElector elector, CancellationToken stop)
    {
        await _hasDecided.Task.WaitAsync(stop);
        // Not in the call stack of the decision.
        await Task.Yield();
        await elector.RunAsync(stop);
    }

    private static ElectionOptions ToElectionOptions(Settings settings, Random random) => new(
        ElectionOptions.IdentityOf(InstanceOf(settings), random),
        settings.LeaseDuration,
        settings.RenewDeadline,
        settings.RetryPeriod);
}
