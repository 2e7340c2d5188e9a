namespace DynamicToolset.Kubernetes.Config;

/// <summary>How the two ends of the connection prove who they are.</summary>
public sealed record KubeTls
{
    /// <summary>The only roots that are trusted; null trusts those of the system.</summary>
    public PemSource? CertificateAuthority { get; init; }

    /// <summary><c>insecure-skip-tls-verify</c>: anybody may answer in the API server's place.</summary>
    public bool SkipVerification { get; init; }

    /// <summary>
    /// <c>tls-server-name</c>: the name that the certificate must carry; null means the host of the URL. It is also sent as the host
    /// of the request, since the one follows from the other here.
    /// </summary>
    public string? ServerName { get; init; }

    public PemSource? ClientCertificate { get; init; }

    public PemSource? ClientKey { get; init; }
}
