namespace DynamicToolset.HealthCheck;

/// <summary>
/// What one check found out. It carries no byte that the backend sent except the status code, so nothing that is logged or shown
/// can reflect a response.
/// </summary>
public abstract record ProbeOutcome
{
    private ProbeOutcome(string reason) => Reason = reason;

    /// <summary>One word for logs and metrics, out of a fixed set.</summary>
    public string Reason { get; }

    /// <summary>The status code that the backend answered with; null where there was no answer.</summary>
    public virtual int? StatusCode => null;

    public bool IsSuccess => this is Success;

    public static ProbeOutcome FromStatus(int statusCode, AcceptedStatuses accepted) =>
        accepted.Contains(statusCode) ? new Success(statusCode) : new BadStatus(statusCode);

    public sealed record Success(int Code) : ProbeOutcome("ok")
    {
        public override int? StatusCode => Code;
    }

    public sealed record BadStatus(int Code) : ProbeOutcome("status")
    {
        public override int? StatusCode => Code;
    }

    /// <summary>No complete answer in time: connecting, waiting or reading took too long.</summary>
    public sealed record Timeout() : ProbeOutcome("timeout");

    public sealed record Refused() : ProbeOutcome("refused");

    public sealed record NameNotResolved() : ProbeOutcome("dns");

    /// <summary>No handshake, or a certificate that the given CA does not vouch for.</summary>
    public sealed record TlsFailed() : ProbeOutcome("tls");

    /// <summary>Every address of the name is one that is never connected to.</summary>
    public sealed record Blocked(AddressDenial Denial) : ProbeOutcome("blocked");

    /// <summary>Unreachable, or cut off.</summary>
    public sealed record ConnectionFailed() : ProbeOutcome("connection");

    /// <summary>An answer that is not HTTP, or whose headers exceed the limit.</summary>
    public sealed record InvalidResponse() : ProbeOutcome("response");
}
