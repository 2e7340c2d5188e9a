using System.Collections.Immutable;
using System.Net;

namespace DynamicToolset.Service.Probing;

/// <summary>Where a request may go, and how.</summary>
public sealed record HttpProberOptions
{
    /// <summary>
    /// True outside of the cluster, where names of Services do not resolve and their addresses lead elsewhere: a backend that is not reached may be well.
    /// </summary>
    public bool IsOutside { get; init; }

    /// <summary>Networks that may be connected to although the deny list names them.</summary>
    public ImmutableArray<IPNetwork> AllowedNetworks { get; init; } = [];

    /// <summary>The API server in use: never connected to.</summary>
    public ApiServerAddresses ApiServer { get; init; } = ApiServerAddresses.None;

    /// <summary>The roots that https backends are verified with; null: their certificates are not verified.</summary>
    public CertificateAuthorities? Authorities { get; init; }

    /// <summary>For backends that want one; shown to none whose certificate is not verified.</summary>
    public TokenFiles Tokens { get; init; } = TokenFiles.None;

    /// <summary>
    /// Where to find a host and port without asking the DNS, as curl's <c>--resolve</c>; null for "ask". What it answers is
    /// judged like any other address.
    /// </summary>
    public Func<string, int, IPEndPoint?> Resolve { get; init; } = static (_, _) => null;
}
