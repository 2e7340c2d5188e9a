using System.Collections.Frozen;

namespace DynamicToolset.Holmes;

/// <summary>Names of HolmesGPT's own toolsets, as far as they matter for what runs in a cluster.</summary>
internal static class BuiltInToolsets
{
    /// <summary>In the releases of November 2025 and of July 2026.</summary>
    private static readonly FrozenSet<string> Lasting = FrozenSet.Create(
        StringComparer.Ordinal,
        "kubernetes/core", "kubernetes/logs", "kubernetes/live-metrics", "kubernetes/kube-prometheus-stack", "kubernetes/kube-lineage",
        "kubernetes/krew-kube-lineage", "kubernetes/kube-lineage-extras", "kubernetes/krew-kube-lineage-extras", "prometheus/metrics",
        "grafana/dashboards", "grafana/loki", "grafana/tempo", "opensearch/query_assist", "kafka/admin", "rabbitmq/core", "argocd/core", "helm/core",
        "openshift/core", "openshift/logs", "openshift/live-metrics", "openshift/security", "newrelic", "datadog/logs", "datadog/metrics",
        "datadog/traces", "datadog/general", "coralogix/logs", "bash", "internet", "robusta", "core_investigation", "runbook", "docker/core", "git",
        "aks/core", "aks/node-health", "aws/security", "aws/rds", "cilium/core", "hubble/observability", "slab", "notion", "confluence", "azure/sql",
        "MongoDBAtlas", "servicenow");

    /// <summary>Not in November 2025.</summary>
    private static readonly FrozenSet<string> Newer = FrozenSet.Create(
        StringComparer.Ordinal,
        "elasticsearch/data", "elasticsearch/cluster", "victorialogs", "coralogix", "crossplane/core", "kubevela/core", "skills", "connectivity_check");

    /// <summary>Gone in July 2026.</summary>
    private static readonly FrozenSet<string> Older =
        FrozenSet.Create(StringComparer.Ordinal, "opensearch/status", "opensearch/logs", "opensearch/traces", "datadog/rds");

    /// <summary>What people write, and the name that HolmesGPT knows.</summary>
    private static readonly FrozenDictionary<string, string> RealNames = new Dictionary<string, string>
    {
        ["kubernetes"] = "kubernetes/core",
        ["prometheus"] = "prometheus/metrics",
        ["grafana"] = "grafana/dashboards",
        ["loki"] = "grafana/loki",
        ["tempo"] = "grafana/tempo",
        ["elasticsearch"] = "elasticsearch/data",
        ["kafka"] = "kafka/admin",
        ["rabbitmq"] = "rabbitmq/core",
        ["argocd"] = "argocd/core",
        ["helm"] = "helm/core",
        ["openshift"] = "openshift/core",
        ["datadog"] = "datadog/general",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Families =
        Lasting.Concat(Newer).Concat(Older).Where(n => n.Contains('/')).Select(FamilyOf).ToFrozenSet(StringComparer.Ordinal);

    public static bool IsKnown(string name) => Lasting.Contains(name) || Newer.Contains(name) || Older.Contains(name);

    public static bool IsNewer(string name) => Newer.Contains(name);

    public static bool IsGone(string name) => Older.Contains(name);

    /// <summary>Upstream gives its other toolsets instructions.</summary>
    public static bool HasNoInstructions(string name) => name.StartsWith("elasticsearch/", StringComparison.Ordinal);

    /// <summary>True where upstream may well give the name to a toolset of its own one day.</summary>
    public static bool IsInTheirFamily(string name) => name.Contains('/') && Families.Contains(FamilyOf(name));

    public static string? RealNameOf(string name) => RealNames.GetValueOrDefault(name);

    private static string FamilyOf(string name) => name[..name.IndexOf('/')];
}
