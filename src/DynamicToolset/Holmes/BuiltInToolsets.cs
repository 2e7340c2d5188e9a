using System.Collections.Immutable;

namespace DynamicToolset.Holmes;

/// <summary>HolmesGPT's own toolsets.</summary>
public static class BuiltInToolsets
{
    /// <summary>The toolsets of both releases. The first of a family is what its bare name means.</summary>
    private static readonly ImmutableArray<string> Lasting =
    [
        "kubernetes/core", "kubernetes/logs", "kubernetes/live-metrics", "kubernetes/kube-prometheus-stack", "kubernetes/krew-extras",
        "kubernetes/kube-lineage-extras", "prometheus/metrics", "grafana/dashboards", "grafana/loki", "grafana/tempo", "opensearch/query_assist",
        "kafka/admin", "rabbitmq/core", "argocd/core", "helm/core", "openshift/core", "openshift/logs", "openshift/live-metrics", "openshift/security",
        "newrelic", "datadog/general", "datadog/logs", "datadog/metrics", "datadog/traces", "coralogix/logs", "bash", "internet", "robusta",
        "core_investigation", "docker/core", "aks/core", "aks/node-health", "cilium/core", "hubble/observability", "slab", "notion", "confluence",
        "azure/sql", "MongoDBAtlas", "servicenow/tables",
    ];

    private static readonly ImmutableArray<string> Older =
        [.. Lasting, "opensearch/status", "opensearch/logs", "opensearch/traces", "datadog/rds", "runbook", "git", "aws/rds", "aws/security"];

    private static readonly ImmutableArray<string> Newer =
    [
        .. Lasting, "elasticsearch/data", "elasticsearch/cluster", "victorialogs", "coralogix", "crossplane/core", "kubevela/core", "skills",
        "connectivity_check", "database/sql", "kubectl-run", "inspektor-gadget/node", "inspektor-gadget/tcpdump",
    ];

    /// <summary>Their tag is <c>cli</c>: the server leaves them out.</summary>
    private static readonly ImmutableArray<string> ForTheCommandLine =
    [
        "docker/core", "aks/core", "aks/node-health", "cilium/core", "hubble/observability", "kubernetes/krew-extras", "aws/rds", "aws/security",
        "inspektor-gadget/node", "inspektor-gadget/tcpdump",
    ];

    /// <summary>Why a server of the target has no such toolset to switch on; null where it has.</summary>
    public static string? ProblemWith(string name, HolmesTarget target)
    {
        if (!Older.Contains(name) && !Newer.Contains(name))
            return RealNameOf(name) is { } real ? $"is not a toolset of HolmesGPT: write {real}" : "is not a toolset of HolmesGPT";
        if (!Newer.Contains(name))
            return "was removed in the releases of 2026";
        if (target == HolmesTarget.Compat && !Older.Contains(name))
            return "is not in the releases of 2025: remove it, or set HOLMES_TARGET=current";
        return ForTheCommandLine.Contains(name) ? "is only for HolmesGPT's command line: its server does not have it" : null;
    }

    /// <summary>Where it has no config it looks for one in HolmesGPT's environment, of which a file says nothing.</summary>
    internal static bool AsksItsEnvironment(string name) => name is "prometheus/metrics" or "rabbitmq/core";

    internal static ImmutableArray<string> AreIn(HolmesRelease release) => release == HolmesRelease.Older ? Older : Newer;

    internal static bool IsForTheCommandLine(string name) => ForTheCommandLine.Contains(name);

    internal static bool TakesNoConfig(string name) =>
        FamilyOf(name) is "kubernetes" or "openshift" or "argocd" or "helm" or "crossplane" or "kubevela" || name == "opensearch/query_assist";

    /// <summary>Upstream gives its other toolsets instructions.</summary>
    internal static bool HasNoInstructions(string name) => FamilyOf(name) == "elasticsearch";

    /// <summary>The name that HolmesGPT knows for what people write: a family alone, or a backend of Grafana's. None of that family reads OpenSearch.</summary>
    internal static string? RealNameOf(string name) =>
        name == "opensearch" ? null : Newer.FirstOrDefault(n => FamilyOf(n) == name || n == $"grafana/{name}");

    private static string FamilyOf(string name) => name.Split('/')[0];
}
