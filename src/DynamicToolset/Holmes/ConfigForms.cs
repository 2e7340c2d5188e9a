using System.Text.RegularExpressions;
using DynamicToolset.Yaml;
using static DynamicToolset.Holmes.FieldType;
using static DynamicToolset.Holmes.Form;

namespace DynamicToolset.Holmes;

/// <summary>The configs of toolsets: HolmesGPT's classes with Config in their name, below holmes/plugins/toolsets.</summary>
internal static partial class ConfigForms
{
    private static readonly FieldType Positive = Between(1, double.MaxValue);

    private static readonly Form Prometheus = new Form()
        .With(Url.Needed, "prometheus_url")
        .With(Texts, "headers > additional_headers")
        .With(Texts.OrNull, "additional_labels")
        .With(Flag, "prometheus_ssl_enabled > verify_ssl", "tool_calls_return_data", "+ azure_use_managed_id")
        .With(Number, "default_query_timeout_seconds > query_timeout_seconds_default", "max_query_timeout_seconds > query_timeout_seconds_hard_max")
        .With(Number, "default_metadata_timeout_seconds > metadata_timeout_seconds_default", "refresh_interval_seconds")
        .With(Number, "max_metadata_timeout_seconds > metadata_timeout_seconds_hard_max", "default_metadata_time_window_hrs > discover_metrics_from_last_hours")
        .With(Number.OrNull, "rules_cache_duration_seconds", "query_response_size_limit_pct")
        .With(Text, "- healthcheck", "aws_region", "aws_service_name")
        .With(Text.OrNull, "aws_access_key", "aws_secret_access_key", "assume_role_arn")
        .With(Text.OrNull, "+ azure_client_id", "+ azure_client_secret", "+ azure_tenant_id", "+ azure_resource")
        .WithRule((map, _) => map["aws_region"] is { } region && map["prometheus_url"] is YamlNode.Scalar { Text: var url } && !IsOfAws(url)
            ? new Misfit(region.Position, "aws_region", "the URL of an AWS workspace (amazonaws.com) beside it, or leave it out")
            : null)
        .With(Any, "+ instances");

    private static readonly Form Loki = new Form()
        .With(Url.Needed, "url > api_url")
        .With(Text.OrNull, "api_key", "grafana_datasource_uid", "external_url", "- healthcheck", "+ username", "+ password")
        .With(Texts.OrNull, "headers > additional_headers")
        .With(Flag, "+ verify_ssl")
        .With(Positive, "+ timeout_seconds", "+ max_retries")
        .With(Any, "+ instances");

    private static readonly Form Tempo = new Form()
        .With(Loki)
        .With(In("a map of texts", () => new Form().With(Text, "pod", "namespace", "deployment", "node", "service")), "labels");

    private static readonly Form Dashboards = new Form()
        .With(Loki)
        .With(Flag, "+ enable_rendering")
        .WithRule((map, release) => release == HolmesRelease.Newer
            && (Has(map, "username") != Has(map, "password") || (Has(map, "api_key") && Has(map, "username")))
            ? new Misfit(map.Position, "config", "api_key, or username together with password")
            : null);

    private static readonly Form Elasticsearch = new Form()
        .With(Url.Needed, "url > api_url")
        .With(Text.OrNull, "api_key", "username", "password", "client_cert", "client_key")
        .With(Flag, "verify_ssl")
        .With(Number, "timeout > timeout_seconds")
        .WithRule((map, _) => Has(map, "client_cert") == Has(map, "client_key") ? null : new Misfit(map.Position, "config", "client_cert and client_key together"))
        .With(Any, "+ instances");

    private static readonly Form VictoriaLogs = new Form()
        .With(Url.Needed, "api_url")
        .With(Text.OrNull, "username", "password", "bearer_token", "external_url")
        .With(Texts.OrNull, "headers")
        .With(Flag, "verify_ssl")
        .With(Positive, "timeout_seconds")
        .With(Any, "+ instances");

    private static readonly Form KafkaCluster = new Form()
        .With(Text.Needed, "name", "kafka_broker > broker")
        .With(Text.OrNull, "kafka_security_protocol > security_protocol", "kafka_sasl_mechanism > sasl_mechanism", "kafka_client_id > client_id")
        .With(Text.OrNull, "kafka_username", "kafka_password", "+ ssl_ca_cert_path", "+ ssl_client_cert_path", "+ ssl_client_key_path");

    private static readonly Form Kafka = new Form().With(ListOf(In("a map with name and kafka_broker", () => KafkaCluster)).Needed, "kafka_clusters > clusters");

    private static readonly Form RabbitMqCluster = new Form()
        .With(Url.Needed, "management_url > api_url")
        .With(Text, "id")
        .With(Text.OrNull, "username", "password")
        .With(Number, "request_timeout_seconds > timeout_seconds")
        .With(Flag, "verify_certs > verify_ssl");

    private static readonly Form RabbitMq = new Form().With(FilledListOf(In("a map with id and management_url", () => RabbitMqCluster)).Needed, "clusters");

    private static readonly Form Datadog = new Form()
        .With(Text.Needed, "dd_api_key > api_key", "dd_app_key > app_key").With(Url.Needed, "site_api_url > api_url").With(Any, "+ instances");

