using DynamicToolset.HealthCheck;
using DynamicToolset.LeaderElection;

namespace DynamicToolset.Service.Hosting;

/// <content>What <c>/livez</c> and <c>/readyz</c> show.</content>
public sealed partial class Controller
{
    /// <summary>Two watches of the longest kind: one of them must have brought a bookmark by then.</summary>
    private static readonly TimeSpan StaleAfter = TimeSpan.FromMinutes(10);

    /// <summary>The longest name of a pod and what we put behind it; a stranger's identity may have any length.</summary>
    private const int LongestHolder = 270;

    /// <summary>Whether each loop turns. A failure needs a restart. While it stops nothing is expected of a loop: the stop has its own limit.</summary>
    public IEnumerable<SelfCheck> Liveness =>
        _heartbeats.GroupBy(h => h.Name).Select(h => new SelfCheck(h.Key, _isStopping || !h.Any(part => part.IsStuck)));

    /// <summary>
    /// All pass from the first complete reading of the cluster until the stop begins. A right that only writing lacks is told, and leaves the rest of
    /// the service ready; so is what is stale, for that may be the API server's fault, and who leads: a follower stands by, ready.
    /// </summary>
    public IEnumerable<SelfCheck> Readiness =>
    [
        new SelfCheck("services-synced", _sources.Services.HasSynced, _sources.Services.MissingRight ?? Staleness(_sources.Services.LastProgress)),
        new SelfCheck("configmap-synced", _sources.ConfigMap.HasSynced, _sources.ConfigMap.MissingRight ?? Staleness(_sources.ConfigMap.LastProgress)),
        new SelfCheck("configmap-write", true, _writer.MissingRight),
        .. _elector is null ? Array.Empty<SelfCheck>() : [new SelfCheck("leader-election", true, _elector.MissingRight ?? StandingOf(_elector.Current))],
        new SelfCheck("health-checks", true, ChecksDetail(_sources.Probes.Health)),
        new SelfCheck("not-stopping", !_isStopping),
    ];

    private static string StandingOf(Leadership leadership) => leadership switch
    {
        Leadership.Follower { Holder: "" } => "follower, and nobody is known to lead",
        Leadership.Follower { Holder: var holder } => $"follower of {holder[..Math.Min(holder.Length, LongestHolder)]}",
        _ => "leader",
    };

    private static string? ChecksDetail(JudgedHealth health) =>
        health.IsPanic ? "none passes, so the toolsets stay as they are; see the log" : health.Obstacles.FirstOrDefault();

    private string? Staleness(DateTimeOffset? lastProgress) => lastProgress is { } last && _time.GetUtcNow() - last > StaleAfter
        ? FormattableString.Invariant($"stale: nothing was heard for {(_time.GetUtcNow() - last).TotalMinutes:F0} minutes; see the log for why the watch makes no progress")
        : null;
}
