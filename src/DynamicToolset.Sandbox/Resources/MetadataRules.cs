using System.Text;
using System.Text.Json.Nodes;
using DynamicToolset.Sandbox.Json;

namespace DynamicToolset.Sandbox.Resources;

/// <summary>What every object's metadata must keep to.</summary>
internal static class MetadataRules
{
    private const int AnnotationsLimit = 262144;

    private static readonly string[] OwnerIdentity = ["kind", "name", "uid"];

    public static IEnumerable<FieldError> Check(JsonObject metadata, Func<string, string?> checkName)
    {
        string name = metadata.Text("name") ?? "";
        if (name.Length == 0)
            yield return FieldError.Required("metadata.name", "name or generateName is required");
        else if (checkName(name) is { } problem)
            yield return FieldError.Invalid("metadata.name", name, problem);

        foreach (FieldError error in CheckLabels(metadata).Concat(CheckAnnotations(metadata)).Concat(CheckOwners(metadata)))
            yield return error;
    }

    private static IEnumerable<FieldError> CheckLabels(JsonObject metadata)
    {
        foreach ((string key, JsonNode? value) in metadata.Child("labels") ?? [])
        {
            if (KubeNames.CheckQualifiedName(key) is { } keyProblem)
                yield return FieldError.Invalid("metadata.labels", key, keyProblem);

            if (KubeNames.CheckLabelValue(value.AsText() ?? "") is { } valueProblem)
                yield return FieldError.Invalid("metadata.labels", value.AsText() ?? "", valueProblem);
        }
    }

    private static IEnumerable<FieldError> CheckAnnotations(JsonObject metadata)
    {
        long size = 0;
        foreach ((string key, JsonNode? value) in metadata.Child("annotations") ?? [])
        {
            // Annotation keys may have capitals in the prefix, where labels may not.
            if (KubeNames.CheckQualifiedName(key.ToLowerInvariant()) is { } problem)
                yield return FieldError.Invalid("metadata.annotations", key, problem);

            size += Encoding.UTF8.GetByteCount(key) + Encoding.UTF8.GetByteCount(value.AsText() ?? "");
        }

        if (size > AnnotationsLimit)
            yield return FieldError.TooLong("metadata.annotations", AnnotationsLimit);
    }

    private static IEnumerable<FieldError> CheckOwners(JsonObject metadata)
    {
        List<JsonObject> owners = [.. metadata.Items("ownerReferences")];
        foreach (JsonObject owner in owners)
        {
            if (string.IsNullOrEmpty(owner.Text("apiVersion")) || owner.Text("apiVersion")!.Count(letter => letter == '/') > 1)
                yield return FieldError.Invalid("metadata.ownerReferences.apiVersion", owner.Text("apiVersion") ?? "", "version must not be empty");

            if (owner.Text("apiVersion") == "v1" && owner.Text("kind") == "Event")
                yield return FieldError.Invalid("metadata.ownerReferences", owner.Text("name") ?? "", "/v1, Kind=Event is disallowed from being an owner");

            foreach (string field in OwnerIdentity.Where(field => string.IsNullOrEmpty(owner.Text(field))))
                yield return FieldError.Invalid($"metadata.ownerReferences.{field}", "", $"{field} must not be empty");
        }

        List<JsonObject> controllers = [.. owners.Where(owner => owner.IsTrue("controller"))];
        if (controllers.Count > 1)
        {
            string names = $"{controllers[0].Text("name")} and {controllers[1].Text("name")}";
            yield return FieldError.Invalid(
                "metadata.ownerReferences",
                names,
                $"Only one reference can have Controller set to true. Found \"true\" in references for {names}");
        }
    }
}
