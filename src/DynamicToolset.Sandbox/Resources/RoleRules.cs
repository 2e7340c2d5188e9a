using System.Text.Json.Nodes;
using DynamicToolset.Sandbox.Json;

namespace DynamicToolset.Sandbox.Resources;

/// <summary>Roles and ClusterRoles, see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#role-and-clusterrole.</summary>
internal sealed class RoleRules : ResourceRules
{
    public override bool CreatesOnUpdate => true;

    public override string? CheckName(string name) => KubeNames.CheckPathSegment(name);

    public override IEnumerable<FieldError> Validate(JsonObject value, JsonObject? stored)
    {
        bool isNamespaced = value.Text("kind") == KubeResource.Roles.Kind;
        return value.Items("rules").SelectMany((rule, index) => Check(rule, $"rules[{index}]", isNamespaced));
    }

    private static IEnumerable<FieldError> Check(JsonObject rule, string path, bool isNamespaced)
    {
        if (rule["verbs"] is null)
            yield return FieldError.Required($"{path}.verbs", "verbs must contain at least one value");

        bool hasPaths = rule["nonResourceURLs"] is not null;
        if (hasPaths && isNamespaced)
            yield return FieldError.Invalid($"{path}.nonResourceURLs", rule["nonResourceURLs"]!.ToJsonString(), "namespaced rules cannot apply to non-resource URLs");

        if (hasPaths && (rule["apiGroups"] is not null || rule["resources"] is not null || rule["resourceNames"] is not null))
        {
            yield return FieldError.Invalid(
                $"{path}.nonResourceURLs", rule["nonResourceURLs"]!.ToJsonString(), "rules cannot apply to both regular resources and non-resource URLs");
        }

        if (!hasPaths && rule["apiGroups"] is null)
            yield return FieldError.Required($"{path}.apiGroups", "resource rules must supply at least one api group");

        if (!hasPaths && rule["resources"] is null)
            yield return FieldError.Required($"{path}.resources", "resource rules must supply at least one resource");
    }
}
