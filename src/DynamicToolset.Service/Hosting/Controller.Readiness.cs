using DynamicToolset.HealthCheck;
using DynamicToolset.Kubernetes.Informers;
using DynamicToolset.LeaderElection;
using DynamicToolset.Rounds;
using DynamicToolset.Service.Http;
using DynamicToolset.Service.LeaderElection;

namespace DynamicToolset.Service.Hosting;

/// <content>What <c>/livez</c> and <c>/readyz</c> show.</content>
public sealed partial class Controller
{
    /// <summary>Two watches of the longest kind: one of them must have brought a bookmark by then.</summary>
    private static readonly TimeSpan StaleAfter = TimeSpan.FromMinutes(10);

    private const string LastEvent = "secondsSinceLastEvent";

    /// <summary>What the owner of the ConfigMap lacks, by the last round.</summary>
    private volatile string? _ownerRight;

    /// <summary>The first problem with the overrides, by the last round.</summary>
    private volatile string? _overridesProblem;

    /// <summary>Why a needed change was not written, by the last round.</summary>
    private volatile string? _refusal;

    /// <summary>Whether each loop turns. A failure needs a restart. While it stops nothing is expected of a loop: the stop has its own limit.</summary>
    public IEnumerable<SelfCheck> Liveness =>
        _heartbeats.GroupBy(h => h.Name).Select(h => new SelfCheck(h.Key, _isStopping || !h.Any(part => part.IsStuck))
            .Since("secondsSinceLastTurn", h.Max(part => part.SinceLastBeat)));

    /// <summary>
    /// All pass from the first complete reading of the cluster until the stop begins. A right that only writing lacks is told, and leaves the rest of
    /// the service ready; so is what is stale, for that may be the API server's fault, and who leads: a follower stands by, ready.
    /// </summary>
    public IEnumerable<SelfCheck> Readiness =>
    [
        SelfCheck.Of("services-synced", _sources.Services.HasSynced, ServicesTrouble)
            .Since(LastEvent, Age(_sources.Services.LastProgress)),
        SelfCheck.Of("configmap-synced", _sources.ConfigMap.HasSynced, ConfigMapTrouble)
            .Since(LastEvent, Age(_sources.ConfigMap.LastProgress)),
        SelfCheck.Of("configmap-write", passes: true, _writer.MissingRight ?? _refusal),
        SelfCheck.Of("configmap-owner", passes: true, _ownerRight),
        SelfCheck.Of("overrides", passes: true, _overridesProblem),
        SelfCheck.Of("events", passes: true, _events.MissingRight),
        .. _elector is null ? Array.Empty<SelfCheck>() : [OfElection(_elector)],
        SelfCheck.Of("health-checks", passes: true, ChecksDetail(_sources.Probes.Health)),
        new SelfCheck("not-stopping", !_isStopping),
    ];

    private string? ServicesTrouble => _sources.Services.MissingRight
        ?? ServicesOutage
        ?? Staleness(_sources.Services.LastProgress);

    private string? ServicesOutage => _serviceOutages.Select(o => o.Detail).FirstOrDefault(d => d is not null);

    private string? Outage => ServicesOutage is { } services
        ? $"Services: {services}"
        : _configMapOutage.Detail is { } configMap ? $"the ConfigMap: {configMap}" : null;

    private string? ConfigMapTrouble => _sources.ConfigMap.MissingRight
        ?? _writer.MissingRightToRead
        ?? _configMapOutage.Detail
        ?? Staleness(_sources.ConfigMap.LastProgress);

    /// <summary>One for each watch: that another is open says nothing of it.</summary>
    private Action<InformerReport> NewOutage()
    {
        var outage = new WatchOutage(_time);
        _serviceOutages.Add(outage);
        return outage.Take;
    }

    private void Note(ControllerState state)
    {
        _ownerRight = state.OwnerWarning?.MissingRight;
        _refusal = state.Refusal?.Detail;
        _overridesProblem = state.Overrides.FirstProblem?.ToString();
    }

    private SelfCheck OfElection(LeaderElector elector)
    {
        const string Name = "leader-election";
        SelfCheck check = elector.MissingRight is { } right
            ? SelfCheck.Of(Name, passes: true, right)
            : new SelfCheck(Name, Passes: true, StandingOf(elector.Current));
        return check.Since("secondsSinceLastRenewal", elector.RenewAge).Since(LastEvent, Age(elector.LastProgress));
    }

    private static string StandingOf(Leadership leadership) => leadership switch
    {
        Leadership.Follower { Holder: "" } => "follower, no leader is known",
        Leadership.Follower follower => $"follower of {follower.HolderShown}",
        _ => "leader",
    };

    private static string? ChecksDetail(JudgedHealth health) =>
        health.IsPanic ? "none passes, so the toolsets stay as they are; see the log" : health.Obstacles.FirstOrDefault();

    private string? Staleness(DateTimeOffset? lastProgress) => Age(lastProgress) is { } age && age > StaleAfter
        ? FormattableString.Invariant($"stale: no update for {age.TotalMinutes:F0} minutes; see the log for why the watch makes no progress")
        : null;

    private TimeSpan? Age(DateTimeOffset? lastProgress) => lastProgress is { } last ? _time.GetUtcNow() - last : null;
}
