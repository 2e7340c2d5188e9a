using System.Collections.Immutable;
using System.Text.Json.Nodes;
using DynamicToolset.Testing;
using k8s;

namespace DynamicToolset.Kubernetes.Tests.Contract;

/// <summary>The manifests of the rights that this program is shipped with, as the official client reads it, made for the namespace of a test.</summary>
internal sealed class ShippedRights
{
    private const string ShippedNamespace = "kubernaut-system";

    private static readonly string[] Files = ["rbac.yaml", "api-rbac.yaml"];

    private readonly ContractCluster _cluster;
    private readonly ImmutableArray<JsonObject> _objects;

    public ShippedRights(ContractCluster cluster)
    {
        _cluster = cluster;
        _objects = [.. Files.SelectMany(Read).Select(item => JsonNode.Parse(KubernetesJson.Serialize(item))!.AsObject())];
        foreach (JsonObject item in _objects)
            Move(item);
    }

    /// <summary>The names of the ServiceAccounts that any binding names.</summary>
    public IReadOnlyCollection<string> Accounts => [.. Bindings.SelectMany(SubjectsOf).Distinct()];

    private IEnumerable<JsonObject> Bindings => _objects.Where(item => item["roleRef"] is not null);

    /// <summary>What its bindings allow to this ServiceAccount.</summary>
    public IReadOnlyCollection<Right> Of(string account) =>
    [
        .. from binding in Bindings
           where SubjectsOf(binding).Contains(account)
           from rule in RoleOf(binding)["rules"]!.AsArray()
           from right in Right.Of(rule!.AsObject(), (string?)binding["metadata"]!["namespace"] ?? "")
           select right,
    ];

    /// <summary>Creates the roles and bindings.</summary>
    public async Task CreateAsync()
    {
        foreach (JsonObject item in _objects)
        {
            string place = (string?)item["metadata"]!["namespace"] is { } ns ? $"namespaces/{ns}/" : "";
            await _cluster.PostAsync($"/apis/rbac.authorization.k8s.io/v1/{place}{PluralOf(item)}", item);
        }
    }

    private static IEnumerable<object> Read(string file) =>
        KubernetesYaml.LoadAllFromString(File.ReadAllText(Path.Combine(RepositoryRoot.Path, "deploy", "base", file)));

    // Names of cluster-wide objects are taken by the tests before.
    private void Move(JsonObject item)
    {
        JsonNode metadata = item["metadata"]!;
        if (metadata["namespace"] is null)
            metadata["name"] = $"{metadata["name"]}-{_cluster.Namespace}";
        else
            metadata["namespace"] = _cluster.Namespace;
        if (item["roleRef"] is { } role && (string?)role["kind"] == "ClusterRole")
            role["name"] = $"{role["name"]}-{_cluster.Namespace}";
        foreach (JsonNode? subject in item["subjects"]?.AsArray() ?? [])
        {
            Assert.Equal(ShippedNamespace, (string?)subject!["namespace"]);
            subject["namespace"] = _cluster.Namespace;
        }
    }

    private JsonObject RoleOf(JsonObject binding) => _objects.Single(item =>
        (string?)item["kind"] == (string?)binding["roleRef"]!["kind"] && (string?)item["metadata"]!["name"] == (string?)binding["roleRef"]!["name"]);

    private static IEnumerable<string> SubjectsOf(JsonObject binding) => binding["subjects"]!.AsArray().Select(subject => (string)subject!["name"]!);

    private static string PluralOf(JsonObject item) => (string?)item["kind"] switch
    {
        "Role" => "roles",
        "ClusterRole" => "clusterroles",
        "RoleBinding" => "rolebindings",
        "ClusterRoleBinding" => "clusterrolebindings",
        var other => throw new InvalidDataException($"a manifest of rights holds a {other}"),
    };
}
