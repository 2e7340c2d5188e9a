using DynamicToolset.Service.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace DynamicToolset.Service.Page;

/// <summary>One file of the page, as a browser gets it.</summary>
internal sealed class PageFile : IResult
{
    /// <summary>
    /// Names in the cluster are chosen by its tenants: should one ever become markup, it runs nothing, loads nothing and leads nowhere
    /// (https://www.w3.org/TR/CSP3/).
    /// </summary>
    private const string SecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private readonly byte[] _content;
    private readonly string _contentType;
    private readonly EntityTagHeaderValue _tag;

    private PageFile(byte[] content, string contentType, EntityTagHeaderValue tag) => (_content, _contentType, _tag) = (content, contentType, tag);

    public static PageFile Of(byte[] content, string contentType) => new(content, contentType, ContentTag.Of([content], isWeak: false));

    public async Task ExecuteAsync(HttpContext http)
    {
        HttpResponse response = http.Response;
        response.Headers.ETag = _tag.ToString();
        // The browser may cache it, but must revalidate it each time: after an upgrade the three files belong together.
        response.Headers.CacheControl = "no-cache";
        response.Headers.ContentSecurityPolicy = SecurityPolicy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
        response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (ContentTag.IsKnown(http.Request, _tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = _contentType;
        response.ContentLength = _content.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
            await response.Body.WriteAsync(_content, http.RequestAborted);
    }
}
