using DynamicToolset.HealthCheck;
using DynamicToolset.LeaderElection;
using DynamicToolset.Service.LeaderElection;

namespace DynamicToolset.Service.Hosting;

/// <content>What <c>/livez</c> and <c>/readyz</c> show.</content>
public sealed partial class Controller
{
    /// <summary>Two watches of the longest kind: one of them must have brought a bookmark by then.</summary>
    private static readonly TimeSpan StaleAfter = TimeSpan.FromMinutes(10);

    /// <summary>Whether each loop turns. A failure needs a restart. While it stops nothing is expected of a loop: the stop has its own limit.</summary>
    public IEnumerable<SelfCheck> Liveness =>
        _heartbeats.GroupBy(h => h.Name).Select(h => new SelfCheck(h.Key, _isStopping || !h.Any(part => part.IsStuck)));

    /// <summary>
    /// All pass from the first complete reading of the cluster until the stop begins. A right that only writing lacks is told, and leaves the rest of
    /// the service ready; so is what is stale, for that may be the API server's fault, and who leads: a follower stands by, ready.
    /// </summary>
    public IEnumerable<SelfCheck> Readiness =>
    [
        SelfCheck.Of("services-synced", _sources.Services.HasSynced, _sources.Services.MissingRight ?? Staleness(_sources.Services.LastProgress)),
        SelfCheck.Of("configmap-synced", _sources.ConfigMap.HasSynced, _sources.ConfigMap.MissingRight ?? Staleness(_sources.ConfigMap.LastProgress)),
        SelfCheck.Of("configmap-write", passes: true, _writer.MissingRight),
        .. _elector is null ? Array.Empty<SelfCheck>() : [OfElection(_elector)],
        SelfCheck.Of("health-checks", passes: true, ChecksDetail(_sources.Probes.Health)),
        new SelfCheck("not-stopping", !_isStopping),
    ];

    private static SelfCheck OfElection(LeaderElector elector)
    {
        const string Name = "leader-election";
        return elector.MissingRight is { } right ? SelfCheck.Of(Name, passes: true, right) : new SelfCheck(Name, Passes: true, StandingOf(elector.Current));
    }

    private static string StandingOf(Leadership leadership) => leadership switch
    {
        Leadership.Follower { Holder: "" } => "follower, and nobody is known to lead",
        Leadership.Follower follower => $"follower of {follower.HolderShown}",
        _ => "leader",
    };

    private static string? ChecksDetail(JudgedHealth health) =>
        health.IsPanic ? "none passes, so the toolsets stay as they are; see the log" : health.Obstacles.FirstOrDefault();

    private string? Staleness(DateTimeOffset? lastProgress) => lastProgress is { } last && _time.GetUtcNow() - last > StaleAfter
        ? FormattableString.Invariant($"stale: nothing was heard for {(_time.GetUtcNow() - last).TotalMinutes:F0} minutes; see the log for why the watch makes no progress")
        : null;
}
