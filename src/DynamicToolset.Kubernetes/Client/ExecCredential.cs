using System.Buffers;
using System.Text.Json;

namespace DynamicToolset.Kubernetes.Client;

/// <summary>
/// What a credential plugin printed, https://kubernetes.io/docs/reference/config-api/client-authentication.v1/#client-authentication-k8s-io-v1-ExecCredential.
/// </summary>
/// <param name="Expires">Null where it is good until it is refused.</param>
internal sealed record ExecCredential(string ApiVersion, string? Token, string? CertificatePem, string? KeyPem, DateTimeOffset? Expires)
{
    /// <summary>Nothing of it: it is made of secrets.</summary>
    public override string ToString() => nameof(ExecCredential);

    /// <summary>Null where it is no ExecCredential.</summary>
    public static ExecCredential? Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            return KubeJson.Read(new ReadOnlySequence<byte>(json), KubeJson.Default.ExecCredentialAnswer) is { Kind: "ExecCredential" } answer
                ? Of(answer.ApiVersion ?? "", answer.Status)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ExecCredential Of(string version, ExecCredentialAnswer.Secrets? status) => new(
        version,
        NullIfEmpty(status?.Token),
        NullIfEmpty(status?.ClientCertificateData),
        NullIfEmpty(status?.ClientKeyData),
        status?.ExpirationTimestamp);

    private static string? NullIfEmpty(string? text) => text?.Length > 0 ? text : null;
}

internal sealed record ExecCredentialAnswer(string? Kind, string? ApiVersion, ExecCredentialAnswer.Secrets? Status)
{
    public override string ToString() => nameof(ExecCredentialAnswer);

    internal sealed record Secrets(string? Token, string? ClientCertificateData, string? ClientKeyData, DateTimeOffset? ExpirationTimestamp)
    {
        public override string ToString() => nameof(Secrets);
    }
}
