using DynamicToolset.Kubernetes.Client;

namespace DynamicToolset.Service.Access;

/// <summary>
/// Asks the API server one kind of question, each once at a time and within a budget, and remembers the answers. The bad ones have a place of their
/// own, so that no number of them pushes out a good one. Safe for several at once.
/// </summary>
internal sealed class Reviews<T>(ReviewBudget budget, ReviewTrouble trouble, TimeProvider time)
{
    /// <summary>An API server that takes longer is as good as none to somebody who waits for an answer.</summary>
    private static readonly TimeSpan LongestReview = TimeSpan.FromSeconds(5);

    /// <summary>By then whatever was on its way when the wait began has ended.</summary>
    private static readonly TimeSpan LongestWait = LongestReview + TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly ReviewCache<T> _good = new(time);
    private readonly ReviewCache<T> _bad = new(time);
    private readonly Dictionary<string, Task<Reviewed<T>>> _flights = new(StringComparer.Ordinal);

    /// <summary>A good answer that is still believed.</summary>
    public bool TryGetGood(string key, out T? said)
    {
        lock (_gate)
            return _good.TryGet(key, out said);
    }

    /// <summary>Whether there was a good answer before, believed still or not.</summary>
    public bool KnewGood(string key)
    {
        lock (_gate)
            return _good.Knew(key);
    }

    /// <summary>Whether there is no answer that is believed, nor ever was a good one.</summary>
    public bool IsNew(string key)
    {
        lock (_gate)
            return !_good.Knew(key) && !_bad.TryGet(key, out _);
    }

    /// <param name="key">By which the answer is found again.</param>
    /// <param name="ask">Ends with its token; a <see cref="KubeApiException"/> where there is no answer.</param>
    public Task<Reviewed<T>> AskAsync(string key, Func<CancellationToken, Task<Lasting<T>>> ask)
    {
        lock (_gate)
        {
            bool isGood = _good.TryGet(key, out T? said);
            if (isGood)
                RenewAhead(key, ask);
            if (isGood || _bad.TryGet(key, out said))
                return Task.FromResult<Reviewed<T>>(new Reviewed<T>.Answer(said!));
            if (_flights.TryGetValue(key, out Task<Reviewed<T>>? flight))
                return flight;
            bool isStranger = !_good.Knew(key);
            if (budget.TryBegin(isStranger) is not { } wait)
                return _flights[key] = FlyAsync(key, ask);
            return isStranger ? Task.FromResult<Reviewed<T>>(new Reviewed<T>.Postponed(wait)) : _flights[key] = WaitAndFlyAsync(key, ask);
        }
    }

    /// <summary>The caller gets the cached answer as long as it is valid, and does not wait for the new one.</summary>
    private void RenewAhead(string key, Func<CancellationToken, Task<Lasting<T>>> ask)
    {
        if (!_good.IsDue(key) || _flights.ContainsKey(key) || budget.TryBegin(isStranger: false) is not null)
            return;
        _good.PutOff(key);
        _flights[key] = FlyAsync(key, ask);
    }

    /// <summary>What strangers and a slow API server take is not taken from who was good before.</summary>
    private async Task<Reviewed<T>> WaitAndFlyAsync(string key, Func<CancellationToken, Task<Lasting<T>>> ask)
    {
        // The caller holds the lock.
        await Task.Yield();
        long begun = time.GetTimestamp();
        while (TryBegin() is { } freed)
        {
            if (time.GetElapsedTime(begun) >= LongestWait)
                return GiveUp(key);
            await freed;
        }

        return await FlyAsync(key, ask);
    }

    /// <returns>Null where it may begin. Else what ends when it is worth trying again.</returns>
    private Task? TryBegin()
    {
        lock (_gate)
            return budget.TryBegin(isStranger: false) is { } wait ? budget.FreedAsync(wait) : null;
    }

    private Reviewed<T>.Unanswered GiveUp(string key)
    {
        lock (_gate)
            _flights.Remove(key);
        return Unanswered("the API server answers too slowly; the log says more", $"too many other reviews for {LongestWait.TotalSeconds} seconds", null);
    }

    /// <summary>The caller may go away meanwhile: others may have joined, and the answer is worth caching.</summary>
    private async Task<Reviewed<T>> FlyAsync(string key, Func<CancellationToken, Task<Lasting<T>>> ask)
    {
        // The caller holds the lock.
        await Task.Yield();
        Lasting<T>? answer = null;
        long begun = time.GetTimestamp();
        using var limit = new CancellationTokenSource(LongestReview, time);
        try
        {
            answer = await ask(limit.Token);
            trouble.Answered();
            return new Reviewed<T>.Answer(answer.Said);
        }
        catch (KubeApiException e)
        {
            string fault = $"the API server did not answer it ({e.ErrorType}); the log says more";
            return Unanswered(e.MissingRight is { } right ? $"the service lacks the right to {right}" : fault, e.Message, e.RetryAfter);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return Unanswered("the API server did not answer it in time; the log says more", $"there was no answer within {LongestReview.TotalSeconds} seconds", null);
        }
        finally
        {
            lock (_gate)
            {
                if (answer is not null)
                    Keep(key, answer, time.GetElapsedTime(begun));
                _flights.Remove(key);
                budget.End();
            }
        }
    }

    private void Keep(string key, Lasting<T> answer, TimeSpan age)
    {
        (ReviewCache<T> kept, ReviewCache<T> other) = answer.IsGood ? (_good, _bad) : (_bad, _good);
        other.Remove(key);
        kept.Put(key, answer.Owner, answer.Said, answer.Life, age);
    }

    private Reviewed<T>.Unanswered Unanswered(string why, string error, TimeSpan? wait)
    {
        trouble.Unanswered(why, error);
        return new Reviewed<T>.Unanswered(why, wait);
    }
}
