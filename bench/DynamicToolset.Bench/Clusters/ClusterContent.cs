using System.Globalization;
using System.Text.Json.Nodes;
using DynamicToolset.Cluster;

namespace DynamicToolset.Bench.Clusters;

/// <summary>The Services that a cluster starts with.</summary>
/// <param name="Services">All of them.</param>
/// <param name="Backends">How many of them are backends.</param>
/// <param name="Custom">How many others have an owner who says that they are backends of no known kind.</param>
internal sealed record ClusterContent(int Services, int Backends, int Custom = 0)
{
    /// <summary>Where <c>deploy/base</c> puts the service.</summary>
    public const string OwnNamespace = "kubernaut-system";

    private const int Teams = 50;
    private const int CustomPort = 8080;

    /// <summary>As much of a cluster is backends in every bench, so that sizes can be compared.</summary>
    private const int ServicesPerBackend = 100;

    public static ClusterContent Usual { get; } = Of(1_000);

    public string Name => string.Create(CultureInfo.InvariantCulture, $"{Services:#,0} Services");

    public static IEnumerable<string> Namespaces => [Backend.Namespace, .. Enumerable.Range(0, Teams).Select(TeamOf)];

    public IEnumerable<JsonObject> Manifests =>
    [
        .. Enumerable.Range(0, Backends).Select(i => new Backend(i).Manifest),
        .. Enumerable.Range(0, Custom).Select(CustomAt),
        .. Enumerable.Range(0, Bystanders).Select(Bystander),
    ];

    public int Bystanders => Services - Backends - Custom;

    /// <summary>Of the custom ones.</summary>
    public IEnumerable<string> CustomHosts => Enumerable.Range(0, Custom).Select(i => $"{CustomName(i)}.{TeamOf(i % Teams)}:{CustomPort}");

    public static ClusterContent Of(int services) => new(services, services / ServicesPerBackend);

    /// <param name="index">Below <see cref="Bystanders"/>.</param>
    public static ObjectKey BystanderKey(int index) => new(TeamOf(index % Teams), $"orders-{index:00000}");

    private static JsonObject CustomAt(int index) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Service",
        ["metadata"] = new JsonObject
        {
            ["name"] = CustomName(index),
            ["namespace"] = TeamOf(index % Teams),
            ["annotations"] = new JsonObject { ["kubernaut.io/toolset"] = "true", ["kubernaut.io/toolset-type"] = "custom" },
        },
        ["spec"] = new JsonObject
        {
            ["clusterIP"] = "None",
            ["selector"] = new JsonObject { ["app"] = CustomName(index) },
            ["ports"] = new JsonArray(Port("http", CustomPort)),
        },
    };

    private static string CustomName(int index) => $"own-{index:0000}";

    /// <summary>
    /// A Service that is no backend, with as much metadata as those that Helm installs have. Without an address of its own: for each of these an API
    /// server writes down all that it has given, and its store would soon be full.
    /// </summary>
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
            ["clusterIP"] = "None",
            ["selector"] = new JsonObject { ["app.kubernetes.io/instance"] = $"orders-{index:00000}" },
            ["ports"] = new JsonArray(Port("http", 8080), Port("metrics", 9102)),
        },
    };

    private static JsonObject Port(string name, int number) => new() { ["name"] = name, ["port"] = number };

    private static string TeamOf(int index) => $"team-{index:00}";
}
