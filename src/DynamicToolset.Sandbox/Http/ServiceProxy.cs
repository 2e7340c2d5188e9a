using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Sandbox.Json;
using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Sandbox.Storage;
using Microsoft.AspNetCore.Http;

namespace DynamicToolset.Sandbox.Http;

/// <summary>
/// GET requests to what stands behind a Service: <c>services/NAME/proxy/PATH</c>. Status, content type, redirect and body of the answer are
/// passed on; unlike kube-apiserver it leaves the links in HTML as they are.
/// </summary>
internal sealed class ServiceProxy(KubeStore store, ApiServerOptions options)
{
    private const int LargestAnswer = 16 * 1024 * 1024;

    /// <summary>That of every request to kube-apiserver.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Null where the path is for something else.</summary>
    public Task? Answer(ApiRequest request) =>
        request.Path is { Group: "", Version: "v1", Plural: "services", Subresource: "proxy", Namespace.Length: > 0 } path
            ? AnswerAsync(request.Context, path)
            : null;

    private async Task AnswerAsync(HttpContext context, ResourcePath path)
    {
        if (!HttpMethods.IsGet(context.Request.Method))
            throw KubeStatusException.NotSimulated($"{context.Request.Method} of services/proxy");

        ProxiedService wanted = ProxiedService.Parse(path.Name) ?? throw KubeStatusException.BadRequest($"invalid service request \"{path.Name}\"");
        (IPEndPoint backend, string host) = Find(wanted, path);
        string prefix = $"/api/v1/namespaces/{path.Namespace}/services/{path.Name}/proxy";
        string rest = new PathString((context.Request.Path.Value ?? "")[prefix.Length..]).ToUriComponent();
        if (rest.Length == 0)
        {
            // Relative links in the page that comes would lead astray.
            context.Response.StatusCode = StatusCodes.Status301MovedPermanently;
            context.Response.Headers.Location = $"{prefix}/{context.Request.QueryString}";
            return;
        }

        await PassOnAsync(context, new Uri($"{wanted.Scheme}://{backend}{rest}{context.Request.QueryString}"), host, prefix);
    }

    private (IPEndPoint Backend, string Host) Find(ProxiedService wanted, ResourcePath path)
    {
        var key = new ObjectKey(path.Namespace, wanted.Name);
        JsonObject service = store.Get(KubeResource.Services, key) ?? throw KubeStatusException.NotFound(KubeResource.Services, wanted.Name);
        long? number = PortOf(service, wanted);
        if (number is null && IsNumber(wanted.Port))
            throw KubeStatusException.Unavailable($"no service port {wanted.Port} found for service \"{wanted.Name}\"");

        IPEndPoint? backend = number is null ? null : options.FindBackend?.Invoke(key, (int)number);
        return backend is null
            ? throw KubeStatusException.Unavailable($"no endpoints available for service \"{(number is null ? path.Name : wanted.Name)}\"")
            : (backend, string.Create(CultureInfo.InvariantCulture, $"{wanted.Name}.{path.Namespace}.svc:{number}"));
    }

    private static long? PortOf(JsonObject service, ProxiedService wanted) => service.Child("spec").Items("ports")
        .FirstOrDefault(port => IsNumber(wanted.Port) ? $"{port.Number("port")}" == wanted.Port : (port.Text("name") ?? "") == wanted.Port)
        .Number("port");

    private static bool IsNumber(string port) => port.Length > 0 && port.All(char.IsAsciiDigit);

    /// <param name="host">By which a server that stands for many Services knows which is meant; kube-apiserver sends its own.</param>
    private async Task PassOnAsync(HttpContext context, Uri url, string host, string prefix)
    {
        using var timeout = new CancellationTokenSource(Patience, options.Time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, context.RequestAborted);
        // One for each request: what stands behind a Service may be another the next time.
        using var client = new HttpClient(CreateHandler()) { MaxResponseContentBufferSize = LargestAnswer, Timeout = Timeout.InfiniteTimeSpan };
        using var request = new HttpRequestMessage(HttpMethod.Get, url) { Headers = { Host = host } };
        request.Headers.TryAddWithoutValidation("Accept", (IEnumerable<string?>)context.Request.Headers.Accept);
        try
        {
            using HttpResponseMessage response = await client.SendAsync(request, end.Token);
            await AnswerWithAsync(context, response, url, prefix);
        }
        catch (HttpRequestException error)
        {
            throw KubeStatusException.Unavailable($"error trying to reach service: {error.Message}");
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            throw new KubeStatusException(504, "Timeout", "Timeout: request did not complete within the allotted timeout");
        }
    }

    private static SocketsHttpHandler CreateHandler() => new()
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
#pragma warning disable CA5359 // As kube-apiserver does: a Pod has no certificate that anybody here could judge.
        SslOptions = { RemoteCertificateValidationCallback = static (_, _, _, _) => true },
#pragma warning restore CA5359
    };

    private static async Task AnswerWithAsync(HttpContext context, HttpResponseMessage response, Uri url, string prefix)
    {
        byte[] body = await response.Content.ReadAsByteArrayAsync(context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        context.Response.ContentType = response.Content.Headers.ContentType?.ToString();
        if (response.Headers.Location is { } location)
            context.Response.Headers.Location = ThroughHere(location, url, prefix);

        if (body.Length > 0)
        {
            context.Response.ContentLength = body.Length;
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
        }
    }

    /// <summary>A redirect to the same server leads through here again; one elsewhere, or from where it stands, is left as it is.</summary>
    private static string ThroughHere(Uri location, Uri url, string prefix)
    {
        string text = location.OriginalString;
        // A path alone is an absolute URL of a file where paths begin with a slash.
        if (text.StartsWith('/') && !text.StartsWith("//", StringComparison.Ordinal))
            return prefix + text;

        return location.IsAbsoluteUri && location.Authority == url.Authority ? prefix + location.PathAndQuery + location.Fragment : text;
    }
}

/// <summary>
/// The Service that a request is passed on to, <c>[SCHEME:]NAME[:PORT]</c>, see
/// https://kubernetes.io/docs/tasks/access-application-cluster/access-cluster-services/#manually-constructing-apiserver-proxy-urls.
/// </summary>
/// <param name="Scheme">http or https.</param>
/// <param name="Port">A number, a name, or empty for the port without a name.</param>
internal sealed record ProxiedService(string Scheme, string Name, string Port)
{
    /// <summary>Null for a text of another form.</summary>
    public static ProxiedService? Parse(string text) => text.Split(':') switch
    {
        [{ Length: > 0 } name] => new ProxiedService("http", name, ""),
        [{ Length: > 0 } name, var port] => new ProxiedService("http", name, port),
        ["" or "http", { Length: > 0 } name, var port] => new ProxiedService("http", name, port),
        ["https", { Length: > 0 } name, var port] => new ProxiedService("https", name, port),
        _ => null,
    };
}
