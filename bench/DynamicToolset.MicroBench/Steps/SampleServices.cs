using System.Collections.Immutable;
using DynamicToolset.Cluster;

namespace DynamicToolset.MicroBench.Steps;

/// <summary>Services as steps are given them.</summary>
internal static class SampleServices
{
    private const int PerNamespace = 50;

    /// <summary>As they lie in clusters: of a hundred three are backends, four come beside backends, the rest has nothing to do with them.</summary>
    public static ImmutableArray<ServiceRecord> Mixed(int count) => [.. Enumerable.Range(0, count).Select(MixedAt)];

    /// <summary>Backends of one kind, each with pods of its own.</summary>
    public static ImmutableArray<ServiceRecord> Backends(int count) =>
        [.. Enumerable.Range(0, count).Select(i => Service($"team-{i / PerNamespace}", $"prometheus-{i}", "prometheus", $"of-{i}", ("web", 9090)))];

    /// <summary>Of one namespace and over the same pods: each might be another name of any other.</summary>
    public static ImmutableArray<ServiceRecord> Twins(int count) =>
        [.. Enumerable.Range(0, count).Select(i => Service("team", $"prometheus-{i}", "prometheus", "one", ("web", 9090)))];

    /// <summary>Taken for what they are because their owners say so.</summary>
    public static ImmutableArray<ServiceRecord> Custom(int count) =>
    [
        .. Enumerable.Range(0, count).Select(i => Service($"team-{i / PerNamespace}", $"own-{i}", "own", $"of-{i}", ("http", 8080)) with
        {
            Annotations = new Dictionary<string, string> { ["kubernaut.io/toolset"] = "true", ["kubernaut.io/toolset-type"] = "custom" },
        }),
    ];

    public static ServiceSnapshot Snapshot(IEnumerable<ServiceRecord> services) => new([services.ToImmutableDictionary(s => s.Key)]);

    private static ServiceRecord MixedAt(int index)
    {
        string ns = $"namespace-{index / PerNamespace}", shop = $"shop-{index % PerNamespace}";
        return (index % 100) switch
        {
            0 => Service(ns, "kps-prometheus", "prometheus", "release", ("http-web", 9090), ("reloader-web", 8080)),
            1 => Service(ns, "kps-grafana", "grafana", "release", ("http-web", 80)),
            2 => Service(ns, "kps-alertmanager", "alertmanager", "release", ("http-web", 9093)),
            3 => Service(ns, "kps-prometheus-node-exporter", "prometheus-node-exporter", "release", ("http-metrics", 9100)),
            4 => Service(ns, "kps-kube-state-metrics", "kube-state-metrics", "release", ("http", 8080)),
            5 => Service(ns, "kps-operator", "prometheus-operator", "release", ("https", 443)),
            6 => Service(ns, "grafana-agent", "grafana-agent", "release", ("http", 80)),
            _ => Service(ns, $"{shop}-api", shop, "release", ("http", 8080), ("grpc", 9000)),
        };
    }

    private static ServiceRecord Service(string ns, string name, string app, string instance, params ReadOnlySpan<(string Name, int Number)> ports)
    {
        var labels = new Dictionary<string, string>
        {
            ["app.kubernetes.io/name"] = app,
            ["app.kubernetes.io/instance"] = instance,
            ["app.kubernetes.io/managed-by"] = "Helm",
            ["app.kubernetes.io/version"] = "1.2.3",
            ["helm.sh/chart"] = $"{app}-4.5.6",
        };
        var all = ImmutableArray.CreateBuilder<ServicePort>(ports.Length);
        foreach ((string port, int number) in ports)
            all.Add(new ServicePort(port, number));
        return new ServiceRecord(
            new ObjectKey(ns, name),
            "",
            "",
            ServiceKind.ClusterIP,
            labels,
            ImmutableDictionary<string, string>.Empty,
            all.MoveToImmutable(),
            new Dictionary<string, string> { ["app.kubernetes.io/name"] = app, ["app.kubernetes.io/instance"] = instance });
    }
}
