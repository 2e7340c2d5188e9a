using System.Text.Json.Nodes;

namespace DynamicToolset.Kubernetes.Tests.Contract;

/// <summary>What a rule of a role allows, taken apart: one verb on one resource.</summary>
/// <param name="Resource">The plural name, with the subresource after a slash.</param>
/// <param name="Namespace">Empty for the whole cluster.</param>
/// <param name="Name">Empty for every object.</param>
internal sealed record Right(string Verb, string Group, string Resource, string Namespace = "", string Name = "")
{
    /// <summary>All that a rule allows, in this namespace.</summary>
    public static IEnumerable<Right> Of(JsonObject rule, string ns) =>
        from verb in Texts(rule, "verbs")
        from grp in Texts(rule, "apiGroups")
        from resource in Texts(rule, "resources")
        from name in rule["resourceNames"] is null ? [""] : Texts(rule, "resourceNames")
        select new Right(verb, grp, resource, ns, name);

    /// <summary>The question for it, https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/subject-access-review-v1/.</summary>
    public JsonObject ToAttributes()
    {
        string[] resource = Resource.Split('/');
        return new JsonObject
        {
            ["verb"] = Verb,
            ["group"] = Group,
            ["resource"] = resource[0],
            ["subresource"] = resource.ElementAtOrDefault(1) ?? "",
            ["namespace"] = Namespace,
            ["name"] = Name,
        };
    }

    private static IEnumerable<string> Texts(JsonObject rule, string field) => rule[field]!.AsArray().Select(item => (string)item!);
}
