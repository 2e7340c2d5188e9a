namespace DynamicToolset.HealthCheck;

/// <summary>Why there was no answer.</summary>
public sealed record ProbeFailure
{
    private ProbeFailure(string reason, string sentence) => (Reason, Sentence) = (reason, sentence);

    /// <summary>No complete answer in time: connecting, waiting or reading took too long.</summary>
    public static ProbeFailure Timeout { get; } = new("timeout", "there was no complete answer in time");

    public static ProbeFailure Refused { get; } = new("refused", "the connection was refused");

    public static ProbeFailure NameNotResolved { get; } = new("dns", "its name did not resolve");

    /// <summary>No handshake, or a certificate that the given CA does not vouch for.</summary>
    public static ProbeFailure TlsFailed { get; } = new("tls", "the TLS handshake failed, or its certificate is not trusted");

    /// <summary>Unreachable, or cut off.</summary>
    public static ProbeFailure ConnectionFailed { get; } = new("connection", "it could not be reached, or the connection was closed");

    /// <summary>Connected to, and cut off before there was an answer. Who speaks TLS does so to plain HTTP, and so does who is about to end.</summary>
    public static ProbeFailure CutOff { get; } = new("connection", "the connection was closed before there was an answer") { IsCutOff = true };

    /// <summary>An answer that is not HTTP, or whose headers exceed the limit.</summary>
    public static ProbeFailure InvalidResponse { get; } = new("response", "the answer was not HTTP, or had too many headers") { IsCutOff = true };

    /// <summary>Of a check that somebody else made.</summary>
    /// <param name="reason">See <see cref="Reason"/>.</param>
    internal static ProbeFailure Of(string reason) =>
        new[] { Timeout, Refused, NameNotResolved, TlsFailed, ConnectionFailed, InvalidResponse }.FirstOrDefault(f => f.Reason == reason)
        ?? new ProbeFailure(reason, "it was not reached");

    /// <summary>
    /// What somebody has to do where the fault is on this side, a sentence without names of the cluster's; null where it is the backend's. It says
    /// nothing of the backend then: what is known of that stays.
    /// </summary>
    public string? Advice { get; private init; }

    /// <summary>One word for logs and metrics, out of a fixed set.</summary>
    public string Reason { get; }

    /// <summary>The same for a person: what came in place of an answer, in words of ours alone.</summary>
    public string Sentence { get; }

    /// <summary>Why an address is never connected to; null where that is not what is wrong.</summary>
    public AddressDenial? Denial { get; private init; }

    /// <summary>Something took the connection and gave no answer, as whoever speaks TLS does to plain HTTP.</summary>
    public bool IsCutOff { get; private init; }

    /// <summary>The API server, through which the check goes, does not let it through.</summary>
    /// <param name="isCutOff">It says that it got no answer itself.</param>
    public static ProbeFailure ApiServer(string advice, bool isCutOff = false) => new("apiserver", "the API server did not let it through") { Advice = advice, IsCutOff = isCutOff };

    /// <summary>The same as a fault of this side.</summary>
    public ProbeFailure OfOurs(string advice) => this with { Advice = advice };

    /// <summary>Every address of the name is one that is never connected to.</summary>
    public static ProbeFailure Blocked(AddressDenial denial) => new("blocked", $"its address is never connected to ({denial})") { Denial = denial };
}
