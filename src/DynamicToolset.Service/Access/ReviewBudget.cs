namespace DynamicToolset.Service.Access;

/// <summary>
/// How much the API server is asked for the sake of callers. Four fifths of it are for strangers: what renews an answer that was good before finds room however
/// many of them come, or waits for it. Not safe for several at once.
/// </summary>
/// <param name="mostInFlight">So many questions are on their way at most.</param>
/// <param name="perSecond">So many in the long run.</param>
/// <param name="burst">So many more at once; in any second at most <paramref name="perSecond"/> and these.</param>
internal sealed class ReviewBudget(TimeProvider time, int mostInFlight, int perSecond, int burst)
{
    private readonly RequestLimits _all = new(time, perSecond, burst);
    private readonly RequestLimits _strangers = new(time, PartOf(perSecond), PartOf(burst));
    private TaskCompletionSource _freed = NewSignal();
    private int _inFlight;

    /// <summary>Of TokenReviews: at most 10 in flight and 50 in any second.</summary>
    public static ReviewBudget OfTokens(TimeProvider time) => new(time, mostInFlight: 10, perSecond: 40, burst: 10);

    /// <summary>Of SubjectAccessReviews: who asks is known by then, and may ask for several namespaces at once.</summary>
    public static ReviewBudget OfRights(TimeProvider time) => new(time, mostInFlight: 50, perSecond: 50, burst: 100);

    /// <returns>Null where it may begin; it then counts until <see cref="End"/>. Else how long to wait.</returns>
    public TimeSpan? TryBegin(bool isStranger)
    {
        if (_inFlight >= (isStranger ? PartOf(mostInFlight) : mostInFlight))
            return TimeSpan.FromSeconds(1);
        TimeSpan? wait = isStranger ? _strangers.Take(nameof(_strangers)) : null;
        wait ??= _all.Take(nameof(_all));
        _inFlight += wait is null ? 1 : 0;
        return wait;
    }

    public void End()
    {
        _inFlight--;
        _freed.SetResult();
        _freed = NewSignal();
    }

    /// <summary>Ends with the next <see cref="End"/>, or after the wait.</summary>
    public Task FreedAsync(TimeSpan wait) => Task.WhenAny(_freed.Task, Task.Delay(wait, time));

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static int PartOf(int whole) => whole * 4 / 5;
}
