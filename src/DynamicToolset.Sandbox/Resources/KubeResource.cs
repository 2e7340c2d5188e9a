using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Sandbox.Json;
using DynamicToolset.Sandbox.Schema;

namespace DynamicToolset.Sandbox.Resources;

/// <summary>A kind of objects that the simulated API server keeps.</summary>
public sealed class KubeResource
{
    internal const string RbacGroup = "rbac.authorization.k8s.io";

    private KubeResource(
        string group, string plural, string kind, bool namespaced, string shortName, FieldSchema.Struct schema, ResourceRules rules)
    {
        Group = group;
        Plural = plural;
        Kind = kind;
        IsNamespaced = namespaced;
        ShortName = shortName;
        Schema = schema;
        Rules = rules;
        JsonHeader = Encoding.UTF8.GetBytes($"{{\"kind\":\"{kind}\",\"apiVersion\":\"{ApiVersion}\",");
    }

    public static KubeResource ConfigMaps { get; } = new("", "configmaps", "ConfigMap", true, "cm", KubeSchemas.ConfigMap, new ConfigMapRules());

    public static KubeResource Services { get; } = new("", "services", "Service", true, "svc", KubeSchemas.Service, new ServiceRules());

    public static KubeResource Namespaces { get; } = new("", "namespaces", "Namespace", false, "ns", KubeSchemas.Namespace, new NamespaceRules());

    public static KubeResource Events { get; } = new("", "events", "Event", true, "ev", KubeSchemas.Event, new EventRules());

    public static KubeResource ServiceAccounts { get; } =
        new("", "serviceaccounts", "ServiceAccount", true, "sa", KubeSchemas.ServiceAccount, new KeptRules());

    public static KubeResource Deployments { get; } =
        new("apps", "deployments", "Deployment", true, "deploy", KubeSchemas.Deployment, new DeploymentRules());

    public static KubeResource Leases { get; } = new("coordination.k8s.io", "leases", "Lease", true, "", KubeSchemas.Lease, new LeaseRules());

    public static KubeResource Roles { get; } = new(RbacGroup, "roles", "Role", true, "", KubeSchemas.Role, new RoleRules());

    public static KubeResource ClusterRoles { get; } = new(RbacGroup, "clusterroles", "ClusterRole", false, "", KubeSchemas.ClusterRole, new RoleRules());

    public static KubeResource RoleBindings { get; } =
        new(RbacGroup, "rolebindings", "RoleBinding", true, "", KubeSchemas.RoleBinding, new RoleBindingRules());

    public static KubeResource ClusterRoleBindings { get; } =
        new(RbacGroup, "clusterrolebindings", "ClusterRoleBinding", false, "", KubeSchemas.ClusterRoleBinding, new RoleBindingRules());

    public static KubeResource NetworkPolicies { get; } =
        new("networking.k8s.io", "networkpolicies", "NetworkPolicy", true, "netpol", KubeSchemas.NetworkPolicy, new KeptRules());

    public static KubeResource PodDisruptionBudgets { get; } =
        new("policy", "poddisruptionbudgets", "PodDisruptionBudget", true, "pdb", KubeSchemas.PodDisruptionBudget, new KeptRules());

    internal static ImmutableArray<KubeResource> All { get; } =
    [
        ConfigMaps, Events, Namespaces, ServiceAccounts, Services, Deployments, Leases, NetworkPolicies, PodDisruptionBudgets,
        ClusterRoleBindings, ClusterRoles, RoleBindings, Roles,
    ];

    /// <summary>The API group; empty for the core group. The version is always v1.</summary>
    public string Group { get; }

    /// <summary>The name in paths.</summary>
    public string Plural { get; }

    public string Kind { get; }

    public bool IsNamespaced { get; }

    public string ApiVersion => Group.Length == 0 ? "v1" : $"{Group}/v1";

    internal string GroupPath => Group.Length == 0 ? "/api/v1" : $"/apis/{Group}/v1";

    /// <summary>Empty where there is none.</summary>
    internal string ShortName { get; }

    internal FieldSchema.Struct Schema { get; }

    internal ResourceRules Rules { get; }

    /// <summary>The beginning of every stored object, up to and without its first own field.</summary>
    internal byte[] JsonHeader { get; }

    public override string ToString() => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    internal static KubeResource? Find(string group, string plural) => All.FirstOrDefault(resource => resource.Group == group && resource.Plural == plural);

    internal ObjectKey KeyOf(JsonObject value)
    {
        JsonObject? metadata = value.Child("metadata");
        return new ObjectKey(IsNamespaced ? metadata.Text("namespace") ?? "" : "", metadata.Text("name") ?? "");
    }

    /// <summary>The object in stored form, with kind and version in front. The given one gets them too, and is not changed otherwise.</summary>
    /// <exception cref="ShapeException">A field has the wrong type.</exception>
    internal JsonObject Conform(JsonObject value, ICollection<string>? unknown = null)
    {
        value["kind"] = Kind;
        value["apiVersion"] = ApiVersion;
        return ObjectShape.Conform(value, Schema, unknown);
    }
}
