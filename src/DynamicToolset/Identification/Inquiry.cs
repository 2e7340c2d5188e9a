using DynamicToolset.HealthCheck;
using DynamicToolset.Rules;

namespace DynamicToolset.Identification;

/// <summary>Asking one backend what it is: which request comes next, and what the answers told. It has no clock and asks nobody.</summary>
/// <param name="Position">Of the request that comes next.</param>
public sealed record Inquiry(IdentityTarget Target, int Position = 0)
{
    /// <summary>Null where nothing told yet.</summary>
    public BackendIdentity? Identity { get; private init; }

    /// <summary>It did not answer, and takes its time to say so: nothing is known, and nothing further asked.</summary>
    public bool IsUnanswered { get; private init; }

    /// <summary>The last answer took all the time that there was.</summary>
    public bool IsTimeout { get; private init; }

    private bool IsOver => Identity is not null || IsUnanswered || Position >= Target.Fingerprint.Requests.Length;

    /// <param name="timeout">Of all that is asked.</param>
    /// <returns>Null where nothing is left to ask.</returns>
    public ProbeRequest? Next(TimeSpan timeout)
    {
        if (IsOver || timeout <= TimeSpan.Zero)
            return null;
        FingerprintRequest request = Target.Fingerprint.Requests[Position];
        return new ProbeRequest(Target.Endpoint, $"{Target.Endpoint.Path}{request.Path}", Fingerprint.MostBodyBytes, timeout) { Headers = request.Headers };
    }

    /// <param name="answer">To <see cref="Next"/>.</param>
    public Inquiry With(ProbeAnswer answer) => this with
    {
        Position = Position + 1,
        Identity = Target.Fingerprint.Requests[Position].IdentityIn(answer),
        IsUnanswered = !FingerprintRequest.IsWorthAskingOn(answer),
        IsTimeout = answer is ProbeAnswer.None { Why: var why } && why.Reason == ProbeFailure.Timeout.Reason,
    };
}
