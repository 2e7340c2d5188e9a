namespace DynamicToolset.HealthCheck;

/// <summary>
/// The verdict on an answer: whether the backend is well. It carries no byte that the backend sent except the status code, so nothing
/// that is logged or shown can reflect a response.
/// </summary>
public abstract record ProbeOutcome
{
    private ProbeOutcome(string reason) => Reason = reason;

    /// <summary>One word for logs and metrics, out of a fixed set.</summary>
    public string Reason { get; }

    /// <summary>The status code that the backend answered with; null where there was no answer.</summary>
    public virtual int? StatusCode => null;

    public bool IsSuccess => this is Success;

    /// <summary>It took all the time that there was, and told nothing.</summary>
    public bool IsTimeout => this is Unanswered { Failure: var failure } && failure.Reason == ProbeFailure.Timeout.Reason;

    /// <summary>See <see cref="ProbeFailure.Advice"/>; null where it says something of the backend.</summary>
    public string? Advice => (this as Unanswered)?.Failure.Advice;

    public static ProbeOutcome Of(ProbeAnswer answer, AcceptedStatuses accepted) => answer switch
    {
        ProbeAnswer.Response response when accepted.Contains(response.Status) => new Success(response.Status),
        ProbeAnswer.Response response => new BadStatus(response.Status),
        ProbeAnswer.None none => new Unanswered(none.Why),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public sealed record Success(int Code) : ProbeOutcome("ok")
    {
        public override int? StatusCode => Code;
    }

    public sealed record BadStatus(int Code) : ProbeOutcome("status")
    {
        public override int? StatusCode => Code;
    }

    public sealed record Unanswered(ProbeFailure Failure) : ProbeOutcome(Failure.Reason);
}
