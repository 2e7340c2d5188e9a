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

    /// <summary>What came of it, for a person.</summary>
    public string Sentence => this switch
    {
        Unanswered { Failure: var failure } => failure.Sentence,
        { StatusCode: { } code } => $"it answered {code}",
        _ => "it accepted the connection",
    };

    /// <summary>The backend is there, be it that it wants credentials.</summary>
    public bool IsSuccess => this is Success or WantsCredentials or Connected;

    /// <summary>It took all the time that there was, and told nothing.</summary>
    public bool IsTimeout => this is Unanswered { Failure: var failure } && failure.Reason == ProbeFailure.Timeout.Reason;

    /// <summary>See <see cref="ProbeFailure.Advice"/>; null where it says something of the backend.</summary>
    public string? Advice => (this as Unanswered)?.Failure.Advice;

    public static ProbeOutcome Of(ProbeAnswer answer, AcceptedStatuses accepted) => answer switch
    {
        ProbeAnswer.Response response when !accepted.Contains(response.Status) => new BadStatus(response.Status),
        ProbeAnswer.Response { Status: var status, Token: var token } when AcceptedStatuses.MeanCredentials(status) =>
            new WantsCredentials(status) { Token = token },
        ProbeAnswer.Response { Status: var status, Token: var token, Refusal: { } refusal } =>
            new WantsCredentials(refusal.Status) { Token = token, WithToken = status },
        ProbeAnswer.Response response => new Success(response.Status),
        ProbeAnswer.Connected => new Connected(),
        ProbeAnswer.None none => new Unanswered(none.Why),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public sealed record Success(int Code) : ProbeOutcome("ok")
    {
        public override int? StatusCode => Code;
    }

    /// <summary>It takes connections, and nothing more is known of it.</summary>
    public sealed record Connected() : ProbeOutcome("ok");

    /// <summary>It answers, and not to a request without credentials.</summary>
    public sealed record WantsCredentials(int Code) : ProbeOutcome("credentials")
    {
        public override int? StatusCode => Code;

        /// <summary>What became of our token: whether it helps or not, who has none is not answered.</summary>
        public TokenUse Token { get; init; }

        /// <summary>The answer to the token, where that is healthy; null where it is not, or none was sent.</summary>
        public int? WithToken { get; init; }
    }

    public sealed record BadStatus(int Code) : ProbeOutcome("status")
    {
        public override int? StatusCode => Code;
    }

    public sealed record Unanswered(ProbeFailure Failure) : ProbeOutcome(Failure.Reason);
}
