using System.Buffers;
using System.Text.Json;
using DynamicToolset.Messages;

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
            return KubeJson.Read(json, KubeJson.Default.StatusAnswer) is { Kind: "Status" } answer ? Of(answer) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static KubeStatus Of(StatusAnswer answer) => new(
        answer.Code,
        QuotedText.OnOneLine(answer.Reason ?? "", LongestMessage),
        QuotedText.OnOneLine(answer.Message ?? "", LongestMessage),
        answer.Details?.RetryAfterSeconds is > 0 and int seconds ? TimeSpan.FromSeconds(seconds) : null,
        answer.Details?.Causes?.Any(cause => cause?.Reason == VersionTooLarge) == true);
}

internal sealed record StatusAnswer(string? Kind, int Code, string? Reason, string? Message, StatusAnswer.More? Details)
{
    internal sealed record More(int RetryAfterSeconds, Cause?[]? Causes);

    internal sealed record Cause(string? Reason);
}
