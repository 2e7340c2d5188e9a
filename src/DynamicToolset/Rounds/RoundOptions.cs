using DynamicToolset.Pipeline;

namespace DynamicToolset.Rounds;

/// <summary>The options of every round, constant while the program runs.</summary>
/// <param name="Pipeline">Its rules are replaced by those that are in force.</param>
/// <param name="OwnerDeployment">The name of the Deployment that should own the ConfigMap.</param>
public sealed record RoundOptions(ToolsetPipeline Pipeline, string OwnerDeployment)
{
    /// <summary>False: every endpoint counts as healthy.</summary>
    public bool AreChecksEnabled { get; init; } = true;

    /// <summary>
    /// True outside of a cluster: a plan that takes away at least half of the toolsets is not carried out, and <see cref="ControllerState.HeldRemoval"/>
    /// tells of it. Once the first checks are done and no such plan was made, that is so only for those whose Service is there; and once everything in
    /// place has passed a check, for none. What is not reached from there may be well.
    /// </summary>
    public bool HoldsMassRemoval { get; init; }

    /// <summary>How long the first write waits for the first checks, so that a new ConfigMap does not start half empty.</summary>
    public TimeSpan StartGrace { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long the creation of the ConfigMap waits to hear of its owner; after that it comes without one, and is adopted later.
    /// </summary>
    public TimeSpan OwnerGrace { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a deleted ConfigMap stays away: who deletes and creates anew, as <c>kubectl replace --force</c> does, wins.
    /// </summary>
    public TimeSpan RecreationPause { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a write that undoes nobody's change waits for endpoints that appeared with it and are being checked.</summary>
    public TimeSpan GatheringTime { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long owners that were refused are not tried again.</summary>
    public TimeSpan OwnerRetry { get; init; } = TimeSpan.FromMinutes(5);
}
