using System.Collections.Immutable;
using DynamicToolset.HealthCheck;
using DynamicToolset.Rules;

namespace DynamicToolset.Identification;

/// <summary>
/// One visit to a backend, in stages: what it is, then what HolmesGPT will meet there, then what it says of itself. It tells which request comes
/// next, and what the answers told; no request is sent twice. It has no clock and asks nobody.
/// </summary>
public sealed record Inquiry
{
    /// <summary>What a server answers that has begun to listen before it can tell: <c>Service Unavailable</c>.</summary>
    private const int NotYet = 503;

    private readonly ImmutableArray<InquiryStage> _stages;
    private ImmutableArray<string> _asked = [];

    public Inquiry(IdentityTarget target) => (Target, _stages) = (target, StagesOf(target));

    public IdentityTarget Target { get; }

    /// <summary>
    /// Somebody visits it again soon: where it cannot tell yet, it is not asked further. A Prometheus in agent mode answers first like one that starts, and
    /// then with what any Prometheus is called.
    /// </summary>
    public bool IsPatient { get; init; }

    /// <summary>How many requests were sent.</summary>
    public int Requests => _asked.Length;

    public Findings Found { get; private init; } = Findings.None;

    /// <summary>It did not answer, and takes its time to say so: nothing further is asked.</summary>
    public bool IsUnanswered { get; private init; }

    /// <summary>The last answer took all the time that there was.</summary>
    public bool IsTimeout { get; private init; }

    /// <summary>It was asked what it is, whether or not it told: whatever is still to be asked changes nothing of that.</summary>
    public bool IsIntroduced => IsUnanswered || !_stages.OfType<InquiryStage.Identity>().SelectMany(Wants).Any();

    private InquiryRequest? Pending => IsUnanswered ? null : _stages.SelectMany(Wants).FirstOrDefault();

    /// <param name="timeout">Of all that is asked.</param>
    /// <returns>Null where nothing is left to ask.</returns>
    public ProbeRequest? Next(TimeSpan timeout)
    {
        if (timeout <= TimeSpan.Zero || Pending is not { } pending)
            return null;
        IEnumerable<string> headers = _stages.SelectMany(Wants).Where(r => r.Path == pending.Path).SelectMany(r => r.Headers);
        bool asksWhatItIs = _stages.OfType<InquiryStage.Identity>().SelectMany(Wants).Any(r => r.Path == pending.Path);
        return new ProbeRequest(Target.Endpoint, $"{Target.Endpoint.Path}{pending.Path}", Fingerprint.MostBodyBytes, timeout)
        {
            Headers = [.. headers.Distinct(StringComparer.OrdinalIgnoreCase)],
            TokenFile = asksWhatItIs ? Target.TokenFile : null,
        };
    }

    /// <param name="answer">To <see cref="Next"/>.</param>
    public Inquiry With(ProbeAnswer answer)
    {
        string path = Pending!.Path;
        bool isTooEarly = IsPatient && !IsIntroduced && answer is ProbeAnswer.Response { Status: NotYet };
        return this with
        {
            _asked = _asked.Add(path),
            Found = _stages.Aggregate(Found, (known, stage) => stage.Hear(path, stage is InquiryStage.Identity ? answer : answer.WithoutToken(), known)),
            IsUnanswered = answer is not ProbeAnswer.Response || isTooEarly,
            IsTimeout = answer is ProbeAnswer.None { Why: var why } && why.Reason == ProbeFailure.Timeout.Reason,
        };
    }

    /// <summary>In the order in which they are asked. What is to be found out besides is one more here.</summary>
    private static ImmutableArray<InquiryStage> StagesOf(IdentityTarget target)
    {
        InquiryStage?[] stages =
        [
            target.Fingerprint is { } fingerprint ? new InquiryStage.Identity(fingerprint) : null,
            new InquiryStage.Consumer(target),
            new InquiryStage.SelfDescription(target),
        ];
        return [.. stages.OfType<InquiryStage>()];
    }

    private IEnumerable<InquiryRequest> Wants(InquiryStage stage) => stage.Wants(Found).Where(r => !_asked.Contains(r.Path));
}
