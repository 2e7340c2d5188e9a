namespace DynamicToolset.LeaderElection;

/// <summary>
/// A time in which this replica leads. Whatever the wall clock or the API server says, it ends a renew deadline after the last renewal that was
/// acknowledged was sent: whoever takes over counts from when that one was seen, which is later, and counts for longer.
/// All instants are times since some instant by a monotonic clock.
/// </summary>
/// <param name="Fence">Random, and another one for each term.</param>
/// <param name="LeaseUid">Of the Lease that it rests on: who makes another one may give that to anybody.</param>
/// <param name="RenewedAt">When the last acknowledged renewal was sent.</param>
/// <param name="RenewDeadline">How long that one is good for.</param>
public sealed record Term(string Fence, string LeaseUid, TimeSpan RenewedAt, TimeSpan RenewDeadline)
{
    /// <summary>From then on nothing is begun.</summary>
    public TimeSpan EndsAt => RenewedAt + RenewDeadline;

    public bool IsOverAt(TimeSpan now) => now >= EndsAt;

    /// <summary>How long a call that begins now may take: a second one, at least, still fits in after it.</summary>
    public TimeSpan CallLimitAt(TimeSpan now) => (EndsAt - now) / 2 is var half && half < ElectionOptions.LongestCall ? half : ElectionOptions.LongestCall;
}
