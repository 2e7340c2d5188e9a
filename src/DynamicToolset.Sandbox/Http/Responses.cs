using System.Text;
using System.Text.Json.Nodes;
using DynamicToolset.Sandbox.Json;
using DynamicToolset.Sandbox.Resources;
using Microsoft.AspNetCore.Http;

namespace DynamicToolset.Sandbox.Http;

/// <summary>Writes whole answers.</summary>
internal static class Responses
{
    public const string Json = "application/json";

    public static Task WriteJsonAsync(HttpContext context, JsonNode value, int status = StatusCodes.Status200OK) =>
        WriteAsync(context, JsonText.Write(value), Json, status);

    public static Task WriteStatusAsync(HttpContext context, KubeStatusException error) =>
        WriteJsonAsync(context, error.ToStatus(), error.Code);

    public static Task WriteTextAsync(HttpContext context, string text) =>
        WriteAsync(context, Encoding.UTF8.GetBytes(text), "text/plain; charset=utf-8", StatusCodes.Status200OK);

    public static async Task WriteAsync(HttpContext context, ReadOnlyMemory<byte> body, string contentType, int status)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }
}
