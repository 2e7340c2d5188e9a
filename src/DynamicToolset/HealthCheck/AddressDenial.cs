namespace DynamicToolset.HealthCheck;

/// <summary>Why an address is never connected to.</summary>
public enum AddressDenial
{
    /// <summary><c>0.0.0.0/8</c> and <c>::</c>, which many systems take for themselves (RFC 1122, RFC 4291).</summary>
    Unspecified,

    /// <summary><c>127.0.0.0/8</c> and <c>::1</c>: whatever listens beside us in the pod or on the node.</summary>
    Loopback,

    /// <summary><c>169.254.0.0/16</c> and <c>fe80::/10</c> (RFC 3927, RFC 4291).</summary>
    LinkLocal,

    /// <summary><c>224.0.0.0/4</c> and <c>ff00::/8</c>.</summary>
    Multicast,

    /// <summary><c>255.255.255.255</c>.</summary>
    Broadcast,

    /// <summary>A cloud's metadata service, which hands out credentials to whoever asks.</summary>
    Metadata,

    /// <summary>The API server in use, by address and port.</summary>
    ApiServer,
}
