using System.Text.Json;
using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Sandbox.Access;
using DynamicToolset.Sandbox.Json;
using DynamicToolset.Sandbox.Output;
using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Sandbox.Schema;
using DynamicToolset.Sandbox.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace DynamicToolset.Sandbox.Http;

/// <summary>The verbs on resources.</summary>
internal sealed class ResourceRequests(KubeStore store, KubeSimOptions options)
{
    private static readonly string[] PropagationPolicies = ["Foreground", "Background", "Orphan"];
    private readonly RoleAuthorizer _authorizer = new(store);
    private readonly WatchRequests _watches = new(store, options);

    /// <summary>The verb as RBAC names it.</summary>
    public static string VerbOf(HttpRequest request, ResourcePath path) => request.Method switch
    {
        "GET" when path.Name.Length == 0 && new RequestQuery(request).IsWatch => "watch",
        "GET" => path.Name.Length > 0 ? "get" : "list",
        "POST" => "create",
        "PUT" => "update",
        "PATCH" => "patch",
        "DELETE" => path.Name.Length > 0 ? "delete" : "deletecollection",
        _ => request.Method.ToLowerInvariant(),
    };

    public Task AnswerAsync(HttpContext context, KubeResource resource, ResourcePath path)
    {
        string verb = VerbOf(context.Request, path);
        bool fits = verb switch
        {
            "create" => path.Name.Length == 0 && (path.Namespace.Length > 0 || !resource.IsNamespaced),
            "update" or "patch" => path.Name.Length > 0,
            "deletecollection" => resource.IsNamespaced == path.Namespace.Length > 0 && resource != KubeResource.Namespaces,
            _ => true,
        };
        if (!fits)
        {
            throw KubeStatusException.MethodNotAllowed();
        }

        return verb switch
        {
            "get" => GetAsync(context, resource, path),
            "list" => ListAsync(context, resource, path),
            "watch" => _watches.AnswerAsync(context, resource, path),
            "create" => CreateAsync(context, resource, path),
            "update" => UpdateAsync(context, resource, path),
            "patch" => PatchAsync(context, resource, path),
            "delete" => DeleteAsync(context, resource, path),
            "deletecollection" => DeleteCollectionAsync(context, resource, path),
            _ => throw KubeStatusException.MethodNotAllowed(),
        };
    }

    private Task GetAsync(HttpContext context, KubeResource resource, ResourcePath path)
    {
        long? version = new RequestQuery(context.Request).Version;
        if (version > store.Version)
        {
            throw KubeStatusException.VersionTooLarge(version.Value, store.Version);
        }

        StoredObject value = store.Find(resource, KeyOf(path)) ?? throw KubeStatusException.NotFound(resource, path.Name);
        return WriteObjectAsync(context, resource, value.Read(), StatusCodes.Status200OK);
    }

    private Task ListAsync(HttpContext context, KubeResource resource, ResourcePath path)
    {
        var query = new RequestQuery(context.Request);
        AcceptedFormat format = Accept.Parse(context.Request.Headers.Accept);
        ObjectPage page = store.List(resource, query.List(resource, path));
        return WriteListAsync(context, resource, page, format, query);
    }

    private async Task CreateAsync(HttpContext context, KubeResource resource, ResourcePath path)
    {
        WriteOptions write = new RequestQuery(context.Request).Write("CreateOptions");
        RequestBody body = await ReadBodyAsync(context);
        JsonObject created = store.Create(resource, path.Namespace, body.ReadObject(resource.Kind, resource.Schema), write);
        AddWarnings(context, write);
        await WriteObjectAsync(context, resource, created, StatusCodes.Status201Created);
    }

