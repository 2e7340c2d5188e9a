using DynamicToolset.Service.Access;
using DynamicToolset.Service.Observability;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace DynamicToolset.Docs;

/// <summary>What the description of the API says beside what the routes say of themselves.</summary>
internal static class ApiDescription
{
    private const string Token = "token";

    /// <summary>Those whose texts are read as what they are described as, so that a wrong one is refused in our words.</summary>
    private static readonly string[] Flags = ["enabled", "healthy"];

    public static void Configure(OpenApiOptions options)
    {
        options.CreateSchemaReferenceId = type => OpenApiOptions.CreateDefaultSchemaReferenceId(type) is { } name
            ? name.EndsWith("Document", StringComparison.Ordinal) ? name[..^"Document".Length] : name
            : null;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Dynamic Toolset Service",
                Version = BuildInfo.Current.Version,
                Description = "The backends that were detected in the cluster, their health, and their toolsets for HolmesGPT.",
            };
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                [Token] = new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.Http,
                    Scheme = "bearer",
                    Description = "A token that the Kubernetes API accepts, as from kubectl create token.",
                },
            };
            document.Servers = [];
            DescribeProblem(document);
            // HEAD is answered wherever GET is; described, it would be a second operation of the same name.
            foreach (IOpenApiPathItem path in document.Paths.Values)
                path.Operations?.Remove(HttpMethod.Head);
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            if (context.Description.ActionDescriptor.EndpointMetadata.OfType<RequiredRight>().FirstOrDefault() is not { } right)
                return Task.CompletedTask;
            foreach (OpenApiParameter flag in (operation.Parameters ?? []).OfType<OpenApiParameter>().Where(p => Flags.Contains(p.Name)))
                flag.Schema = new OpenApiSchema { Type = JsonSchemaType.Boolean };
            operation.Description = $"Needs the permission to {right.Verb} {right.Resource}.{RequiredRight.Group}. {operation.Description}".TrimEnd();
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Token, context.Document)] = [] }];
            return Task.CompletedTask;
        });
    }

    /// <summary>What the framework does not know that we add to each problem.</summary>
    private static void DescribeProblem(OpenApiDocument document)
    {
        if (document.Components?.Schemas?["ProblemDetails"] is not OpenApiSchema { Properties: { } properties })
            return;
        properties["code"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "For programs, such as invalidParameter." };
        properties["correlationId"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "The answer's X-Correlation-ID." };
        properties["timestamp"] = new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" };
    }
}
