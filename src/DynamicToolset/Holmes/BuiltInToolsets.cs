using System.Collections.Frozen;

namespace DynamicToolset.Holmes;

/// <summary>HolmesGPT's own toolsets.</summary>
public static class BuiltInToolsets
{
    private static readonly FrozenSet<string> Lasting = FrozenSet.Create(
        StringComparer.Ordinal,
        "kubernetes/core", "kubernetes/logs", "kubernetes/live-metrics", "kubernetes/kube-prometheus-stack", "kubernetes/krew-extras",
        "kubernetes/kube-lineage-extras", "prometheus/metrics", "grafana/dashboards", "grafana/loki", "grafana/tempo", "opensearch/query_assist",
        "kafka/admin", "rabbitmq/core", "argocd/core", "helm/core", "openshift/core", "openshift/logs", "openshift/live-metrics", "openshift/security",
        "newrelic", "datadog/logs", "datadog/metrics", "datadog/traces", "datadog/general", "coralogix/logs", "bash", "internet", "robusta",
        "core_investigation", "docker/core", "aks/core", "aks/node-health", "cilium/core", "hubble/observability", "slab", "notion", "confluence",
        "azure/sql", "MongoDBAtlas", "servicenow/tables");

    private static readonly FrozenSet<string> Older = Lasting
        .Concat(["opensearch/status", "opensearch/logs", "opensearch/traces", "datadog/rds", "runbook", "git", "aws/rds", "aws/security"])
        .ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Newer = Lasting
        .Concat([
            "elasticsearch/data", "elasticsearch/cluster", "victorialogs", "coralogix", "crossplane/core", "kubevela/core", "skills",
            "connectivity_check", "database/sql", "kubectl-run", "inspektor-gadget/node", "inspektor-gadget/tcpdump",
        ])
        .ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Their tag is <c>cli</c>: the server leaves them out.</summary>
    private static readonly FrozenSet<string> ForTheCommandLine = FrozenSet.Create(
        StringComparer.Ordinal,
        "docker/core", "aks/core", "aks/node-health", "cilium/core", "hubble/observability", "kubernetes/krew-extras", "aws/rds", "aws/security",
        "inspektor-gadget/node", "inspektor-gadget/tcpdump");

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
        Older.Concat(Newer).Where(n => n.Contains('/')).Select(FamilyOf).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Why a server of the target has no such toolset to switch on; null where it has.</summary>
    public static string? ProblemWith(string name, HolmesTarget target)
    {
        if (!Older.Contains(name) && !Newer.Contains(name))
            return RealNames.TryGetValue(name, out string? real) ? $"is no toolset of HolmesGPT: write {real}" : "is no toolset of HolmesGPT";
        if (!Newer.Contains(name))
            return "is gone in the releases of 2026";
        if (target == HolmesTarget.Compat && !Older.Contains(name))
            return "is not in the releases of 2025: leave it out, or set HOLMES_TARGET=current";
        return ForTheCommandLine.Contains(name) ? "is for HolmesGPT's command line: its server leaves it out" : null;
    }

    /// <summary>Where it has no config it looks for one in HolmesGPT's environment, of which a file says nothing.</summary>
    internal static bool AsksItsEnvironment(string name) => name is "prometheus/metrics" or "rabbitmq/core";

    internal static FrozenSet<string> AreIn(HolmesRelease release) => release == HolmesRelease.Older ? Older : Newer;

    internal static bool IsKnown(string name) => Older.Contains(name) || Newer.Contains(name);

    internal static bool IsForTheCommandLine(string name) => ForTheCommandLine.Contains(name);

    internal static bool TakesNoConfig(string name) =>
        FamilyOf(name) is "kubernetes" or "openshift" or "argocd" or "helm" or "crossplane" or "kubevela" || name == "opensearch/query_assist";

    /// <summary>Upstream gives its other toolsets instructions.</summary>
    internal static bool HasNoInstructions(string name) => name.StartsWith("elasticsearch/", StringComparison.Ordinal);

    /// <summary>True where upstream may well give the name to a toolset of its own one day.</summary>
    internal static bool IsInTheirFamily(string name) => name.Contains('/') && Families.Contains(FamilyOf(name));

    internal static string? RealNameOf(string name) => RealNames.GetValueOrDefault(name);

    private static string FamilyOf(string name) => name.Split('/')[0];
}
