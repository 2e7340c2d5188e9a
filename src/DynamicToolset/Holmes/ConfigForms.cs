using System.Collections.Frozen;

namespace DynamicToolset.Holmes;

/// <summary>The configs of the built-in toolsets for what is found in a cluster.</summary>
internal static class ConfigForms
{
    private static readonly ConfigForm Prometheus = Form(
        lasting:
        [
            "prometheus_url", "healthcheck", "headers", "prometheus_ssl_enabled", "additional_labels", "default_query_timeout_seconds",
            "max_query_timeout_seconds", "default_metadata_timeout_seconds", "max_metadata_timeout_seconds", "default_metadata_time_window_hrs",
            "rules_cache_duration_seconds", "tool_calls_return_data", "query_response_size_limit_pct", "aws_region", "aws_access_key",
            "aws_secret_access_key", "aws_service_name", "assume_role_arn", "refresh_interval_seconds",
        ],
        newer: ["instances", "azure_client_id", "azure_client_secret", "azure_tenant_id", "azure_resource", "azure_use_managed_id"],
        required: "prometheus_url",
        ("additional_headers", "headers"),
        ("verify_ssl", "prometheus_ssl_enabled"),
        ("query_timeout_seconds_default", "default_query_timeout_seconds"),
        ("query_timeout_seconds_hard_max", "max_query_timeout_seconds"),
        ("metadata_timeout_seconds_default", "default_metadata_timeout_seconds"),
        ("metadata_timeout_seconds_hard_max", "max_metadata_timeout_seconds"),
        ("discover_metrics_from_last_hours", "default_metadata_time_window_hrs")) with
    { IsOptional = true, IsRequiredInOlderOnly = true };

    private static readonly ConfigForm Grafana = Form(
        lasting: ["url", "api_key", "headers", "grafana_datasource_uid", "external_url", "healthcheck", "labels"],
        newer: ["username", "password", "verify_ssl", "timeout_seconds", "max_retries", "enable_rendering", "instances"],
        required: "url",
        ("api_url", "url"),
        ("additional_headers", "headers"));

    private static readonly ConfigForm Elasticsearch = Form(
        lasting: ["url"],
        newer: ["api_key", "username", "password", "client_cert", "client_key", "verify_ssl", "timeout_seconds", "instances"],
        required: "url",
        ("api_url", "url"));

    private static readonly ConfigForm VictoriaLogs = Form(
        lasting: ["api_url"],
        newer: ["username", "password", "bearer_token", "headers", "verify_ssl", "timeout_seconds", "external_url", "instances"],
        required: "api_url");

    private static readonly ConfigForm Kafka = Form(
        lasting: ["kafka_clusters"], newer: [], required: "kafka_clusters", ("clusters", "kafka_clusters"), ("broker", "kafka_broker")) with
    { Items = ("kafka_clusters", "kafka_broker") };

    private static readonly ConfigForm RabbitMq = Form(
        lasting: ["clusters"], newer: [], required: "clusters", ("api_url", "management_url")) with
    { Items = ("clusters", "management_url"), IsOptional = true };

    private static readonly FrozenDictionary<string, ConfigForm> All = new Dictionary<string, ConfigForm>
    {
        ["prometheus/metrics"] = Prometheus,
        ["grafana/dashboards"] = Grafana,
        ["grafana/loki"] = Grafana,
        ["grafana/tempo"] = Grafana,
        ["elasticsearch/data"] = Elasticsearch,
        ["elasticsearch/cluster"] = Elasticsearch,
        ["victorialogs"] = VictoriaLogs,
        ["kafka/admin"] = Kafka,
        ["rabbitmq/core"] = RabbitMq,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenSet<string> WithoutConfig = FrozenSet.Create(
        StringComparer.Ordinal,
        "kubernetes/core", "kubernetes/logs", "kubernetes/live-metrics", "kubernetes/kube-prometheus-stack", "argocd/core", "helm/core",
        "openshift/core", "openshift/logs", "openshift/live-metrics", "openshift/security", "opensearch/query_assist", "crossplane/core", "kubevela/core");

    /// <summary>Null for a toolset whose config is not known here.</summary>
    public static ConfigForm? Of(string toolset) => All.GetValueOrDefault(toolset);

    public static bool TakesNone(string toolset) => WithoutConfig.Contains(toolset);

    private static ConfigForm Form(string[] lasting, string[] newer, string required, params (string Newer, string Older)[] renamed) => new(
        lasting.ToFrozenSet(StringComparer.Ordinal),
        newer.ToFrozenSet(StringComparer.Ordinal),
        renamed.ToFrozenDictionary(r => r.Newer, r => r.Older, StringComparer.Ordinal),
        required);
}