    private async Task UpdateAsync(HttpContext context, KubeResource resource, ResourcePath path)
    {
        WriteOptions write = new RequestQuery(context.Request).Write("UpdateOptions");
        RequestBody body = await ReadBodyAsync(context);
        if (resource.Rules.CreatesOnUpdate)
        {
            DemandCreation(context, resource, path);
        }

        (JsonObject value, bool created) = store.Replace(resource, KeyOf(path), body.ReadObject(resource.Kind, resource.Schema), write);
        AddWarnings(context, write);
        await WriteObjectAsync(context, resource, value, created ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private async Task PatchAsync(HttpContext context, KubeResource resource, ResourcePath path)
    {
        var query = new RequestQuery(context.Request);
        WriteOptions write = query.Write("PatchOptions");
        RequestBody body = await ReadBodyAsync(context);
        PatchRequest patch = ReadPatch(query, body, resource);
        if (patch.Type == PatchType.Apply)
        {
            DemandCreation(context, resource, path);
        }

        (JsonObject value, bool created) = store.Patch(resource, KeyOf(path), patch, write);
        AddWarnings(context, write);
        await WriteObjectAsync(context, resource, value, created ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    /// <summary>A write that makes a missing object needs the right to create it, by its name, besides its own.</summary>
    private void DemandCreation(HttpContext context, KubeResource resource, ResourcePath path)
    {
        if (store.Find(resource, KeyOf(path)) is null)
        {
            _authorizer.Demand(context.Features.GetRequiredFeature<KubeUser>(), AccessRequest.Of(context.Request, path) with { Verb = "create" });
        }
    }

    private async Task DeleteAsync(HttpContext context, KubeResource resource, ResourcePath path)
    {
        (DeletePreconditions preconditions, bool dryRun) = ReadDeleteOptions(context, await ReadBodyAsync(context));
        (JsonObject value, bool gone) = store.Delete(resource, KeyOf(path), preconditions, dryRun);
        if (!gone)
        {
            await WriteObjectAsync(context, resource, value, StatusCodes.Status200OK);
            return;
        }

        var details = new JsonObject { ["name"] = path.Name };
        if (resource.Group.Length > 0)
        {
            details["group"] = resource.Group;
        }

        details["kind"] = resource.Plural;
        details["uid"] = value.Child("metadata").Text("uid");
        await Responses.WriteJsonAsync(context, new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Success",
            ["details"] = details,
        });
    }

    private async Task DeleteCollectionAsync(HttpContext context, KubeResource resource, ResourcePath path)
    {
        var query = new RequestQuery(context.Request);
        (_, bool dryRun) = ReadDeleteOptions(context, await ReadBodyAsync(context));
        ObjectPage deleted = store.DeleteCollection(resource, query.Filter(resource, path), dryRun);
        await WriteListAsync(context, resource, deleted, Accept.Parse(context.Request.Headers.Accept), query);
    }

    private static PatchRequest ReadPatch(RequestQuery query, RequestBody body, KubeResource resource)
    {
        if (body.MediaType == "application/apply-patch+yaml")
        {
            if (query.Text("fieldManager") is null)
            {
                throw KubeStatusException.InvalidOptions("PatchOptions", FieldError.Required("fieldManager", "is required for apply patch"));
            }

            return new PatchRequest(PatchType.Apply, ReadApplied(body), query.IsForced);
        }

        PatchType type = body.MediaType switch
        {
            "application/json-patch+json" => PatchType.Json,
            "application/merge-patch+json" => PatchType.Merge,
            "application/strategic-merge-patch+json" => PatchType.StrategicMerge,
            _ => throw new KubeStatusException(
                415,
                "UnsupportedMediaType",
                "the body of the request was in an unknown format - accepted media types include: application/json-patch+json, "
                + "application/merge-patch+json, application/strategic-merge-patch+json, application/apply-patch+yaml"),
        };
        if (query.HasForce)
        {
            throw KubeStatusException.InvalidOptions("PatchOptions", FieldError.Forbidden("force", "may not be specified for non-apply patch"));
        }

        return new PatchRequest(type, body.ReadJson(resource.Kind));
    }

    /// <summary>JSON first: it is what clients send, and its texts keep every character as it is.</summary>
    private static JsonNode? ReadApplied(RequestBody body)
    {
        JsonNode? value;
        try
        {
            value = JsonText.Read(body.Bytes);
        }
        catch (JsonException)
        {
            return body.ReadYaml();
        }

        if (YamlJson.FindForeignEscape(body.Bytes) is { } problem)
        {
            throw KubeStatusException.BadRequest($"error decoding YAML: error converting YAML to JSON: yaml: {problem}");
        }

        return value;
    }

    private static (DeletePreconditions Preconditions, bool DryRun) ReadDeleteOptions(HttpContext context, RequestBody body)
    {
        const string kind = "DeleteOptions";
        JsonObject given = body.Bytes.Length == 0 ? [] : body.ReadObject(kind, KubeSchemas.DeleteOptions);
        string? policy = given.Text("propagationPolicy") ?? new RequestQuery(context.Request).Text("propagationPolicy");
        if (policy is not null && !PropagationPolicies.Contains(policy))
        {
            throw KubeStatusException.InvalidOptions(kind, FieldError.Unsupported("propagationPolicy", policy, PropagationPolicies));
        }

        bool dryRun = new RequestQuery(context.Request).IsDryRun(kind) || (given["dryRun"] as JsonArray)?.Any(value => value.AsText() == "All") == true;
        JsonObject? preconditions = given.Child("preconditions");
        return (new DeletePreconditions(preconditions.Text("uid"), preconditions.Text("resourceVersion")), dryRun);
    }

    private static async Task<RequestBody> ReadBodyAsync(HttpContext context)
    {
        RequestBody body = await RequestBody.ReadAsync(context.Request, context.RequestAborted);
        context.Items[typeof(RequestBody)] = (long)body.Bytes.Length;
        return body;
    }

    private static void AddWarnings(HttpContext context, WriteOptions write)
    {
        foreach (string warning in write.Warnings)
        {
            context.Response.Headers.Append("Warning", $"299 - \"{warning.Replace("\"", "\\\"", StringComparison.Ordinal)}\"");
        }
    }

    private Task WriteObjectAsync(HttpContext context, KubeResource resource, JsonObject value, int status)
    {
        JsonObject answer = Accept.Parse(context.Request.Headers.Accept) switch
        {
            AcceptedFormat.Table => TableFormat.Of(
                resource, [value], Metadata(value), options.Time.GetUtcNow(), new RequestQuery(context.Request).IncludeObject),
            AcceptedFormat.PartialObjectMetadata => PartialMetadata.Of(value),
            _ => value,
        };
        return Responses.WriteJsonAsync(context, answer, status);
    }

    private Task WriteListAsync(HttpContext context, KubeResource resource, ObjectPage page, AcceptedFormat format, RequestQuery query) => format switch
    {
        AcceptedFormat.Table => Responses.WriteJsonAsync(context, TableFormat.Of(
            resource, page.Items.Select(item => item.Read()), ListFormat.Metadata(page), options.Time.GetUtcNow(), query.IncludeObject)),
        AcceptedFormat.PartialObjectMetadata => Responses.WriteJsonAsync(context, PartialMetadata.ListOf(page)),
        _ => Responses.WriteAsync(context, ListFormat.Write(resource, page), Responses.Json, StatusCodes.Status200OK),
    };

    private static JsonObject Metadata(JsonObject value) => new() { ["resourceVersion"] = value.Child("metadata").Text("resourceVersion") };

    private static ObjectKey KeyOf(ResourcePath path) => new(path.Namespace, path.Name);
}
