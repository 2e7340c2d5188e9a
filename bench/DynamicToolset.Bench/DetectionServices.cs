using System.Collections.Immutable;
using DynamicToolset.Cluster;

namespace DynamicToolset.Bench;

/// <summary>Services as they lie in clusters: of a hundred two are backends, five come beside backends, the rest has nothing to do with them.</summary>
internal static class DetectionServices
{
    private const int PerNamespace = 50;

    public static ImmutableArray<ServiceRecord> Make(int count) => [.. Enumerable.Range(0, count).Select(At)];

    private static ServiceRecord At(int index) => (index % 100) switch
    {
        0 => Service(index, "kps-prometheus", "prometheus", ("http-web", 9090), ("reloader-web", 8080)),
        1 => Service(index, "kps-grafana", "grafana", ("http-web", 80)),
        2 => Service(index, "kps-alertmanager", "alertmanager", ("http-web", 9093)),
        3 => Service(index, "kps-prometheus-node-exporter", "prometheus-node-exporter", ("http-metrics", 9100)),
        4 => Service(index, "kps-kube-state-metrics", "kube-state-metrics", ("http", 8080)),
        5 => Service(index, "kps-operator", "prometheus-operator", ("https", 443)),
        6 => Service(index, "grafana-agent", "grafana-agent", ("http", 80)),
        _ => Service(index, $"shop-{index % PerNamespace}-api", $"shop-{index % PerNamespace}", ("http", 8080), ("grpc", 9000)),
    };

    private static ServiceRecord Service(int index, string name, string app, params ReadOnlySpan<(string Name, int Number)> ports)
    {
        var labels = new Dictionary<string, string>
        {
            ["app.kubernetes.io/name"] = app,
            ["app.kubernetes.io/instance"] = "release",
            ["app.kubernetes.io/managed-by"] = "Helm",
            ["app.kubernetes.io/version"] = "1.2.3",
            ["helm.sh/chart"] = $"{app}-4.5.6",
        };
        var all = ImmutableArray.CreateBuilder<ServicePort>(ports.Length);
        foreach ((string port, int number) in ports)
            all.Add(new ServicePort(port, number));
        return new ServiceRecord(
            new ObjectKey($"namespace-{index / PerNamespace}", name),
            "",
            "",
            ServiceKind.ClusterIP,
            labels,
            ImmutableDictionary<string, string>.Empty,
            all.MoveToImmutable(),
            new Dictionary<string, string> { ["app.kubernetes.io/name"] = app, ["app.kubernetes.io/instance"] = "release" });
    }
}
