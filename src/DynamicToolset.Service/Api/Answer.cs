using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using DynamicToolset.Service.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Net.Http.Headers;

namespace DynamicToolset.Service.Api;

/// <summary>A JSON answer, serialized once and sent as often as requested.</summary>
internal sealed class Answer : IResult
{
    private readonly PiecewiseBuffer _body;
    private readonly EntityTagHeaderValue _tag;

    private Answer(PiecewiseBuffer body, EntityTagHeaderValue tag) => (_body, _tag) = (body, tag);

    /// <param name="content">
    /// The same without its moments: what the tag is made of. So it is the same on every replica, and weak (RFC 9110, section 8.8.1): two answers of
    /// one tag may differ in when something was looked at last.
    /// </param>
    public static Answer Of<T>(T answer, T content, JsonTypeInfo<T> type) => new(Write(answer, type), TagOf(Write(content, type)));

    /// <summary>Without times of checks, or with them in its tag, which then differs from replica to replica.</summary>
    public static Answer Of<T>(T answer, JsonTypeInfo<T> type)
    {
        PiecewiseBuffer body = Write(answer, type);
        return new Answer(body, TagOf(body));
    }

    public async Task ExecuteAsync(HttpContext http)
    {
        HttpResponse response = http.Response;
        response.Headers.ETag = _tag.ToString();
        // The caller may cache it, proxies may not, and it must be revalidated each time.
        response.Headers.CacheControl = "private, no-cache";
        response.Headers.XContentTypeOptions = "nosniff";
        if (ContentTag.IsKnown(http.Request, _tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = "application/json";
        response.ContentLength = _body.Length;
        if (HttpMethods.IsHead(http.Request.Method))
            return;
        // It is there; how long the way takes is bounded by the server, which wants so many bytes a second to be taken.
        http.Features.Get<IHttpRequestTimeoutFeature>()?.DisableTimeout();
        foreach (ReadOnlyMemory<byte> piece in _body.Pieces)
            await response.Body.WriteAsync(piece, http.RequestAborted);
    }

    private static PiecewiseBuffer Write<T>(T value, JsonTypeInfo<T> type)
    {
        var buffer = new PiecewiseBuffer();
        using var json = new Utf8JsonWriter((IBufferWriter<byte>)buffer);
        JsonSerializer.Serialize(json, value, type);
        return buffer;
    }

    private static EntityTagHeaderValue TagOf(PiecewiseBuffer content) => ContentTag.Of(content.Pieces, isWeak: true);
}
