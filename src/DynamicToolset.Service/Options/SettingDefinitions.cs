using System.Collections.Immutable;
using System.Net;
using DynamicToolset.Holmes;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Options;

/// <summary>
/// Every setting, once. Parsing, flags, help, <c>--print-config</c> and the reference page are all made from this table.
/// </summary>
public static class SettingDefinitions
{
    private const string KubernetesApi = "Kubernetes API";
    private const string Discovery = "Discovery";
    private const string HealthChecks = "Health checks";
    private const string ConfigMap = "ConfigMap";
    private const string HolmesGpt = "HolmesGPT";
    private const string Election = "Leader election";
    private const string Http = "REST API and metrics";
    private const string Program = "Program";

    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestInterval = TimeSpan.FromHours(24);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestLease = TimeSpan.FromHours(1);

    public static TypedSettingDefinition<string> ConfigFile { get; } = new(SettingKinds.Path)
    {
        Name = "CONFIG_FILE",
        Flag = "config",
        Group = Program,
        Default = "",
        EmptyMeans = "no file",
        Meaning = "A YAML file with settings: the names of this page as keys, values or lists of values. It cannot name another file.",
    };

    public static TypedSettingDefinition<LogLevel> LogLevel { get; } = new(SettingKinds.Choice<LogLevel>(
        ("debug", Microsoft.Extensions.Logging.LogLevel.Debug),
        ("info", Microsoft.Extensions.Logging.LogLevel.Information),
        ("warn", Microsoft.Extensions.Logging.LogLevel.Warning),
        ("error", Microsoft.Extensions.Logging.LogLevel.Error)))
    {
        Name = "LOG_LEVEL",
        Group = Program,
        Default = "info",
        Meaning = "The least grave messages that are logged. With debug, errors carry their stack.",
    };

    public static TypedSettingDefinition<LogFormat> LogFormat { get; } = new(SettingKinds.Choice<LogFormat>(
        ("json", Options.LogFormat.Json),
        ("text", Options.LogFormat.Text)))
    {
        Name = "LOG_FORMAT",
        Group = Program,
        Default = "json",
        Meaning = "One JSON object a line, or one readable line.",
    };

    public static TypedSettingDefinition<TimeSpan> ShutdownDelay { get; } = new(SettingKinds.Duration(TimeSpan.Zero, LongestTimeout))
    {
        Name = "SHUTDOWN_DELAY",
        Group = Program,
        Default = "5s",
        Meaning = "After SIGTERM requests are still answered for this long, until the cluster has taken the pod out of its endpoints.",
    };

    public static TypedSettingDefinition<TimeSpan> ShutdownTimeout { get; } = new(SettingKinds.Duration(ShortestTimeout, LongestTimeout))
    {
        Name = "SHUTDOWN_TIMEOUT",
        Group = Program,
        Default = "25s",
        Meaning = "The whole stop takes at most this long, SHUTDOWN_DELAY included. Keep it below the pod's terminationGracePeriodSeconds.",
    };

    public static TypedSettingDefinition<string> PodNamespace { get; } = new(SettingKinds.OptionalLabel)
    {
        Name = "POD_NAMESPACE",
        Group = KubernetesApi,
        Default = "",
        EmptyMeans = "not in a pod",
        Meaning = "The service's own namespace, from the downward API.",
    };

    public static TypedSettingDefinition<string> PodName { get; } = new(SettingKinds.OptionalDomain)
    {
        Name = "POD_NAME",
        Group = KubernetesApi,
        Default = "",
        EmptyMeans = "the host name",
        Meaning = "The service's own pod, from the downward API; names the replica.",
    };

    public static TypedSettingDefinition<string> Kubeconfig { get; } = new(SettingKinds.Path)
    {
        Name = "KUBECONFIG",
        Group = KubernetesApi,
        Default = "",
        EmptyMeans = "in-cluster, else ~/.kube/config",
        Meaning = "The kubeconfig whose current context is used.",
    };

