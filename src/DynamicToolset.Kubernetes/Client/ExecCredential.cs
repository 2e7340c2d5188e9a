using System.Text.Json;
using DynamicToolset.Kubernetes.Serialization;

namespace DynamicToolset.Kubernetes.Client;

/// <summary>
/// What a credential plugin printed, https://kubernetes.io/docs/reference/config-api/client-authentication.v1/#client-authentication-k8s-io-v1-ExecCredential.
/// </summary>
/// <param name="Expires">Null where it is good until it is refused.</param>
internal sealed record ExecCredential(string ApiVersion, string? Token, string? CertificatePem, string? KeyPem, DateTimeOffset? Expires)
{
    /// <summary>Nothing of it: it is made of secrets.</summary>
    public override string ToString() => nameof(ExecCredential);

    /// <summary>Null where it is no ExecCredential with a status.</summary>
    public static ExecCredential? Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject ? Read(ref reader) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ExecCredential? Read(ref Utf8JsonReader reader)
    {
        string kind = "", version = "";
        var credential = new ExecCredential("", null, null, null, null);
        while (JsonObjects.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("kind"u8))
                kind = JsonObjects.Text(ref reader);
            else if (reader.ValueTextEquals("apiVersion"u8))
                version = JsonObjects.Text(ref reader);
            else if (!reader.ValueTextEquals("status"u8))
                JsonObjects.SkipValue(ref reader);
            else if (JsonObjects.Enter(ref reader, JsonTokenType.StartObject))
                credential = ReadStatus(ref reader);
        }

        return kind == "ExecCredential" ? credential with { ApiVersion = version } : null;
    }

    private static ExecCredential ReadStatus(ref Utf8JsonReader reader)
    {
        string token = "", certificate = "", key = "";
        DateTimeOffset? expires = null;
        while (JsonObjects.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("token"u8))
                token = JsonObjects.Text(ref reader);
            else if (reader.ValueTextEquals("clientCertificateData"u8))
                certificate = JsonObjects.Text(ref reader);
            else if (reader.ValueTextEquals("clientKeyData"u8))
                key = JsonObjects.Text(ref reader);
            else if (!reader.ValueTextEquals("expirationTimestamp"u8))
                JsonObjects.SkipValue(ref reader);
            else if (JsonObjects.Enter(ref reader, JsonTokenType.String) && reader.TryGetDateTimeOffset(out DateTimeOffset time))
                expires = time;
        }

        return new ExecCredential("", NullIfEmpty(token), NullIfEmpty(certificate), NullIfEmpty(key), expires);
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
