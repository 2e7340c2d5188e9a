using System.Collections.Immutable;
using System.Text.Json;
using DynamicToolset.Cluster;
using DynamicToolset.Messages;
using DynamicToolset.Service.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace DynamicToolset.Service.Api;

/// <summary>
/// The body of a request for a discovery. Like a parameter, a member that is not known or not allowed is refused with what is: one that is
/// misspelt and passed over would ask for something else.
/// </summary>
internal static class DiscoveryBody
{
    private const int Most = 100;
    private const string Members = "known fields are namespaces, serviceTypes and force";
    private const string Namespaces = "allowed is one list of at most 100 names of namespaces, each at most 63 of a-z, 0-9 and -, "
        + "which begins and ends with a letter or digit";

    private const string Force = "allowed is true or false, once";

    private static readonly DiscoveryRequest Empty = new();

    /// <param name="types">Those that there are.</param>
    /// <returns>The request, or what is wrong with it.</returns>
    public static async Task<(DiscoveryRequest? Request, IResult? Problem)> ReadAsync(HttpContext http, ImmutableArray<string> types)
    {
        if (http.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true })
            return (Empty, null);
        if (!IsJson(http.Request.ContentType))
            return (null, ProblemAnswer.Of(StatusCodes.Status415UnsupportedMediaType, "unsupportedMediaType", "a body must be application/json"));
        try
        {
            byte[] json = await ReadAllAsync(http.Request, http.RequestAborted);
            DiscoveryRequest? request = json.Length == 0 ? Empty : JsonSerializer.Deserialize(json, ApiJson.Default.DiscoveryRequest);
            return request is null ? (null, Refusal("the body", $"it must be an object; {Members}")) : (request, ProblemOf(request, types));
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return (null, ProblemAnswer.Of(e.StatusCode, "bodyTooLarge", $"a body may have {HttpServer.MostBodyBytes} bytes"));
        }
        catch (JsonException e)
        {
            return (null, Refusal(e, types));
        }
    }

    private static bool IsJson(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out MediaTypeHeaderValue? type)
        && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
        && (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase));

    private static async Task<byte[]> ReadAllAsync(HttpRequest request, CancellationToken stop)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, stop);
        return body.ToArray();
    }

    private static IResult? ProblemOf(DiscoveryRequest request, ImmutableArray<string> types)
    {
        if (request.Namespaces is { } namespaces && (namespaces.Length > Most || !namespaces.All(ns => ns is not null && DnsName.IsLabel(ns))))
            return Refusal("member namespaces", Namespaces);
        if (request.ServiceTypes is { } wanted && (wanted.Length > Most || !wanted.All(type => types.Contains(type))))
            return Refusal("member serviceTypes", TypesAllowed(types));
        return null;
    }

    /// <summary>Without the value, which may be anything: who asked knows it.</summary>
    private static IResult Refusal(JsonException e, ImmutableArray<string> types) => MemberOf(e.Path) switch
    {
        // The JSON reader finds invalid JSON; whoever reads the values finds a wrong type.
        _ when e.InnerException is JsonException =>
            Refusal("the body", $"it is not JSON, at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}"),
        null => Refusal("the body", $"it must be an object; {Members}"),
        "namespaces" => Refusal("member namespaces", Namespaces),
        "serviceTypes" => Refusal("member serviceTypes", TypesAllowed(types)),
        "force" => Refusal("member force", Force),
        var other => Refusal($"member {QuotedText.OrPlainUpTo(63, other)}", Members),
    };

    private static string TypesAllowed(ImmutableArray<string> types) => $"allowed is one list of {string.Join(", ", types)}";

    /// <summary>Of a path such as <c>$.namespaces[0]</c> or <c>$['a.b']</c>; null for the whole.</summary>
    private static string? MemberOf(string? path) => path switch
    {
        null or "$" => null,
        _ when path.StartsWith("$['", StringComparison.Ordinal) => path[3..].Split("']")[0],
        _ => path[2..].Split('.', '[')[0],
    };

    private static IResult Refusal(string what, string allowed) =>
        ProblemAnswer.Of(StatusCodes.Status400BadRequest, "invalidBody", $"{what}: {allowed}");
}
