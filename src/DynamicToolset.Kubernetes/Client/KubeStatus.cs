using System.Buffers;
using System.Text;
using System.Text.Json;
using DynamicToolset.Kubernetes.Serialization;

namespace DynamicToolset.Kubernetes.Client;

/// <summary>
/// What is used of a <c>Status</c>, the API server's own form of an error:
/// https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/.
/// </summary>
internal sealed record KubeStatus(int Code, string Reason, string Message, TimeSpan? RetryAfter, bool IsVersionTooLarge)
{
    private const int LongestMessage = 400;
    private const string VersionTooLarge = "ResourceVersionTooLarge";

    /// <summary>
    /// Null where the bytes are not a Status: what a proxy or another server says is never repeated, since nothing is known of it.
    /// </summary>
    public static KubeStatus? Parse(in ReadOnlySequence<byte> json)
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

    private static KubeStatus? Read(ref Utf8JsonReader reader)
    {
        int code = 0;
        string kind = "", reason = "", message = "";
        Details details = default;
        while (JsonObjects.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("kind"u8))
                kind = JsonObjects.Text(ref reader);
            else if (reader.ValueTextEquals("code"u8))
                code = JsonObjects.Number(ref reader);
            else if (reader.ValueTextEquals("reason"u8))
                reason = JsonObjects.Text(ref reader);
            else if (reader.ValueTextEquals("message"u8))
                message = JsonObjects.Text(ref reader);
            else if (reader.ValueTextEquals("details"u8))
                details = ReadDetails(ref reader);
            else
                JsonObjects.SkipValue(ref reader);
        }

        if (kind != "Status")
            return null;
        TimeSpan? retryAfter = details.RetryAfterSeconds > 0 ? TimeSpan.FromSeconds(details.RetryAfterSeconds) : null;
        return new KubeStatus(code, Printable(reason), Printable(message), retryAfter, details.VersionTooLarge);
    }

    private static Details ReadDetails(ref Utf8JsonReader reader)
    {
        Details details = default;
        if (!JsonObjects.Enter(ref reader, JsonTokenType.StartObject))
            return details;
        while (JsonObjects.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("retryAfterSeconds"u8))
                details.RetryAfterSeconds = JsonObjects.Number(ref reader);
            else if (reader.ValueTextEquals("causes"u8))
                details.VersionTooLarge = ReadCauses(ref reader);
            else
                JsonObjects.SkipValue(ref reader);
        }

        return details;
    }

    private static bool ReadCauses(ref Utf8JsonReader reader)
    {
        bool tooLarge = false;
        if (!JsonObjects.Enter(ref reader, JsonTokenType.StartArray))
            return false;
        int depth = reader.CurrentDepth;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType == JsonTokenType.String && JsonObjects.Characters(ref reader) == VersionTooLarge)
                tooLarge = true;
        }

        return tooLarge;
    }

    // The text ends up in logs and on terminals: one line, of bounded length.
    private static string Printable(string text)
    {
        var line = new StringBuilder(Math.Min(text.Length, LongestMessage));
        foreach (char c in text)
        {
            if (line.Length == LongestMessage)
                return line.Append('…').ToString();
            line.Append(char.IsControl(c) ? ' ' : c);
        }

        return line.ToString();
    }

    private struct Details
    {
        public int RetryAfterSeconds;
        public bool VersionTooLarge;
    }
}
