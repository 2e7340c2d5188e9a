using System.Text.Json.Nodes;
using DynamicToolset.Sandbox.Resources;

namespace DynamicToolset.Sandbox.Discovery;

/// <summary>Groups, versions and resources, in the form of https://kubernetes.io/docs/concepts/overview/kubernetes-api/#discovery-api.</summary>
internal static class DiscoveryDocuments
{
    /// <summary>What is asked and not kept.</summary>
    private static readonly (string Group, string Plural, string Kind)[] Reviews =
    [
        ("authentication.k8s.io", "tokenreviews", "TokenReview"),
        ("authorization.k8s.io", "selfsubjectaccessreviews", "SelfSubjectAccessReview"),
        ("authorization.k8s.io", "selfsubjectrulesreviews", "SelfSubjectRulesReview"),
        ("authorization.k8s.io", "subjectaccessreviews", "SubjectAccessReview"),
    ];

    private static readonly string[] GroupNames =
    [
        .. KubeResource.All.Select(resource => resource.Group).Concat(Reviews.Select(review => review.Group))
            .Where(group => group.Length > 0).Distinct().Order(StringComparer.Ordinal),
    ];

    public static bool HasGroup(string name) => GroupNames.Contains(name);

    public static JsonObject Version() => new()
    {
        ["major"] = "1",
        ["minor"] = "34",
        ["gitVersion"] = "v1.34.0+sandbox",
        ["gitCommit"] = "",
        ["gitTreeState"] = "",
        ["buildDate"] = "1970-01-01T00:00:00Z",
        ["goVersion"] = "none",
        ["compiler"] = "none",
        ["platform"] = "linux/amd64",
    };

    public static JsonObject CoreVersions(string host) => new()
    {
        ["kind"] = "APIVersions",
        ["versions"] = new JsonArray("v1"),
        ["serverAddressByClientCIDRs"] = new JsonArray(new JsonObject { ["clientCIDR"] = "0.0.0.0/0", ["serverAddress"] = host }),
    };

    public static JsonObject Groups()
    {
        return new JsonObject
        {
            ["kind"] = "APIGroupList",
            ["apiVersion"] = "v1",
            ["groups"] = new JsonArray([.. GroupNames.Select(Versions)]),
        };
    }

    public static JsonObject Group(string name)
    {
        JsonObject group = Versions(name);
        group["kind"] = "APIGroup";
        group["apiVersion"] = "v1";
        return group;
    }

    public static JsonObject Resources(string group) => new()
    {
        ["kind"] = "APIResourceList",
        ["groupVersion"] = group.Length == 0 ? "v1" : $"{group}/v1",
        ["resources"] = new JsonArray(
        [
            .. KubeResource.All.Where(resource => resource.Group == group).Select(Describe),
            .. Reviews.Where(review => review.Group == group).Select(review => Describe(review.Plural, review.Kind)),
        ]),
    };

    private static JsonObject Versions(string group)
    {
        var version = new JsonObject { ["groupVersion"] = $"{group}/v1", ["version"] = "v1" };
        return new JsonObject
        {
            ["name"] = group,
            ["versions"] = new JsonArray(version),
            ["preferredVersion"] = version.DeepClone(),
        };
    }

    private static JsonObject Describe(string plural, string kind) => new()
    {
        ["name"] = plural,
        ["singularName"] = kind.ToLowerInvariant(),
        ["namespaced"] = false,
        ["kind"] = kind,
        ["verbs"] = new JsonArray("create"),
    };

    private static JsonObject Describe(KubeResource resource)
    {
        JsonArray verbs = resource switch
        {
            { Kind: "Namespace" } => new JsonArray("create", "delete", "get", "list", "patch", "update", "watch"),
            _ => new JsonArray("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"),
        };
        var description = new JsonObject
        {
            ["name"] = resource.Plural,
            ["singularName"] = resource.Kind.ToLowerInvariant(),
            ["namespaced"] = resource.IsNamespaced,
            ["kind"] = resource.Kind,
            ["verbs"] = verbs,
        };
        if (resource.ShortName.Length > 0)
            description["shortNames"] = new JsonArray(resource.ShortName);

        if (resource == KubeResource.Services || resource == KubeResource.Deployments)
            description["categories"] = new JsonArray("all");

        return description;
    }
}