    private static readonly Form Auth = new Form()
        .With(OneOf("none", "basic", "bearer", "header", "digest"), "type")
        .With(Text.OrNull, "username", "password", "token", "name", "value")
        .WithRule((map, _) => (map["type"] as YamlNode.Scalar)?.Text switch
        {
            "basic" or "digest" when !Has(map, "username") || !Has(map, "password") => new Misfit(map.Position, "auth", "username and password"),
            "bearer" when !Has(map, "token") => new Misfit(map.Position, "auth", "token"),
            "header" when !Has(map, "name") || !Has(map, "value") => new Misfit(map.Position, "auth", "name and value"),
            _ => null,
        });

    private static readonly Form Endpoint = new Form()
        .With(FilledListOf(Matching("host, host:port or http://host:port, with * only as *. at its beginning or as the port", Host())).Needed, "hosts")
        .With(Names, "paths")
        .With(ListOf(Matching("GET, POST, PUT, PATCH, DELETE, HEAD or OPTIONS", Method())), "methods")
        .With(In("a map with type", () => Auth), "auth")
        .With(Either(Url.Wanted, Url, OneOf("")).OrNull, "health_check_url");

    private static readonly Form Http = new Form()
        .With(FilledListOf(In("a map with hosts", () => Endpoint)).Needed, "endpoints")
        .With(Flag, "verify_ssl")
        .With(Number, "timeout_seconds")
        .With(Texts, "default_headers")
        .With(Texts.OrNull, "extra_headers")
        .With(Text.OrNull, "client_cert_path", "client_key_path");

    private static readonly Form Database = new Form()
        .With(Matching("a URL that begins with postgresql, mysql, mariadb, mssql, clickhouse or sqlite", Sql()).Needed, "connection_url")
        .With(Flag, "read_only", "verify_ssl")
        .With(Between(1, 10_000), "max_rows")
        .With(Number, "timeout_seconds");

    private static readonly Form MongoDb = new Form()
        .With(Matching("a URL that begins with mongodb:// or mongodb+srv://", Mongo()).Needed, "connection_url")
        .With(Text.OrNull, "default_database")
        .With(Flag, "read_only", "verify_ssl")
        .With(Between(1, 10_000), "max_rows")
        .With(Between(1, 300), "timeout_seconds");

    private static readonly Form Mcp = new Form()
        .With(Url.Needed, "url")
        .With(OneOf("streamable-http", "sse"), "mode")
        .With(Texts.OrNull, "headers", "+ extra_headers")
        .With(Flag, "+ verify_ssl")
        .With(Text, "+ icon_url")
        .With(MapOf(Any).OrNull, "+ oauth");

    private static readonly Form Process = new Form()
        .With(Per(OneOf("streamable-http", "sse"), OneOf("stdio")), "mode")
        .With(Text.Needed, "+ command")
        .With(Names.OrNull, "+ args")
        .With(Texts.OrNull, "+ env")
        .With(Text, "+ icon_url");

    /// <summary>Null for a built-in toolset whose config is not known here.</summary>
    public static Form? Of(string toolset) => toolset switch
    {
        "prometheus/metrics" => Prometheus,
        "grafana/dashboards" => Dashboards,
        "grafana/loki" => Loki,
        "grafana/tempo" => Tempo,
        "elasticsearch/data" or "elasticsearch/cluster" => Elasticsearch,
        "victorialogs" => VictoriaLogs,
        "kafka/admin" => Kafka,
        "rabbitmq/core" => RabbitMq,
        "datadog/logs" or "datadog/metrics" or "datadog/traces" or "datadog/general" => Datadog,
        _ => null,
    };

    /// <summary>Of one item of the list that a config consists of; null for a toolset without one.</summary>
    public static Form? OfItem(string toolset) => toolset switch
    {
        "kafka/admin" => KafkaCluster,
        "rabbitmq/core" => RabbitMqCluster,
        _ => null,
    };

    /// <summary>Null for an entry whose config is not looked at, or not known here.</summary>
    public static Form? Of(HolmesEntry entry) => entry.Kind switch
    {
        EntryKind.BuiltIn => Of(entry.Name),
        EntryKind.Mcp => ((entry.Field("config") as YamlNode.Mapping)?["mode"] as YamlNode.Scalar)?.Text == "stdio" ? Process : Mcp,
        EntryKind.Typed => entry.Type switch { "http" => Http, "database" => Database, _ => MongoDb },
        _ => null,
    };

    private static bool IsOfAws(string url) => url.Contains(".amazonaws.com", StringComparison.OrdinalIgnoreCase) || EnvReference.IsIn(url);

    [GeneratedRegex(
        @"\A\s*(?:https?://)?(?:[^/?#]*@)?(?:\[[^\]/?#]+\]|(?:\*\.)?[^*:/?#@\[][^*:/?#@]*|\*\.)(?::(?:\*|0*(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])))?\s*(?:[/?#].*)?\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTimeout.None)]
    private static partial Regex Host();

    [GeneratedRegex(@"\A(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTimeout.None)]
    private static partial Regex Method();

    [GeneratedRegex(@"\A(?:postgres|postgresql|mysql|mariadb|mssql|clickhouse|sqlite)(?:\+[a-z0-9]+)?://", RegexOptions.None, PatternTimeout.None)]
    private static partial Regex Sql();

    [GeneratedRegex(@"\Amongodb(?:\+srv)?://.", RegexOptions.None, PatternTimeout.None)]
    private static partial Regex Mongo();
}
