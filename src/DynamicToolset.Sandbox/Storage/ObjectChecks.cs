using System.Globalization;
using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Sandbox.Json;
using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Sandbox.Schema;

namespace DynamicToolset.Sandbox.Storage;

/// <summary>What a written object must keep to. Each check throws the <see cref="KubeStatusException"/> that the API server would answer.</summary>
internal static class ObjectChecks
{
    public static void CheckType(KubeResource resource, JsonObject body)
    {
        string kind = body.Text("kind") ?? resource.Kind;
        string apiVersion = body.Text("apiVersion") ?? resource.ApiVersion;
        if (apiVersion != resource.ApiVersion)
        {
            throw KubeStatusException.BadRequest(
                $"{kind} in version \"{apiVersion}\" cannot be handled as a {resource.Kind}: no kind \"{kind}\" is registered for version \"{apiVersion}\"");
        }

        if (kind != resource.Kind)
        {
            throw KubeStatusException.BadRequest(
                $"{kind} in version \"{apiVersion}\" cannot be handled as a {resource.Kind}: converting (v1.{kind}) to (core.{resource.Kind}): unknown conversion");
        }
    }

    public static JsonObject Shape(KubeResource resource, JsonObject body, WriteOptions options, Func<string, KubeStatusException> refuse)
    {
        var unknown = new List<string>();
        string refused = $"{resource.Kind} in version \"{resource.ApiVersion}\" cannot be handled as a {resource.Kind}";
        JsonObject value = Shape(resource, body, unknown, message => refuse($"{refused}: {message}"));
        if (unknown.Count > 0 && options.FieldValidation == FieldValidation.Strict)
        {
            throw KubeStatusException.BadRequest(
                $"{refused}: strict decoding error: {string.Join(", ", unknown.Select(path => $"unknown field \"{path}\""))}");
        }

        if (options.FieldValidation == FieldValidation.Warn)
            options.Warnings.AddRange(unknown.Select(path => $"unknown field \"{path}\""));

        return value;
    }

    public static JsonObject Shape(KubeResource resource, JsonObject body, List<string> unknown, Func<string, KubeStatusException> refuse)
    {
        try
        {
            return resource.Conform(body, unknown);
        }
        catch (ShapeException error)
        {
            throw refuse(error.Message);
        }
    }

    public static void PlaceInto(KubeResource resource, string place, JsonObject metadata)
    {
        if (!resource.IsNamespaced)
        {
            metadata.Remove("namespace");
            return;
        }

        if ((metadata.Text("namespace") ?? place) != place)
            throw KubeStatusException.BadRequest("the namespace of the provided object does not match the namespace sent on the request");

        metadata["namespace"] = place;
    }

    public static void CheckName(ObjectKey key, JsonObject metadata)
    {
        if (metadata.Text("name") != key.Name)
            throw KubeStatusException.BadRequest($"the name of the object ({metadata.Text("name")}) does not match the name on the URL ({key.Name})");

        if ((metadata.Text("namespace") ?? "") != key.Namespace)
        {
            throw KubeStatusException.BadRequest(
                $"the namespace of the object ({metadata.Text("namespace")}) does not match the namespace on the request ({key.Namespace})");
        }
    }

    public static void CheckVersion(KubeResource resource, ObjectKey key, JsonObject metadata, StoredObject stored)
    {
        if (metadata.Text("resourceVersion") is not { } text || text == "0")
            return;

        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long version))
        {
            throw KubeStatusException.Invalid(
                resource.Group, resource.Kind, key.Name, [FieldError.Invalid("metadata.resourceVersion", text, "must be a number")]);
        }

        if (version != stored.Version)
            throw KubeStatusException.Modified(resource, key.Name);
    }

    public static void CheckUid(KubeResource resource, ObjectKey key, JsonObject metadata, JsonObject before)
    {
        if (metadata.Text("uid") is { } uid && uid != before.Child("metadata").Text("uid"))
            throw KubeStatusException.Invalid(resource.Group, resource.Kind, key.Name, [FieldError.Invalid("metadata.uid", uid, "field is immutable")]);
    }

    public static void CheckPreconditions(KubeResource resource, ObjectKey key, JsonObject metadata, DeletePreconditions preconditions)
    {
        if (preconditions.Uid is { } uid && uid != metadata.Text("uid"))
        {
            throw KubeStatusException.Conflict(
                resource,
                key.Name,
                $"the UID in the precondition ({uid}) does not match the UID in record ({metadata.Text("uid")}). The object might have been deleted and then recreated");
        }

        if (preconditions.ResourceVersion is { } version && version != metadata.Text("resourceVersion"))
        {
            throw KubeStatusException.Conflict(
                resource,
                key.Name,
                $"the ResourceVersion in the precondition ({version}) does not match the ResourceVersion in record ({metadata.Text("resourceVersion")}). "
                + "The object might have been modified");
        }
    }

    public static void Validate(KubeResource resource, JsonObject value, JsonObject? before)
    {
        List<FieldError> errors =
        [
            .. MetadataRules.Check(value.ChildOrNew("metadata"), resource.Rules.CheckName),
            .. resource.Rules.Validate(value, before),
        ];
        if (errors.Count > 0)
            throw KubeStatusException.Invalid(resource.Group, resource.Kind, value.Child("metadata").Text("name") ?? "", errors);
    }
}
