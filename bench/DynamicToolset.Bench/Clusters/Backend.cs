using System.Text.Json.Nodes;

namespace DynamicToolset.Bench.Clusters;

/// <summary>One of many Prometheus servers. The first keeps the plain key as long as it is there.</summary>
/// <param name="Index">From 0.</param>
internal sealed record Backend(int Index)
{
    /// <summary>Where a Service is created.</summary>
    public const string Collection = $"api/v1/namespaces/{Namespace}/services";

    public const string Namespace = "monitoring";

    private const int Port = 9090;

    public string Host => $"{Name}.{Namespace}:{Port}";

    /// <summary>Of the ConfigMap.</summary>
    public string Key => Index == 0 ? "prometheus-toolset.yaml" : $"prometheus-{Namespace}-{Name}-toolset.yaml";

    public string Path => $"{Collection}/{Name}";

    public JsonObject Manifest => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Service",
        ["metadata"] = new JsonObject
        {
            ["name"] = Name,
            ["namespace"] = Namespace,
            ["labels"] = new JsonObject { ["app"] = "prometheus", ["app.kubernetes.io/instance"] = Name },
        },
        ["spec"] = new JsonObject
        {
            // Of its own, else all would be other names of one backend.
            ["selector"] = new JsonObject { ["app"] = "prometheus", ["instance"] = Name },
            ["ports"] = new JsonArray(new JsonObject { ["name"] = "web", ["port"] = Port }),
        },
    };

    public string Name => $"prometheus-{Index:000}";

    /// <summary>True where the ConfigMap's data has the toolset of this backend.</summary>
    public bool IsIn(IReadOnlyDictionary<string, string> data) =>
        data.TryGetValue(Key, out string? text) && text.Contains($"http://{Host}", StringComparison.Ordinal);
}
