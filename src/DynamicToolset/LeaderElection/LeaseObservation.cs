namespace DynamicToolset.LeaderElection;

/// <summary>
/// What was seen of the Lease, and since when it has been so, by the monotonic clock of this process. The times that stand in a Lease are by the clock
/// of whoever wrote them, so nothing is concluded from what they say, only from their change.
/// </summary>
/// <param name="Lease">Null where there is none.</param>
/// <param name="ChangedAt">When it was first seen as it is.</param>
/// <param name="AskedAt">When the read or write that was answered with it was sent; null where the watch told of it.</param>
public sealed record LeaseObservation(LeaseRecord? Lease, TimeSpan ChangedAt, TimeSpan? AskedAt)
{
    /// <summary>
    /// Who says that it holds the Lease for longer is waited for no longer than this: LEASE_DURATION has the same limit, and a stranger's mistake
    /// must not leave everybody without a leader.
    /// </summary>
    public static readonly TimeSpan LongestDuration = TimeSpan.FromMinutes(5);

    public LeaseSpec Spec => Lease?.Spec ?? LeaseSpec.Empty;

    /// <param name="before">Null where nothing was.</param>
    public static LeaseObservation Next(LeaseObservation? before, LeaseRecord? lease, TimeSpan now, TimeSpan? askedAt)
    {
        // Another version with the same spec is somebody's annotation, and no renewal.
        bool isSame = before is not null && before.Lease?.Uid == lease?.Uid && before.Lease?.Spec == lease?.Spec;
        return new LeaseObservation(lease, isSame ? before!.ChangedAt : now, askedAt);
    }

    /// <summary>
    /// When whoever holds it has stopped, if it is one of us. Its own word counts where it is longer than ours (a replica with other settings), up to
    /// <see cref="LongestDuration"/>.
    /// </summary>
    public TimeSpan ExpiresAt(ElectionOptions options)
    {
        TimeSpan said = Spec.Duration is { } duration && duration < LongestDuration ? duration : LongestDuration;
        bool isLonger = Spec.Duration is not null && said > options.LeaseDuration;
        return ChangedAt + (isLonger ? said : options.LeaseDuration) - ElectionOptions.TakeOverMargin;
    }
}
