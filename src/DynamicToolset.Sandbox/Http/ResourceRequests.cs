using System.Text.Json;
using System.Text.Json.Nodes;
using DynamicToolset.Sandbox.Access;
using DynamicToolset.Sandbox.Json;
using DynamicToolset.Sandbox.Output;
using DynamicToolset.Sandbox.Patching;
using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Sandbox.Schema;
using DynamicToolset.Sandbox.Storage;
using Microsoft.AspNetCore.Http;

namespace DynamicToolset.Sandbox.Http;

/// <summary>The verbs on resources.</summary>
internal sealed class ResourceRequests(KubeStore store, ApiServerOptions options)
{
    private static readonly string[] PropagationPolicies = ["Foreground", "Background", "Orphan"];
    private readonly RoleAuthorizer _authorizer = new(store);
    private readonly WatchRequests _watches = new(store, options);

    public Task AnswerAsync(ApiRequest request, KubeResource resource)
    {
        string verb = request.Verb;
        ResourcePath path = request.Path;
        bool fits = verb switch
        {
            "create" => path.Name.Length == 0 && (path.Namespace.Length > 0 || !resource.IsNamespaced),
            "update" or "patch" => path.Name.Length > 0,
            "deletecollection" => resource.IsNamespaced == path.Namespace.Length > 0 && resource != KubeResource.Namespaces,
            _ => true,
        };
        if (!fits)
            throw KubeStatusException.MethodNotAllowed();

        return verb switch
        {
            "get" => GetAsync(request, resource),
            "list" => ListAsync(request, resource),
            "watch" => _watches.AnswerAsync(request, resource),
            "create" => CreateAsync(request, resource),
            "update" => UpdateAsync(request, resource),
            "patch" => PatchAsync(request, resource),
            "delete" => DeleteAsync(request, resource),
            "deletecollection" => DeleteCollectionAsync(request, resource),
            _ => throw KubeStatusException.MethodNotAllowed(),
        };
    }

    private Task GetAsync(ApiRequest request, KubeResource resource)
    {
        long? version = request.Version;
        if (version > store.Version)
            throw KubeStatusException.VersionTooLarge(version.Value, store.Version);

        StoredObject value = store.Find(resource, request.Path.Key) ?? throw KubeStatusException.NotFound(resource, request.Path.Name);
        return WriteObjectAsync(request, resource, value.Read(), StatusCodes.Status200OK);
    }

    private Task ListAsync(ApiRequest request, KubeResource resource)
    {
        AcceptedFormat format = request.Format;
        return WriteListAsync(request, resource, store.List(resource, request.List(resource)), format);
    }

    private async Task CreateAsync(ApiRequest request, KubeResource resource)
    {
        WriteOptions write = request.Write("CreateOptions");
        RequestBody body = await request.ReadBodyAsync();
        JsonObject created = store.Create(resource, request.Path.Namespace, body.ReadObject(resource.Kind, resource.Schema), write);
        AddWarnings(request, write);
        await WriteObjectAsync(request, resource, created, StatusCodes.Status201Created);
    }

