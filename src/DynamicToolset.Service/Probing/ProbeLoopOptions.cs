using DynamicToolset.HealthCheck;
using DynamicToolset.Service.Options;

namespace DynamicToolset.Service.Probing;

/// <summary>How often and how many at a time.</summary>
public sealed record ProbeLoopOptions
{
    /// <summary>False: every target counts as healthy, and no request is made.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Between two checks of a steady endpoint. Greater than zero.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Of one attempt. Greater than zero.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Attempts of one check at most; at least 1. The first that passes ends the check.</summary>
    public int Attempts { get; init; } = 3;

    /// <summary>Between the end of an attempt and the next.</summary>
    public TimeSpan RetryInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Attempts in flight; at least 1.</summary>
    public int Concurrency { get; init; } = 16;

    /// <summary>True: where everything fails the toolsets stay.</summary>
    public bool Panic { get; init; } = true;

    public HealthThresholds Thresholds { get; init; } = new();

    /// <summary>While an endpoint stays unhealthy, its warning is repeated no more often than this.</summary>
    public TimeSpan WarningInterval { get; init; } = TimeSpan.FromMinutes(5);

    public static ProbeLoopOptions Of(Settings settings) => new()
    {
        Enabled = settings.HealthCheckEnabled,
        Interval = settings.HealthCheckInterval,
        Timeout = settings.HealthCheckTimeout,
        Attempts = settings.HealthCheckAttempts,
        RetryInterval = settings.HealthCheckRetryInterval,
        Concurrency = settings.HealthCheckConcurrency,
        Panic = settings.HealthPanic,
        Thresholds = new(settings.HealthCheckUnhealthyThreshold, settings.HealthCheckHealthyThreshold),
        WarningInterval = settings.DiscoveryInterval,
    };
}
