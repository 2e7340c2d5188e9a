using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DynamicToolset.Service.Api;

/// <summary>The description of the API, made of its routes when the program is built: <c>docs/openapi.json</c>. Open to everybody.</summary>
internal static class OpenApiFile
{
    public const string Path = "/openapi/v1.json";

    private const string Name = "docs/openapi.json";

    public static void MapOpenApiFile(this IEndpointRouteBuilder routes) =>
        routes.MapMethods(Path, [HttpMethods.Get, HttpMethods.Head], () => Results.Stream(Open(), "application/json")).ExcludeFromDescription();

    private static Stream Open() => Assembly.GetExecutingAssembly().GetManifestResourceStream(Name)
        ?? throw new InvalidOperationException($"{Name} is not embedded.");
}
