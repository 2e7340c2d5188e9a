using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace DynamicToolset.Service.Tests.Deploy;

/// <summary>One verb on one resource, as <c>deploy/base/rbac.yaml</c> grants it.</summary>
/// <param name="Role">Kind and name of what grants it, as behind <c>kubectl get</c>.</param>
/// <param name="Namespace">Null where it counts in the whole cluster.</param>
/// <param name="Resource">With a subresource, where one is meant.</param>
internal sealed record ShippedRight(ImmutableArray<string> Role, string? Namespace, string Group, string Resource, string? Name, string Verb)
{
    public static ImmutableArray<ShippedRight> All { get; } = Read();

    /// <summary>What tests call it.</summary>
    public string Title => $"{Verb} {Resource}";

    /// <summary>What <c>kubectl auth can-i</c> is asked.</summary>
    public string[] Question
    {
        get
        {
            string[] parts = Resource.Split('/');
            string resource = parts[0] + (Group.Length > 0 ? $".{Group}" : "") + (Name is null ? "" : $"/{Name}");
            return [Verb, resource, .. parts.Skip(1).Select(sub => $"--subresource={sub}"), "-n", Namespace ?? "monitoring"];
        }
    }

    /// <summary>The same role without this right.</summary>
    public JsonObject TakenFrom(JsonObject role)
    {
        JsonArray rules = role["rules"]!.AsArray();
        JsonNode rule = rules.Single(r => (string?)r!["resources"]![0] == Resource)!;
        rule["verbs"]!.AsArray().RemoveAll(v => (string?)v == Verb);
        if (rule["verbs"]!.AsArray().Count == 0)
            rules.Remove(rule);
        return role;
    }

    private static ImmutableArray<ShippedRight> Read() =>
    [
        .. from role in RenderedManifests.ReadFile("deploy/base/rbac.yaml")
           where role["rules"] is not null
           from rule in role["rules"]!.AsArray()
           from verb in rule["verbs"]!.AsArray()
           select new ShippedRight(
               [((string)role["kind"]!).ToLowerInvariant(), (string)role["metadata"]!["name"]!],
               (string?)role["metadata"]!["namespace"],
               (string)rule["apiGroups"]!.AsArray().Single()!,
               (string)rule["resources"]!.AsArray().Single()!,
               (string?)rule["resourceNames"]?.AsArray().Single(),
               (string)verb!),
    ];
}
