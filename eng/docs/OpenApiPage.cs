using DynamicToolset.Service.Api;
using DynamicToolset.Service.Discoveries;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace DynamicToolset.Docs;

/// <summary>
/// <c>openapi.json</c>, which the service serves as <c>/openapi/v1.json</c>. It is made of the routes here and not there: what makes it would take four
/// MiB of the service's memory, be it asked for or not.
/// </summary>
internal static class OpenApiPage
{
    private const string Document = "v1";

    public static string Render()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRoutingCore();
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default));
        builder.Services.AddOpenApi(Document, ApiDescription.Configure);
        foreach (Type needed in (Type[])[typeof(ApiViews), typeof(StatusReader), typeof(DiscoveryJobs), typeof(LeaderLink)])
            builder.Services.AddSingleton(needed, _ => throw new InvalidOperationException("nobody asks"));
        WebApplication http = builder.Build();
        http.MapRestApi();
        // Routing is told of the endpoints where requests would be.
        ((IApplicationBuilder)http).UseRouting().UseEndpoints(_ => { });
        OpenApiDocument document = http.Services.GetRequiredKeyedService<IOpenApiDocumentProvider>(Document).GetOpenApiDocumentAsync().GetAwaiter().GetResult();
        return document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1).GetAwaiter().GetResult().ReplaceLineEndings("\n") + "\n";
    }
}
