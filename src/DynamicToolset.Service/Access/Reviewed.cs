namespace DynamicToolset.Service.Access;

/// <summary>What became of a question to the API server.</summary>
internal abstract record Reviewed<T>
{
    private Reviewed()
    {
    }

    /// <summary>It was answered, now or a while ago.</summary>
    public sealed record Answer(T Said) : Reviewed<T>;

    /// <summary>It was not asked: too many are, and there never was a good answer.</summary>
    public sealed record Postponed(TimeSpan Wait) : Reviewed<T>;

    /// <summary>There was no answer, and so nothing is allowed.</summary>
    /// <param name="Why">For people, with what to do.</param>
    public sealed record Unanswered(string Why, TimeSpan? Wait) : Reviewed<T>;
}

/// <summary>An answer, and what is kept of it.</summary>
/// <param name="Owner">See <see cref="ReviewCache{T}.Put"/>.</param>
internal sealed record Lasting<T>(T Said, bool IsGood, string Owner, TimeSpan Life);
