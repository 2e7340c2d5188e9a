using System.Net.Http.Headers;

namespace DynamicToolset.Kubernetes.Client;

/// <summary>What is presented to the API server now: a header, a client certificate, both or none.</summary>
internal sealed record Credential(AuthenticationHeaderValue? Header, string? CertificatePem, string? KeyPem)
{
    /// <summary>Nothing of it: it is made of secrets.</summary>
    public override string ToString() => nameof(Credential);
}