    public static TypedSettingDefinition<ImmutableArray<string>> Namespaces { get; } = new(SettingKinds.Namespaces)
    {
        Name = "NAMESPACES",
        Group = Discovery,
        Default = "",
        EmptyMeans = "all",
        Meaning = "Only Services in these namespaces are considered.",
    };

    public static TypedSettingDefinition<ImmutableArray<string>> PreferredNamespaces { get; } = new(SettingKinds.Namespaces)
    {
        Name = "PREFERRED_NAMESPACES",
        Group = Discovery,
        Default = "",
        EmptyMeans = "none",
        Meaning = "Where several Services compete for one toolset, those in these namespaces come first, in this order.",
    };

    public static TypedSettingDefinition<TimeSpan> DiscoveryInterval { get; } = new(
        SettingKinds.Duration(ShortestInterval, LongestInterval))
    {
        Name = "DISCOVERY_INTERVAL",
        Group = Discovery,
        Default = "5m",
        Meaning = "All Services are evaluated anew this often. Changes are acted on at once in between.",
    };

    public static TypedSettingDefinition<string> ClusterDomain { get; } = new(SettingKinds.OptionalDomain)
    {
        Name = "CLUSTER_DOMAIN",
        Group = Discovery,
        Default = "",
        EmptyMeans = "short names",
        Meaning = "Empty gives URLs such as http://grafana.monitoring:3000, cluster.local gives " +
            "http://grafana.monitoring.svc.cluster.local:3000.",
    };

    public static TypedSettingDefinition<string> DetectorsDir { get; } = new(SettingKinds.Path)
    {
        Name = "DETECTORS_DIR",
        Group = Discovery,
        Default = "/etc/dynamic-toolset/detectors.d",
        Meaning = "A directory of detector rules that add to the built-in ones; a rule of the same name replaces. Read at the start, where a " +
            "mistake is fatal, and again when it changes. The default one may be missing.",
    };

    public static TypedSettingDefinition<bool> HealthCheckEnabled { get; } = new(SettingKinds.Switch)
    {
        Name = "HEALTH_CHECK_ENABLED",
        Group = HealthChecks,
        Default = "true",
        Meaning = "With false every detected Service counts as healthy.",
    };

    public static TypedSettingDefinition<TimeSpan> HealthCheckTimeout { get; } = new(SettingKinds.Duration(ShortestTimeout, LongestTimeout))
    {
        Name = "HEALTH_CHECK_TIMEOUT",
        Group = HealthChecks,
        Default = "5s",
        Meaning = "One attempt may take this long.",
    };

    public static TypedSettingDefinition<int> HealthCheckAttempts { get; } = new(SettingKinds.Number(1, 10))
    {
        Name = "HEALTH_CHECK_ATTEMPTS",
        Group = HealthChecks,
        Default = "3",
        Meaning = "A check that fails this many times in a row has failed. Where the last check failed, once is enough.",
    };

    public static TypedSettingDefinition<TimeSpan> HealthCheckRetryInterval { get; } = new(
        SettingKinds.Duration(TimeSpan.Zero, LongestTimeout))
    {
        Name = "HEALTH_CHECK_RETRY_INTERVAL",
        Group = HealthChecks,
        Default = "1s",
        Meaning = "The pause between two attempts of one check.",
    };

    public static TypedSettingDefinition<TimeSpan> HealthCheckInterval { get; } = new(
        SettingKinds.Duration(ShortestInterval, LongestInterval))
    {
        Name = "HEALTH_CHECK_INTERVAL",
        Group = HealthChecks,
        Default = "30s",
        Meaning = "A known endpoint is checked this often, 10 % sooner or later by chance. A new or failing one is checked sooner.",
    };

    public static TypedSettingDefinition<int> HealthCheckUnhealthyThreshold { get; } = new(SettingKinds.Number(1, 100))
    {
        Name = "HEALTH_CHECK_UNHEALTHY_THRESHOLD",
        Group = HealthChecks,
        Default = "2",
        Meaning = "So many failed checks in a row make an endpoint unhealthy.",
    };

