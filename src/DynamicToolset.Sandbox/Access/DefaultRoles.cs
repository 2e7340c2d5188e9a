using System.Text.Json.Nodes;
using DynamicToolset.Sandbox.Json;
using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Sandbox.Storage;

namespace DynamicToolset.Sandbox.Access;

/// <summary>
/// The roles that every cluster has and that clients and services lean on, a part of
/// https://kubernetes.io/docs/reference/access-authn-authz/rbac/#default-roles-and-role-bindings.
/// </summary>
internal static class DefaultRoles
{
    private const string Everyone = "system:authenticated";
    private const string Strangers = "system:unauthenticated";

    private static JsonObject Reading => new()
    {
        ["nonResourceURLs"] = JsonText.Array(
            ["/api", "/api/*", "/apis", "/apis/*", "/healthz", "/livez", "/openapi", "/openapi/*", "/readyz", "/version", "/version/"]),
        ["verbs"] = JsonText.Array(["get"]),
    };

    private static JsonObject PublicReading => new()
    {
        ["nonResourceURLs"] = JsonText.Array(["/healthz", "/livez", "/readyz", "/version", "/version/"]),
        ["verbs"] = JsonText.Array(["get"]),
    };

    public static void CreateIn(KubeStore store)
    {
        Create(
            store,
            "cluster-admin",
            ["system:masters"],
            Rule("*", ["*"], "*"),
            new JsonObject { ["nonResourceURLs"] = JsonText.Array(["*"]), ["verbs"] = JsonText.Array(["*"]) });
        Create(store, "system:discovery", [Everyone], Reading);
        Create(store, "system:public-info-viewer", [Everyone, Strangers], PublicReading);
        Create(store, "system:basic-user", [Everyone], Rule("authorization.k8s.io", ["selfsubjectaccessreviews", "selfsubjectrulesreviews"], "create"));
        Create(
            store,
            "system:auth-delegator",
            [],
            Rule("authentication.k8s.io", ["tokenreviews"], "create"),
            Rule("authorization.k8s.io", ["subjectaccessreviews"], "create"));
    }

    private static void Create(KubeStore store, string name, string[] groups, params JsonObject[] rules)
    {
        store.Create(KubeResource.ClusterRoles, new JsonObject { ["metadata"] = Metadata(name), ["rules"] = new JsonArray([.. rules]) });
        if (groups.Length == 0)
            return;

        store.Create(KubeResource.ClusterRoleBindings, new JsonObject
        {
            ["metadata"] = Metadata(name),
            ["subjects"] = new JsonArray([.. groups.Select(group => new JsonObject { ["kind"] = "Group", ["name"] = group })]),
            ["roleRef"] = new JsonObject { ["kind"] = KubeResource.ClusterRoles.Kind, ["name"] = name },
        });
    }

    private static JsonObject Metadata(string name) => new()
    {
        ["name"] = name,
        ["labels"] = new JsonObject { ["kubernetes.io/bootstrapping"] = "rbac-defaults" },
    };

    private static JsonObject Rule(string group, string[] resources, string verb) => new()
    {
        ["apiGroups"] = JsonText.Array([group]),
        ["resources"] = JsonText.Array(resources),
        ["verbs"] = JsonText.Array([verb]),
    };
}
