using DynamicToolset.HealthCheck;

namespace DynamicToolset.Service.Probing;

/// <summary>How often and how many at a time.</summary>
public sealed record ProbeLoopOptions
{
    /// <summary>False: every target counts as healthy, and no request is made.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Between two checks of a steady endpoint. Greater than zero.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Checks in flight; at least 1.</summary>
    public int Concurrency { get; init; } = 16;

    public HealthThresholds Thresholds { get; init; } = new();

    /// <summary>While an endpoint stays unhealthy, its warning is repeated no more often than this.</summary>
    public TimeSpan WarningInterval { get; init; } = TimeSpan.FromMinutes(5);
}