    public static TypedSettingDefinition<int> HealthCheckHealthyThreshold { get; } = new(SettingKinds.Number(1, 100))
    {
        Name = "HEALTH_CHECK_HEALTHY_THRESHOLD",
        Group = HealthChecks,
        Default = "1",
        Meaning = "So many passed checks in a row make an endpoint healthy.",
    };

    public static TypedSettingDefinition<int> HealthCheckConcurrency { get; } = new(SettingKinds.Number(1, 1024))
    {
        Name = "HEALTH_CHECK_CONCURRENCY",
        Group = HealthChecks,
        Default = "16",
        Meaning = "So many attempts are in flight at most.",
    };

    public static TypedSettingDefinition<HealthCheckMode> HealthCheckMode { get; } = new(SettingKinds.Choice<HealthCheckMode>(
        ("auto", Options.HealthCheckMode.Auto),
        ("direct", Options.HealthCheckMode.Direct),
        ("apiserver-proxy", Options.HealthCheckMode.ApiServerProxy)))
    {
        Name = "HEALTH_CHECK_MODE",
        Group = HealthChecks,
        Default = "auto",
        Meaning = "Straight to the Service, or through the API server for a service that runs outside the cluster.",
        ValueNotInForce = "apiserver-proxy",
    };

    public static TypedSettingDefinition<string> HealthCheckCaFile { get; } = new(SettingKinds.Path)
    {
        Name = "HEALTH_CHECK_CA_FILE",
        Group = HealthChecks,
        Default = "",
        EmptyMeans = "certificates are not verified",
        Meaning = "PEM certificates that https backends are verified against.",
    };

    public static TypedSettingDefinition<ImmutableArray<IPNetwork>> HealthCheckAllowedNetworks { get; } = new(SettingKinds.Networks)
    {
        Name = "HEALTH_CHECK_ALLOWED_NETWORKS",
        Group = HealthChecks,
        Default = "",
        EmptyMeans = "none",
        Meaning = "Addresses that may be checked although they are loopback, link-local, multicast or cloud metadata. Never " +
            "the API server in use.",
    };

    public static TypedSettingDefinition<ImmutableArray<ResolvedAddress>> HealthCheckResolve { get; } = new(SettingKinds.Resolve)
    {
        Name = "HEALTH_CHECK_RESOLVE",
        Group = HealthChecks,
        Default = "",
        EmptyMeans = "names are resolved as usual",
        Meaning = "Health checks of a host and port go to another address and port, as with curl's --resolve. For tests and odd networks.",
    };

    public static TypedSettingDefinition<bool> HealthPanic { get; } = new(SettingKinds.Switch)
    {
        Name = "HEALTH_PANIC",
        Group = HealthChecks,
        Default = "true",
        Meaning = "When every endpoint fails, the fault is taken to be on the checking side: the toolsets stay.",
        IsInForce = false,
    };

    public static TypedSettingDefinition<string> ConfigMapName { get; } = new(SettingKinds.Domain)
    {
        Name = "CONFIGMAP_NAME",
        Group = ConfigMap,
        Default = "kubernaut-toolset-config",
        Meaning = "The ConfigMap that is kept.",
    };

    public static TypedSettingDefinition<string> ConfigMapNamespace { get; } = new(SettingKinds.Label)
    {
        Name = "CONFIGMAP_NAMESPACE",
        Group = ConfigMap,
        Default = "kubernaut-system",
        DefaultsTo = PodNamespace,
        Meaning = "Its namespace.",
    };

    public static TypedSettingDefinition<TimeSpan> ReconciliationInterval { get; } = new(
        SettingKinds.Duration(ShortestInterval, LongestInterval))
    {
        Name = "RECONCILIATION_INTERVAL",
        Group = ConfigMap,
        Default = "30s",
        Meaning = "The ConfigMap is read and compared this often. Drift is repaired at once in between.",
    };

