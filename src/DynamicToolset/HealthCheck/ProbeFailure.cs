namespace DynamicToolset.HealthCheck;

/// <summary>Why there was no answer.</summary>
public sealed record ProbeFailure
{
    private ProbeFailure(string reason) => Reason = reason;

    /// <summary>No complete answer in time: connecting, waiting or reading took too long.</summary>
    public static ProbeFailure Timeout { get; } = new("timeout");

    public static ProbeFailure Refused { get; } = new("refused");

    public static ProbeFailure NameNotResolved { get; } = new("dns");

    /// <summary>No handshake, or a certificate that the given CA does not vouch for.</summary>
    public static ProbeFailure TlsFailed { get; } = new("tls");

    /// <summary>Unreachable, or cut off.</summary>
    public static ProbeFailure ConnectionFailed { get; } = new("connection");

    /// <summary>An answer that is not HTTP, or whose headers exceed the limit.</summary>
    public static ProbeFailure InvalidResponse { get; } = new("response");

    /// <summary>One word for logs and metrics, out of a fixed set.</summary>
    public string Reason { get; }

    /// <summary>Why an address is never connected to; null where that is not what is wrong.</summary>
    public AddressDenial? Denial { get; private init; }

    /// <summary>Every address of the name is one that is never connected to.</summary>
    public static ProbeFailure Blocked(AddressDenial denial) => new("blocked") { Denial = denial };
}
