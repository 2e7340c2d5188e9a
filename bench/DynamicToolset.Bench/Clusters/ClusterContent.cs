using System.Globalization;
using System.Text.Json.Nodes;
using DynamicToolset.Cluster;

namespace DynamicToolset.Bench.Clusters;

/// <summary>The Services that a cluster starts with.</summary>
/// <param name="Services">All of them.</param>
/// <param name="Backends">How many of them are backends.</param>
internal sealed record ClusterContent(int Services, int Backends)
{
    /// <summary>Where <c>deploy/base</c> puts the service.</summary>
    public const string OwnNamespace = "kubernaut-system";

    private const int Teams = 50;

    /// <summary>As much of a cluster is backends in every bench, so that sizes can be compared.</summary>
    private const int ServicesPerBackend = 100;

    public static ClusterContent Usual { get; } = Of(1_000);

    /// <summary>To see what grows with the number of Services.</summary>
    public static ClusterContent Large { get; } = Of(20_000);

    public string Name => string.Create(CultureInfo.InvariantCulture, $"{Services:#,0} Services");

    public static IEnumerable<string> Namespaces => [Backend.Namespace, .. Enumerable.Range(0, Teams).Select(TeamOf)];

    public IEnumerable<JsonObject> Manifests =>
        [.. Enumerable.Range(0, Backends).Select(i => new Backend(i).Manifest), .. Enumerable.Range(0, Bystanders).Select(Bystander)];

    public int Bystanders => Services - Backends;

    public static ClusterContent Of(int services) => new(services, services / ServicesPerBackend);

    /// <param name="index">Below <see cref="Bystanders"/>.</param>
    public static ObjectKey BystanderKey(int index) => new(TeamOf(index % Teams), $"orders-{index:00000}");

    /// <summary>A Service that is no backend, with as much metadata as those that Helm installs have.</summary>
    private static JsonObject Bystander(int index) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Service",
        ["metadata"] = new JsonObject
        {
            ["name"] = BystanderKey(index).Name,
            ["namespace"] = BystanderKey(index).Namespace,
            ["labels"] = new JsonObject
            {
                ["app.kubernetes.io/name"] = "orders",
                ["app.kubernetes.io/instance"] = $"orders-{index:00000}",
                ["app.kubernetes.io/version"] = "1.4.2",
                ["app.kubernetes.io/managed-by"] = "Helm",
                ["helm.sh/chart"] = "orders-3.1.0",
            },
            ["annotations"] = new JsonObject
            {
                ["meta.helm.sh/release-name"] = $"orders-{index:00000}",
                ["meta.helm.sh/release-namespace"] = TeamOf(index % Teams),
            },
        },
        ["spec"] = new JsonObject
        {
            ["selector"] = new JsonObject { ["app.kubernetes.io/instance"] = $"orders-{index:00000}" },
            ["ports"] = new JsonArray(Port("http", 8080), Port("metrics", 9102)),
        },
    };

    private static JsonObject Port(string name, int number) => new() { ["name"] = name, ["port"] = number };

    private static string TeamOf(int index) => $"team-{index:00}";
}
