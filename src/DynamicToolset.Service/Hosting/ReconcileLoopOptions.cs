namespace DynamicToolset.Service.Hosting;

/// <summary>How often the loop looks by itself; events wake it in between.</summary>
public sealed record ReconcileLoopOptions
{
    /// <summary>Between two evaluations of all Services.</summary>
    public TimeSpan DiscoveryInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Between two reads of the ConfigMap; each is one GET.</summary>
    public TimeSpan ReconciliationInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long the first write waits for the first checks, so that a new ConfigMap does not start half empty. Later writes never wait.
    /// </summary>
    public TimeSpan StartGrace { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long the creation of the ConfigMap waits to hear of its owner; after that it comes without one, and is adopted later. Updates
    /// never wait.
    /// </summary>
    public TimeSpan OwnerGrace { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Shown in the log lines that operators look for a version in.</summary>
    public string Version { get; init; } = "";
}
