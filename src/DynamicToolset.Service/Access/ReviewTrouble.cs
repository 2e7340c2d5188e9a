using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Access;

/// <summary>Whether the API server answers one kind of question; what is wrong is logged once a minute at most. Safe for several at once.</summary>
/// <param name="asked">In the words of RBAC: <c>create tokenreviews</c>.</param>
internal sealed partial class ReviewTrouble(string asked, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan BetweenLines = TimeSpan.FromMinutes(1);

    /// <summary>Without callers there are no reviews, so nothing would show that the API server has recovered.</summary>
    private static readonly TimeSpan CurrentFor = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private string? _current;
    private long _failedAt;
    private long? _toldAt;
    private bool _isTold;

    /// <summary>Why the last question had no answer; null where it had one, there was none, or it is five minutes ago.</summary>
    public string? Current
    {
        get
        {
            lock (_gate)
                return time.GetElapsedTime(_failedAt) < CurrentFor ? _current : null;
        }
    }

    /// <param name="why">For the caller, with what to do.</param>
    /// <param name="error">For the log.</param>
    public void Unanswered(string why, string error)
    {
        lock (_gate)
        {
            (_current, _failedAt) = (why, time.GetTimestamp());
            if (_toldAt is { } told && time.GetElapsedTime(told) < BetweenLines)
                return;
            (_toldAt, _isTold) = (time.GetTimestamp(), true);
        }

        LogUnanswered(error);
    }

    public void Answered()
    {
        lock (_gate)
        {
            _current = null;
            if (!_isTold)
                return;
            _isTold = false;
        }

        LogAnsweredAgain(asked);
    }
}
