using System.Text.Json.Nodes;
using DynamicToolset.Sandbox.Json;
using DynamicToolset.Sandbox.Resources;

namespace DynamicToolset.Sandbox.Access;

/// <summary>What somebody wants to do, in the words of RBAC.</summary>
/// <param name="Resource">The plural name; empty for a path that is no resource.</param>
/// <param name="Name">Empty where none is named.</param>
/// <param name="Path">Of a request that is for no resource; else empty.</param>
internal sealed record AccessRequest(string Verb, string Group, string Resource, string Subresource, string Namespace, string Name, string Path)
{
    public bool IsForResource => Path.Length == 0;

    /// <summary>With the subresource, as rules name it.</summary>
    public string FullResource => Subresource.Length == 0 ? Resource : $"{Resource}/{Subresource}";

    /// <summary>Out of the spec of an access review.</summary>
    public static AccessRequest Of(JsonObject spec)
    {
        if (spec.Child("nonResourceAttributes") is { } other)
            return new AccessRequest(other.Text("verb") ?? "", "", "", "", "", "", other.Text("path") ?? "/");

        JsonObject? resource = spec.Child("resourceAttributes");
        return new AccessRequest(
            resource.Text("verb") ?? "",
            resource.Text("group") ?? "",
            resource.Text("resource") ?? "",
            resource.Text("subresource") ?? "",
            resource.Text("namespace") ?? "",
            resource.Text("name") ?? "",
            "");
    }

    /// <summary>The refusal, in the words of kube-apiserver.</summary>
    public KubeStatusException Refuse(KubeUser user)
    {
        if (!IsForResource)
            return new KubeStatusException(403, "Forbidden", $"forbidden: User \"{user.Name}\" cannot {Verb} path \"{Path}\"");

        string where = Namespace.Length == 0 ? "at the cluster scope" : $"in the namespace \"{Namespace}\"";
        return KubeStatusException.Forbidden(
            Group, Resource, Name, $"User \"{user.Name}\" cannot {Verb} resource \"{FullResource}\" in API group \"{Group}\" {where}");
    }
}
