using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Sandbox.Apply;
using DynamicToolset.Sandbox.Json;
using DynamicToolset.Sandbox.Resources;

namespace DynamicToolset.Sandbox.Storage;

/// <summary>The configuration that a server-side apply sends, and what is said where it cannot be applied.</summary>
internal static class AppliedConfig
{
    public static JsonObject Of(KubeResource resource, ObjectKey key, JsonNode? body)
    {
        JsonObject patch = body as JsonObject ?? throw KubeStatusException.BadRequest("error decoding YAML: an applied configuration is a mapping");
        if (patch.Text("apiVersion") != resource.ApiVersion)
        {
            throw KubeStatusException.BadRequest(
                $"Incorrect version specified in apply patch. Specified patch version: {patch.Text("apiVersion")}, expected: {resource.ApiVersion}");
        }

        if (patch.Text("kind") != resource.Kind)
            throw KubeStatusException.BadRequest($"an applied configuration of kind {patch.Text("kind")} does not fit {resource}");

        if (patch.Child("metadata")?.ContainsKey("managedFields") == true && patch.Child("metadata")!["managedFields"] is not null)
            throw KubeStatusException.BadRequest("metadata.managedFields must be nil");

        var unknown = new List<string>();
        JsonObject config = ObjectChecks.Shape(resource, patch, unknown, message => KubeStatusException.Internal($"failed to create typed patch object: {message}"));
        if (unknown.Count > 0)
            throw KubeStatusException.Internal($"failed to create typed patch object: .{unknown[0]}: field not declared in schema");

        JsonObject metadata = config.ChildOrNew("metadata");
        ObjectChecks.PlaceInto(resource, key.Namespace, metadata);
        metadata.SetDefault("name", key.Name);
        ObjectChecks.CheckName(key, metadata);
        return config;
    }

    public static KubeStatusException Refused(IReadOnlyList<FieldConflict> conflicts)
    {
        IEnumerable<FieldError> causes = conflicts.Select(conflict =>
            new FieldError(conflict.Path, "FieldManagerConflict", $"conflict with {conflict.Owner.Display}"));
        if (conflicts.Count == 1)
            return KubeStatusException.ApplyConflict($"Apply failed with 1 conflict: conflict with {conflicts[0].Owner.Display}: {conflicts[0].Path}", causes);

        IEnumerable<string> lines = conflicts
            .GroupBy(conflict => conflict.Owner.Display)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .SelectMany(group => group.Select(conflict => $"- {conflict.Path}").Prepend($"conflicts with {group.Key}:"));
        return KubeStatusException.ApplyConflict($"Apply failed with {conflicts.Count} conflicts: {string.Join('\n', lines)}", causes);
    }
}