    public static TypedSettingDefinition<bool> OwnerReferenceEnabled { get; } = new(SettingKinds.Switch)
    {
        Name = "OWNER_REFERENCE_ENABLED",
        Group = ConfigMap,
        Default = "true",
        Meaning = "The ConfigMap belongs to the service's Deployment and is deleted with it, overrides included; false takes the reference away.",
    };

    public static TypedSettingDefinition<string> OwnerDeployment { get; } = new(SettingKinds.Domain)
    {
        Name = "OWNER_DEPLOYMENT",
        Group = ConfigMap,
        Default = "dynamic-toolset",
        Meaning = "That Deployment. It is looked for in the namespace of the ConfigMap.",
    };

    public static TypedSettingDefinition<bool> HolmesFormat { get; } = new(SettingKinds.Switch)
    {
        Name = "HOLMES_FORMAT",
        Group = HolmesGpt,
        Default = "true",
        Meaning = "The ConfigMap also holds holmes-toolsets.yaml, which HolmesGPT loads as it is. With false that key is removed.",
    };

    public static TypedSettingDefinition<HolmesTarget> HolmesTarget { get; } = new(SettingKinds.Choice<HolmesTarget>(
        ("compat", Holmes.HolmesTarget.Compat),
        ("current", Holmes.HolmesTarget.Current)))
    {
        Name = "HOLMES_TARGET",
        Group = HolmesGpt,
        Default = "compat",
        Meaning = "What that file may use: what releases of late 2025 and of 2026 both load, or also what only newer ones load.",
    };

    public static TypedSettingDefinition<ImmutableArray<string>> HolmesBaseToolsets { get; } = new(SettingKinds.ToolsetNames)
    {
        Name = "HOLMES_BASE_TOOLSETS",
        Group = HolmesGpt,
        Default = "kubernetes/core,kubernetes/logs",
        EmptyMeans = "none",
        Meaning = "Toolsets that the file enables beside the discovered ones.",
    };

    public static TypedSettingDefinition<string> HolmesReloadUrl { get; } = new(SettingKinds.HttpUrl)
    {
        Name = "HOLMES_RELOAD_URL",
        Group = HolmesGpt,
        Default = "",
        EmptyMeans = "nobody is told",
        Meaning = "This URL gets a POST after a change of holmes-toolsets.yaml, and again 60 and 120 seconds later, since the kubelet updates mounted files late. "
            + "Asked without a proxy; no redirect is followed.",
    };

    public static TypedSettingDefinition<string> HolmesReloadApiKey { get; } = new(SettingKinds.Key)
    {
        Name = "HOLMES_RELOAD_API_KEY",
        Group = HolmesGpt,
        Default = "",
        EmptyMeans = "no key",
        Meaning = "Goes with that POST as the header X-API-Key.",
        IsSecret = true,
    };

    public static TypedSettingDefinition<bool> LeaderElectionEnabled { get; } = new(SettingKinds.Switch)
    {
        Name = "LEADER_ELECTION_ENABLED",
        Group = Election,
        Default = "false",
        Meaning = "For more than one replica: only the holder of the Lease writes. Not built yet; true is refused.",
        IsInForce = false,
    };

    public static TypedSettingDefinition<string> LeaseName { get; } = new(SettingKinds.Domain)
    {
        Name = "LEASE_NAME",
        Group = Election,
        Default = "dynamic-toolset-leader",
        Meaning = "The Lease, in the namespace of the ConfigMap.",
        IsInForce = false,
    };

    public static TypedSettingDefinition<TimeSpan> LeaseDuration { get; } = new(
        SettingKinds.Duration(TimeSpan.FromSeconds(1), LongestLease))
    {
        Name = "LEASE_DURATION",
        Group = Election,
        Default = "15s",
        Meaning = "After this long without renewal another replica takes over. Longer than RENEW_DEADLINE.",
        IsInForce = false,
    };

