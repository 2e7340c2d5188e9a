using System.Text.Json.Nodes;
using DynamicToolset.Sandbox.Json;

namespace DynamicToolset.Sandbox.Resources;

/// <summary>
/// RoleBindings and ClusterRoleBindings, see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#rolebinding-and-clusterrolebinding.
/// </summary>
internal sealed class RoleBindingRules : ResourceRules
{
    public override bool CreatesOnUpdate => true;

    public override string? CheckName(string name) => KubeNames.CheckPathSegment(name);

    public override void SetDefaults(JsonObject value)
    {
        value.ChildOrNew("roleRef").SetDefault("apiGroup", KubeResource.RbacGroup);
        foreach (JsonObject subject in value.Items("subjects").Where(subject => subject.Text("kind") is "User" or "Group"))
            subject.SetDefault("apiGroup", KubeResource.RbacGroup);
    }

    public override IEnumerable<FieldError> Validate(JsonObject value, JsonObject? stored)
    {
        JsonObject role = value.ChildOrNew("roleRef");
        string[] kinds = value.Text("kind") == KubeResource.RoleBindings.Kind ? ["Role", "ClusterRole"] : ["ClusterRole"];
        if (role.Text("apiGroup") != KubeResource.RbacGroup)
            yield return FieldError.Unsupported("roleRef.apiGroup", role.Text("apiGroup") ?? "", KubeResource.RbacGroup);

        if (!kinds.Contains(role.Text("kind")))
            yield return FieldError.Unsupported("roleRef.kind", role.Text("kind") ?? "", kinds);

        if (role.Text("name") is null)
            yield return FieldError.Required("roleRef.name");

        if (stored is not null && !JsonNode.DeepEquals(role, stored["roleRef"]))
            yield return FieldError.Invalid("roleRef", role.ToJsonString(), "cannot change roleRef");

        foreach (FieldError error in value.Items("subjects").SelectMany((subject, index) => Check(subject, $"subjects[{index}]")))
            yield return error;
    }

    private static IEnumerable<FieldError> Check(JsonObject subject, string path)
    {
        if (subject.Text("name") is null)
            yield return FieldError.Required($"{path}.name");

        if (subject.Text("kind") is not ("ServiceAccount" or "User" or "Group"))
            yield return FieldError.Unsupported($"{path}.kind", subject.Text("kind") ?? "", "ServiceAccount", "User", "Group");

        if (subject.Text("kind") == "ServiceAccount" && subject.Text("namespace") is null)
            yield return FieldError.Required($"{path}.namespace");

        string group = subject.Text("kind") == "ServiceAccount" ? "" : KubeResource.RbacGroup;
        if ((subject.Text("apiGroup") ?? "") != group)
            yield return FieldError.Unsupported($"{path}.apiGroup", subject.Text("apiGroup") ?? "", group);
    }
}
