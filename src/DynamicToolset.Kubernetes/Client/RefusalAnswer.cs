using System.Buffers;
using System.Net.Http.Headers;
using DynamicToolset.Kubernetes.Serialization;

namespace DynamicToolset.Kubernetes.Client;

/// <summary>Reads what an answer other than a success says.</summary>
internal static class RefusalAnswer
{
    public static async Task<KubeStatus> ReadAsync(HttpResponseMessage response, DateTimeOffset now, CancellationToken cancellation)
    {
        int code = (int)response.StatusCode;
        KubeStatus status = await ReadBodyAsync(response, cancellation) ?? new KubeStatus(code, "", "", null, IsVersionTooLarge: false);
        return status with { Code = code, RetryAfter = Longer(status.RetryAfter, FromHeader(response.Headers.RetryAfter, now)) };
    }

    private static async Task<KubeStatus?> ReadBodyAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        int longest = (int)AnswerBounds.Refusal.Most;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(longest);
        try
        {
            await using Stream body = await response.Content.ReadAsStreamAsync(cancellation);
            int length = await body.ReadAtLeastAsync(buffer.AsMemory(0, longest), longest, throwOnEndOfStream: false, cancellation);
            return KubeStatus.Parse(new ReadOnlySequence<byte>(buffer, 0, length));
        }
        catch (IOException)
        {
            // The status code has been received and says enough.
            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // RFC 9110, section 10.2.3: seconds, or a date.
    private static TimeSpan? FromHeader(RetryConditionHeaderValue? header, DateTimeOffset now) => header switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when date > now => date - now,
        _ => null,
    };

    private static TimeSpan? Longer(TimeSpan? one, TimeSpan? other)
    {
        TimeSpan longer = (one ?? TimeSpan.Zero) > (other ?? TimeSpan.Zero) ? one!.Value : other ?? TimeSpan.Zero;
        return longer > TimeSpan.Zero ? longer : null;
    }
}
