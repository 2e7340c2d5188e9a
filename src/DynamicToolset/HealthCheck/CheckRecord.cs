namespace DynamicToolset.HealthCheck;

/// <summary>A check that has ended, as people are shown it; small, for the last ones of every endpoint are kept.</summary>
public readonly record struct CheckRecord
{
    private readonly long _endedAt;
    private readonly int _milliseconds;
    private readonly short _statusCode;

    /// <param name="took">Of its last attempt.</param>
    public CheckRecord(DateTimeOffset endedAt, ProbeOutcome outcome, TimeSpan took)
    {
        _endedAt = endedAt.UtcTicks;
        _milliseconds = (int)Math.Clamp(took.TotalMilliseconds, 0, int.MaxValue);
        _statusCode = (short)(outcome.StatusCode ?? 0);
        Reason = outcome.Reason;
        Verdict = outcome.Advice is not null ? HealthStatus.Unknown : outcome.IsSuccess ? HealthStatus.Healthy : HealthStatus.Unhealthy;
    }

    public DateTimeOffset EndedAt => new(_endedAt, TimeSpan.Zero);

    /// <summary>In whole milliseconds.</summary>
    public TimeSpan Took => TimeSpan.FromMilliseconds(_milliseconds);

    /// <summary>Null where there was no answer.</summary>
    public int? StatusCode => _statusCode == 0 ? null : _statusCode;

    /// <inheritdoc cref="ProbeOutcome.Reason"/>
    public string Reason { get; }

    /// <summary>What this check alone says: unknown where it says nothing of the backend.</summary>
    public HealthStatus Verdict { get; }
}
