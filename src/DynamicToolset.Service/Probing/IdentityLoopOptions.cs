using DynamicToolset.Service.Options;

namespace DynamicToolset.Service.Probing;

/// <summary>How often backends are asked what they are, and how many at a time.</summary>
public sealed record IdentityLoopOptions
{
    /// <summary>False: nobody is asked, and every backend is what its rule says.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Between two times that a steady backend is asked. Greater than zero.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Of all requests to one backend together. Greater than zero.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Backends that are asked at a time; each answer may take as much memory as a body that is read. At least 1.</summary>
    public int Concurrency { get; init; } = 8;

    public static IdentityLoopOptions Of(Settings settings) => new()
    {
        Enabled = settings.HealthCheckEnabled,
        Interval = settings.DiscoveryInterval,
        Timeout = settings.HealthCheckTimeout,
        Concurrency = Math.Max(1, settings.HealthCheckConcurrency / 2),
    };
}