    public static TypedSettingDefinition<TimeSpan> RenewDeadline { get; } = new(SettingKinds.Duration(ShortestInterval, LongestLease))
    {
        Name = "RENEW_DEADLINE",
        Group = Election,
        Default = "10s",
        Meaning = "A leader that could not renew for this long stops writing. Longer than 1.2 times RETRY_PERIOD.",
        IsInForce = false,
    };

    public static TypedSettingDefinition<TimeSpan> RetryPeriod { get; } = new(SettingKinds.Duration(ShortestInterval, LongestLease))
    {
        Name = "RETRY_PERIOD",
        Group = Election,
        Default = "2s",
        Meaning = "The pause between two tries to get or renew the Lease.",
        IsInForce = false,
    };

    public static TypedSettingDefinition<int> Port { get; } = new(SettingKinds.Number(0, 65535))
    {
        Name = "PORT",
        Group = Http,
        Default = "8080",
        Meaning = "REST API and health endpoints; 0 takes any free port.",
    };

    public static TypedSettingDefinition<int> MetricsPort { get; } = new(SettingKinds.Number(0, 65535))
    {
        Name = "METRICS_PORT",
        Group = Http,
        Default = "9090",
        Meaning = "Prometheus metrics at /metrics; 0 takes any free port. The sandbox shows none.",
    };

    public static TypedSettingDefinition<bool> AuthEnabled { get; } = new(SettingKinds.Switch)
    {
        Name = "AUTH_ENABLED",
        Group = Http,
        Default = "true",
        Meaning = "REST API calls need a bearer token that the Kubernetes API accepts.",
        IsInForce = false,
    };

    public static TypedSettingDefinition<ImmutableArray<string>> AuthAudiences { get; } = new(SettingKinds.Audiences)
    {
        Name = "AUTH_AUDIENCES",
        Group = Http,
        Default = "",
        EmptyMeans = "those of the API server",
        Meaning = "A token must be meant for one of these audiences.",
        IsInForce = false,
    };

    public static TypedSettingDefinition<AuthorizationMode> Authorization { get; } = new(SettingKinds.Choice<AuthorizationMode>(
        ("rbac", AuthorizationMode.Rbac),
        ("none", AuthorizationMode.None)))
    {
        Name = "AUTHORIZATION",
        Group = Http,
        Default = "rbac",
        Meaning = "Whether Kubernetes RBAC decides who may call what, or every valid token may do everything.",
        IsInForce = false,
    };

    public static TypedSettingDefinition<bool> MetricsAuthEnabled { get; } = new(SettingKinds.Switch)
    {
        Name = "METRICS_AUTH_ENABLED",
        Group = Http,
        Default = "false",
        Meaning = "Whether metrics, too, need a token.",
        IsInForce = false,
    };

    /// <summary>All of them in the order in which they are listed, grouped.</summary>
    public static ImmutableArray<SettingDefinition> All { get; } =
    [
        PodNamespace, PodName, Kubeconfig,
        Namespaces, PreferredNamespaces, DiscoveryInterval, ClusterDomain, DetectorsDir,
        HealthCheckEnabled, HealthCheckInterval, HealthCheckTimeout, HealthCheckAttempts, HealthCheckRetryInterval,
        HealthCheckUnhealthyThreshold, HealthCheckHealthyThreshold, HealthCheckConcurrency, HealthCheckMode,
        HealthCheckCaFile, HealthCheckAllowedNetworks, HealthCheckResolve, HealthPanic,
        ConfigMapName, ConfigMapNamespace, ReconciliationInterval, OwnerReferenceEnabled, OwnerDeployment,
        HolmesFormat, HolmesTarget, HolmesBaseToolsets, HolmesReloadUrl, HolmesReloadApiKey,
        LeaderElectionEnabled, LeaseName, LeaseDuration, RenewDeadline, RetryPeriod,
        Port, MetricsPort, AuthEnabled, AuthAudiences, Authorization, MetricsAuthEnabled,
        ConfigFile, LogLevel, LogFormat, ShutdownDelay, ShutdownTimeout,
    ];
}
