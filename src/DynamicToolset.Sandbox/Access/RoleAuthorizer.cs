using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Sandbox.Json;
using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Sandbox.Storage;

namespace DynamicToolset.Sandbox.Access;

/// <summary>Decides by the stored roles and bindings, see https://kubernetes.io/docs/reference/access-authn-authz/rbac/.</summary>
internal sealed class RoleAuthorizer(KubeStore store)
{
    /// <exception cref="KubeStatusException">403: nothing allows it.</exception>
    public void Demand(KubeUser user, AccessRequest request)
    {
        if (Find(user, request) is null)
            throw request.Refuse(user);
    }

    /// <summary>Why it is allowed, empty for those who may do everything; null where it is not allowed.</summary>
    public string? Find(KubeUser user, AccessRequest request)
    {
        if (user.IsMaster)
            return "";

        foreach (JsonObject binding in BindingsIn(request.IsForResource ? request.Namespace : ""))
        {
            if (SubjectOf(binding, user) is { } subject && RulesOf(binding).Any(rule => Allows(rule, request)))
                return Describe(binding, subject);
        }

        return null;
    }

    /// <summary>The rules by which somebody may do something in a namespace.</summary>
    public IEnumerable<JsonObject> RulesFor(KubeUser user, string place) =>
        BindingsIn(place).Where(binding => SubjectOf(binding, user) is not null).SelectMany(RulesOf);

    /// <param name="place">Empty for those of the whole cluster alone.</param>
    private IEnumerable<JsonObject> BindingsIn(string place) => store.List(KubeResource.ClusterRoleBindings)
        .Concat(place.Length == 0 ? [] : store.List(KubeResource.RoleBindings).Where(binding => PlaceOf(binding) == place));

    private static JsonObject? SubjectOf(JsonObject binding, KubeUser user) =>
        binding.Items("subjects").FirstOrDefault(subject => Means(subject, PlaceOf(binding), user));

    private static bool Means(JsonObject subject, string place, KubeUser user)
    {
        string name = subject.Text("name") ?? "";
        return subject.Text("kind") switch
        {
            "User" => user.Name == name,
            "Group" => user.Groups.Contains(name),
            "ServiceAccount" => user.Name == KubeUser.NameOf(subject.Text("namespace") ?? place, name),
            _ => false,
        };
    }

    private IEnumerable<JsonObject> RulesOf(JsonObject binding)
    {
        JsonObject? reference = binding.Child("roleRef");
        string name = reference.Text("name") ?? "";
        JsonObject? role = reference.Text("kind") == KubeResource.Roles.Kind
            ? store.Get(KubeResource.Roles, new ObjectKey(PlaceOf(binding), name))
            : store.Get(KubeResource.ClusterRoles, new ObjectKey("", name));
        return role.Items("rules");
    }

    private static bool Allows(JsonObject rule, AccessRequest request) =>
        Has(rule, "verbs", request.Verb) && (request.IsForResource ? AllowsResource(rule, request) : AllowsPath(rule, request.Path));

    private static bool AllowsResource(JsonObject rule, AccessRequest request)
    {
        bool isNamed = Has(rule, "resources", request.FullResource)
            || (request.Subresource.Length > 0 && rule.Texts("resources").Contains($"*/{request.Subresource}"));
        return isNamed
            && Has(rule, "apiGroups", request.Group)
            && (rule["resourceNames"] is null || (request.Name.Length > 0 && rule.Texts("resourceNames").Contains(request.Name)));
    }

    private static bool AllowsPath(JsonObject rule, string path) => rule.Texts("nonResourceURLs").Any(pattern =>
        pattern == path || (pattern.EndsWith('*') && path.StartsWith(pattern[..^1], StringComparison.Ordinal)));

    private static bool Has(JsonObject rule, string field, string value) => rule.Texts(field).Any(given => given == "*" || given == value);

    private static string PlaceOf(JsonObject binding) => binding.Child("metadata").Text("namespace") ?? "";

    private static string Describe(JsonObject binding, JsonObject subject)
    {
        string place = PlaceOf(binding);
        string name = binding.Child("metadata").Text("name") ?? "";
        JsonObject? role = binding.Child("roleRef");
        string who = subject.Text("kind") == "ServiceAccount" ? $"{subject.Text("name")}/{subject.Text("namespace")}" : subject.Text("name") ?? "";
        return $"RBAC: allowed by {binding.Text("kind")} \"{(place.Length == 0 ? name : $"{name}/{place}")}\" of {role.Text("kind")} "
            + $"\"{role.Text("name")}\" to {subject.Text("kind")} \"{who}\"";
    }
}