    private async Task UpdateAsync(ApiRequest request, KubeResource resource)
    {
        WriteOptions write = request.Write("UpdateOptions");
        RequestBody body = await request.ReadBodyAsync();
        if (resource.Rules.CreatesOnUpdate)
            DemandCreation(request, resource);

        (JsonObject value, bool created) = store.Replace(resource, request.Path.Key, body.ReadObject(resource.Kind, resource.Schema), write);
        AddWarnings(request, write);
        await WriteObjectAsync(request, resource, value, created ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private async Task PatchAsync(ApiRequest request, KubeResource resource)
    {
        WriteOptions write = request.Write("PatchOptions");
        RequestBody body = await request.ReadBodyAsync();
        PatchRequest patch = ReadPatch(request, body, resource);
        if (patch.Type == PatchType.Apply)
            DemandCreation(request, resource);

        (JsonObject value, bool created) = store.Patch(resource, request.Path.Key, patch, write);
        AddWarnings(request, write);
        await WriteObjectAsync(request, resource, value, created ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    /// <summary>A write that makes a missing object needs the right to create it, by its name, besides its own.</summary>
    private void DemandCreation(ApiRequest request, KubeResource resource)
    {
        if (store.Find(resource, request.Path.Key) is null)
            _authorizer.Demand(request.User, request.Access with { Verb = "create" });
    }

    private async Task DeleteAsync(ApiRequest request, KubeResource resource)
    {
        (DeletePreconditions preconditions, bool dryRun) = ReadDeleteOptions(request, await request.ReadBodyAsync());
        (JsonObject value, bool gone) = store.Delete(resource, request.Path.Key, preconditions, dryRun);
        if (!gone)
        {
            await WriteObjectAsync(request, resource, value, StatusCodes.Status200OK);
            return;
        }

        var details = new JsonObject { ["name"] = request.Path.Name };
        if (resource.Group.Length > 0)
            details["group"] = resource.Group;

        details["kind"] = resource.Plural;
        details["uid"] = value.Child("metadata").Text("uid");
        await Responses.WriteJsonAsync(request.Context, new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Success",
            ["details"] = details,
        });
    }

    private async Task DeleteCollectionAsync(ApiRequest request, KubeResource resource)
    {
        (_, bool dryRun) = ReadDeleteOptions(request, await request.ReadBodyAsync());
        ObjectPage deleted = store.DeleteCollection(resource, request.Filter(resource), dryRun);
        await WriteListAsync(request, resource, deleted, request.Format);
    }

    private static PatchRequest ReadPatch(ApiRequest request, RequestBody body, KubeResource resource)
    {
        if (body.MediaType == "application/apply-patch+yaml")
        {
            if (request.Text("fieldManager") is null)
                throw KubeStatusException.InvalidOptions("PatchOptions", FieldError.Required("fieldManager", "is required for apply patch"));

            return new PatchRequest(PatchType.Apply, ReadApplied(body), request.IsForced);
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
        if (request.HasForce)
            throw KubeStatusException.InvalidOptions("PatchOptions", FieldError.Forbidden("force", "may not be specified for non-apply patch"));

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
            throw KubeStatusException.BadRequest($"error decoding YAML: error converting YAML to JSON: yaml: {problem}");

        return value;
    }

    private static (DeletePreconditions Preconditions, bool DryRun) ReadDeleteOptions(ApiRequest request, RequestBody body)
    {
        const string kind = "DeleteOptions";
        JsonObject given = body.Bytes.Length == 0 ? [] : body.ReadObject(kind, KubeSchemas.DeleteOptions);
        string? policy = given.Text("propagationPolicy") ?? request.Text("propagationPolicy");
        if (policy is not null && !PropagationPolicies.Contains(policy))
            throw KubeStatusException.InvalidOptions(kind, FieldError.Unsupported("propagationPolicy", policy, PropagationPolicies));

        bool dryRun = request.IsDryRun(kind) || (given["dryRun"] as JsonArray)?.Any(value => value.AsText() == "All") == true;
        JsonObject? preconditions = given.Child("preconditions");
        return (new DeletePreconditions(preconditions.Text("uid"), preconditions.Text("resourceVersion")), dryRun);
    }

    private static void AddWarnings(ApiRequest request, WriteOptions write)
    {
        foreach (string warning in write.Warnings)
            request.Context.Response.Headers.Append("Warning", $"299 - \"{warning.Replace("\"", "\\\"", StringComparison.Ordinal)}\"");
    }

    private Task WriteObjectAsync(ApiRequest request, KubeResource resource, JsonObject value, int status)
    {
        JsonObject answer = request.Format switch
        {
            AcceptedFormat.Table => TableFormat.Of(resource, [value], Metadata(value), options.Time.GetUtcNow(), request.IncludeObject),
            AcceptedFormat.PartialObjectMetadata => PartialMetadata.Of(value),
            _ => value,
        };
        return Responses.WriteJsonAsync(request.Context, answer, status);
    }

    private Task WriteListAsync(ApiRequest request, KubeResource resource, ObjectPage page, AcceptedFormat format) => format switch
    {
        AcceptedFormat.Table => Responses.WriteJsonAsync(request.Context, TableFormat.Of(
            resource, page.Items.Select(item => item.Read()), ListFormat.Metadata(page), options.Time.GetUtcNow(), request.IncludeObject)),
        AcceptedFormat.PartialObjectMetadata => Responses.WriteJsonAsync(request.Context, PartialMetadata.ListOf(page)),
        _ => Responses.WriteAsync(request.Context, ListFormat.Write(resource, page), Responses.Json, StatusCodes.Status200OK),
    };

    private static JsonObject Metadata(JsonObject value) => new() { ["resourceVersion"] = value.Child("metadata").Text("resourceVersion") };
}
