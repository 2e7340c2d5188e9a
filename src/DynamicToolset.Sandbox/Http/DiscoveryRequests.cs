using DynamicToolset.Sandbox.Discovery;
using DynamicToolset.Sandbox.Resources;
using Microsoft.AspNetCore.Http;

namespace DynamicToolset.Sandbox.Http;

/// <summary>The paths by which clients learn what there is.</summary>
internal static class DiscoveryRequests
{
    /// <summary>As kube-apiserver answers: clients cannot parse the type that they ask for.</summary>
    private const string OpenApiProtobufType = "application/octet-stream";

    public static Task AnswerAsync(HttpContext context)
    {
        string path = context.Request.Path.Value ?? "";
        if (context.Request.Method != "GET")
            throw KubeStatusException.MethodNotAllowed();

        return path.TrimEnd('/') switch
        {
            "/version" => Responses.WriteJsonAsync(context, DiscoveryDocuments.Version()),
            "/api" => Responses.WriteJsonAsync(context, DiscoveryDocuments.CoreVersions(context.Request.Host.Value ?? "")),
            "/apis" => Responses.WriteJsonAsync(context, DiscoveryDocuments.Groups()),
            "/api/v1" => Responses.WriteJsonAsync(context, DiscoveryDocuments.Resources("")),
            "/openapi/v2" => OpenApiAsync(context),
            // Clients fall back to version 2.
            "/openapi/v3" => throw KubeStatusException.NoSuchPath(),
            _ => GroupAsync(context, path),
        };
    }

    private static Task GroupAsync(HttpContext context, string path) => path.Trim('/').Split('/') switch
    {
        ["apis", var group] when DiscoveryDocuments.HasGroup(group) => Responses.WriteJsonAsync(context, DiscoveryDocuments.Group(group)),
        ["apis", var group, "v1"] when DiscoveryDocuments.HasGroup(group) => Responses.WriteJsonAsync(context, DiscoveryDocuments.Resources(group)),
        _ => throw KubeStatusException.NotSimulated(path),
    };

    private static Task OpenApiAsync(HttpContext context)
    {
        bool wantsProtobuf = context.Request.Headers.Accept.ToString().Contains("proto-openapi.spec.v2", StringComparison.Ordinal);
        return wantsProtobuf
            ? Responses.WriteAsync(context, OpenApiProtobuf.Encode(OpenApiDocument.Create()), OpenApiProtobufType, StatusCodes.Status200OK)
            : Responses.WriteJsonAsync(context, OpenApiDocument.Create());
    }
}
