using DynamicToolset.LeaderElection;
using DynamicToolset.Service.Discoveries;
using DynamicToolset.Service.Options;

namespace DynamicToolset.Service.Hosting;

/// <content>Requested discoveries, and which replica runs them.</content>
public sealed partial class Controller
{
    /// <summary>The leader if it is another replica; null if this one leads, or no leader is known.</summary>
    public OtherLeader? OtherLeader => _elector?.OtherLeader;

    /// <summary>Those that were asked for.</summary>
    public DiscoveryJobs Discoveries { get; }

    /// <summary>The port of the REST API, for the other replicas. Set it before the start if PORT is 0.</summary>
    public void AnswersOn(int port)
    {
        if (_elector is not null && _podIp is not null && port > 0)
            _elector.Address = LeaderAddress.Of(_podIp, port);
    }

    /// <summary>One check that fails; those of many endpoints may take longer, and then the last ones tell.</summary>
    private static TimeSpan LongestCheckOf(Settings settings) =>
        (settings.HealthCheckAttempts * (settings.HealthCheckTimeout + settings.HealthCheckRetryInterval)) - settings.HealthCheckRetryInterval;
}
