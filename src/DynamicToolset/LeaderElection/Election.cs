namespace DynamicToolset.LeaderElection;

/// <summary>
/// All that a replica knows of the election, and what it does next:
/// <code>
/// the Lease                                  | without a term            | in a term
/// is not known, or may have changed          | Look                      | Look
/// is not there                               | Write: create it          | the term is over
/// has no spec, or no holder                  | Write                     | the term is over
/// is ours                                    | Write: a new term         | Write, when a renewal is due
/// is ours, and was made anew                 | Write: a new term         | the term is over
/// is another's                               | Wait, then Look and Write | the term is over
/// </code>
/// Every write carries the version that it was decided from, so that of several replicas one succeeds, and a refused write leads to a Look. A term
/// ends by the clock too (<see cref="At"/>). Who has lost one waits a little before it writes again, whatever the reason; but where a renewal was
/// under way by then, and was taken, another term begins with it at once.
/// Every <c>now</c> is the time since some instant by a monotonic clock.
/// </summary>
public sealed record Election(ElectionOptions Options)
{
    /// <summary>Null before anything was seen.</summary>
    public LeaseObservation? Seen { get; private init; }

    /// <summary>Ours; null where this replica does not lead. It may be over by the clock: see <see cref="LeadershipAt"/>.</summary>
    public Term? Term { get; private init; }

    /// <summary>True where the Lease may hold our identity: a write was sent, and nothing read since says otherwise.</summary>
    public bool MayHold { get; private init; }

    private bool IsInDoubt { get; init; } = true;

    private TimeSpan StandsFrom { get; init; }

    private bool IsOurs => Seen?.Spec.Holder == Options.Identity;

    /// <summary>At every moment right, also where this process was stopped for a while and has not looked since.</summary>
    public Leadership LeadershipAt(TimeSpan now) => Term is { } term && !term.IsOverAt(now)
        ? new Leadership.Leader(term.Fence)
        : new Leadership.Follower(IsOurs ? "" : Seen?.Spec.Holder ?? "");

    /// <summary>The leader if it is another replica; null if this one leads, or no leader is known.</summary>
    public OtherLeader? OtherLeaderAt(TimeSpan now) =>
        LeadershipAt(now) is Leadership.Follower { Holder: { Length: > 0 } holder } ? new OtherLeader(holder, Seen?.Lease?.Address) : null;

    /// <summary>How long a call that begins now may take.</summary>
    public TimeSpan CallLimitAt(TimeSpan now) => (Term ?? new Term("", "", now, Options.RenewDeadline)).CallLimitAt(now);

    /// <summary>The term ends when its time is over.</summary>
    public Election At(TimeSpan now) => Term is { } term && term.IsOverAt(now) ? Lost(now) with { IsInDoubt = true } : this;

    public ElectionDecision Decide(TimeSpan now)
    {
        if (IsInDoubt || Seen is null)
            return new ElectionDecision.Look();
        if (Term is { } term)
            return WriteFrom(term.RenewedAt + Options.RetryPeriod, now);
        if (Seen.Spec.IsFree || IsOurs)
            return WriteFrom(StandsFrom, now);
        TimeSpan expiry = Seen.ExpiresAt(Options);
        expiry = expiry > StandsFrom ? expiry : StandsFrom;
        // The watch may be late: read once more, and take the Lease only from what was asked for after it had expired.
        return now >= expiry && !(Seen.AskedAt >= expiry) ? new ElectionDecision.Look() : WriteFrom(expiry, now);
    }

    /// <summary>The watch tells of the Lease, perhaps of an older one than was read.</summary>
    public Election Told(LeaseRecord? lease, TimeSpan now)
    {
        if (Term is null)
            return this with { Seen = LeaseObservation.Next(Seen, lease, now, askedAt: null) };
        return IsTerms(lease) ? this : this with { IsInDoubt = true };
    }

    /// <summary>The API server has reported what it has stored.</summary>
    /// <param name="lease">Null where there is none.</param>
    /// <param name="askedAt">When it was asked.</param>
    public Election Read(LeaseRecord? lease, TimeSpan askedAt, TimeSpan now)
    {
        Election next = this with { Seen = LeaseObservation.Next(Seen, lease, now, askedAt), IsInDoubt = false };
        next = next with { MayHold = next.IsOurs };
        return Term is null || IsTerms(lease) ? next : next.Lost(now);
    }

    /// <summary>A write is about to be sent: until it is answered, its result is unknown.</summary>
    public Election Sending() => this with { MayHold = true, IsInDoubt = true };

    /// <summary>A write was taken.</summary>
    /// <param name="sentAt">When it was sent, which may be long ago: a term that was over by now goes on no more.</param>
    /// <param name="fence">Of a term that begins with it.</param>
    public Election Held(LeaseRecord lease, TimeSpan sentAt, TimeSpan now, string fence)
    {
        Election next = At(now).Read(lease, sentAt, now);
        if (!next.IsOurs)
            return next;
        Term term = next.Term ?? new Term(fence, lease.Uid, sentAt, Options.RenewDeadline);
        return next with { Term = term with { RenewedAt = sentAt } };
    }

    /// <summary>Somebody else has written what only a leader should write: perhaps another one is.</summary>
    public Election Doubted() => Term is null ? this : this with { IsInDoubt = true };

    /// <summary>Another replica leads by what is seen of its writes, whatever this one's clock says.</summary>
    public Election Yielded(TimeSpan now) => Lost(now) with { IsInDoubt = true };

    /// <summary>Leads no more, of its own will.</summary>
    public Election Resigned() => this with { Term = null };

    /// <summary>The next step after a resignation, to release the Lease; null if this replica is not in it.</summary>
    public ElectionDecision? Release() => MayHold switch
    {
        true when IsInDoubt || Seen is null => new ElectionDecision.Look(),
        true when IsOurs => new ElectionDecision.Write(Seen.Lease),
        _ => null,
    };

    private bool IsTerms(LeaseRecord? lease) => lease?.Spec.Holder == Options.Identity && lease.Uid == Term?.LeaseUid;

    private Election Lost(TimeSpan now) => this with { Term = null, StandsFrom = now + Options.RetryPeriod };

    private ElectionDecision WriteFrom(TimeSpan due, TimeSpan now) =>
        now < due ? new ElectionDecision.Wait(due) : new ElectionDecision.Write(Seen!.Lease);
}
