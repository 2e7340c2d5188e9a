using DynamicToolset.Cluster;
using DynamicToolset.HealthCheck;
using DynamicToolset.Identification;
using DynamicToolset.LeaderElection;
using DynamicToolset.Overrides;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rules;

namespace DynamicToolset.Rounds;

/// <summary>
/// Everything that a round looks at, taken once. Where it equals what the last round looked at there is no news: an input that is added here
/// cannot be forgotten there.
/// </summary>
/// <param name="Health">Equal while no verdict changes; the times of checks move on without that.</param>
/// <param name="AreFirstChecksDone">True when each endpoint of the first round was asked once. Taken before <paramref name="Health"/>.</param>
/// <param name="Owner">The Deployment that should own the ConfigMap.</param>
/// <param name="DiscoveryCycle">Moves once in each DISCOVERY_INTERVAL: then all Services are evaluated anew.</param>
/// <param name="Leadership">A follower decides as the leader does, so that it can go on from there, and carries nothing out.</param>
public sealed record RoundInputs(
    RuleState Rules,
    ServiceSnapshot Services,
    ConfigMapView ConfigMap,
    JudgedHealth Health,
    bool AreFirstChecksDone,
    OwnerState Owner,
    long DiscoveryCycle,
    Leadership Leadership)
{
    /// <summary>What this replica's own mount holds.</summary>
    public OverrideFiles OverrideFiles { get; init; } = OverrideFiles.None;

    /// <summary>What the endpoints answered when they were asked what they are.</summary>
    public IdentityTable Identities { get; init; } = IdentityTable.Unneeded;

    /// <summary>What <c>overrides.yaml</c> says, where its text was taken out, as in a journal; null where it stands in <see cref="ConfigMap"/>.</summary>
    public OverrideSet? Overrides { get; init; }

    /// <summary>True where nothing is new but checks, what is known of the owner, and a write of our own.</summary>
    /// <param name="ownVersion">Of the ConfigMap, as the round before left it.</param>
    public bool IsAnswerTo(RoundInputs before, string? ownVersion) => before == this with
    {
        Health = before.Health,
        Identities = before.Identities,
        AreFirstChecksDone = before.AreFirstChecksDone,
        Owner = before.Owner,
        ConfigMap = ConfigMap.Newest?.ResourceVersion == ownVersion ? before.ConfigMap : ConfigMap,
    };
}

/// <summary>When a round takes place.</summary>
/// <param name="Elapsed">Since the start, by the monotonic clock: all pauses go by it.</param>
/// <param name="Wall">For people only.</param>
public readonly record struct Moment(TimeSpan Elapsed, DateTimeOffset Wall);
