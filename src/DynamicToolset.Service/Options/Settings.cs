using System.Collections.Immutable;
using System.Net;
using DynamicToolset.HealthCheck;
using DynamicToolset.Holmes;
using Microsoft.Extensions.Logging;
using static DynamicToolset.Service.Options.SettingKinds;

namespace DynamicToolset.Service.Options;

/// <summary>
/// The settings in use, all of them checked: each on its own and against each other. Each is declared here and nowhere else, in the order
/// in which they are listed: reading, flags, help, <c>--print-config</c> and the reference page are all made from these lines.
/// </summary>
/// <param name="Reader">Where each value came from.</param>
public sealed record Settings(SettingsReader Reader)
{
    private const string KubernetesApi = "Kubernetes API";
    private const string Discovery = "Discovery";
    private const string HealthChecks = "Health checks";
    private const string ConfigMap = "ConfigMap";
    private const string HolmesGpt = "HolmesGPT";
    private const string Election = "Leader election";
    private const string Http = "REST API and metrics";
    private const string Telemetry = "OpenTelemetry";
    private const string Program = "Program";

    public string PodNamespace { get; init; } = Reader.Get(OptionalLabel, new(KubernetesApi, "POD_NAMESPACE", "",
        "The service's own namespace, from the downward API.", EmptyMeans: "not in a pod"));

    public string PodName { get; init; } = Reader.Get(OptionalDomain, new(KubernetesApi, "POD_NAME", "",
        "The service's own pod, from the downward API; identifies the replica.", EmptyMeans: "the host name"));

    public string PodIp { get; init; } = Reader.Get(OptionalAddress, new(KubernetesApi, "POD_IP", "",
        "The service's own address, from the downward API. The leader publishes it with PORT in the Lease, so that other replicas can forward "
        + "discoveries to it.",
        EmptyMeans: "nothing is forwarded to this replica"));

    public string Kubeconfig { get; init; } = Reader.Get(FilePath, new(KubernetesApi, "KUBECONFIG", "",
        "The kubeconfig whose current context is used.", EmptyMeans: "in-cluster, else ~/.kube/config"));

    public string KubeContext { get; init; } = Reader.Get(OneLine, new(KubernetesApi, "KUBE_CONTEXT", "",
        "The context of the kubeconfig to use, as kubectl's --context.", OwnFlag: "context", EmptyMeans: "its current-context"));

    public ImmutableArray<string> Namespaces { get; init; } = Reader.Get(NamespaceList, new(Discovery, "NAMESPACES", "",
        "Only Services in these namespaces are considered.", EmptyMeans: "all"));

    public ImmutableArray<string> PreferredNamespaces { get; init; } = Reader.Get(NamespaceList, new(Discovery, "PREFERRED_NAMESPACES", "",
        "If several Services compete for one toolset name, those in these namespaces come first, in this order.", EmptyMeans: "none"));

    public TimeSpan DiscoveryInterval { get; init; } = Reader.Get(Interval, new(Discovery, "DISCOVERY_INTERVAL", "5m",
        "How often all Services are evaluated again. Changes are handled at once in between."));

    public string ClusterDomain { get; init; } = Reader.Get(OptionalDomain, new(Discovery, "CLUSTER_DOMAIN", "",
        "Empty gives URLs such as http://grafana.monitoring:3000, cluster.local gives http://grafana.monitoring.svc.cluster.local:3000.",
        EmptyMeans: "short names"));

    public string DetectorsDir { get; init; } = Reader.Get(FilePath, new(Discovery, "DETECTORS_DIR", "/etc/dynamic-toolset/detectors.d",
        "A directory of detector rules. They add to the built-in ones, or replace those of the same name. Read at the start, where an error is fatal, "
        + "and again when they change. The default directory may be missing."));

    /// <summary>True where somebody named that directory, which then must be there; the default one need not.</summary>
    public bool IsDetectorsDirGiven { get; init; } = Reader.Find("DETECTORS_DIR") is { Origin.Source: not SettingSource.Default };

    public bool HealthCheckEnabled { get; init; } = Reader.Get(Switch, new(HealthChecks, "HEALTH_CHECK_ENABLED", "true",
        "With false every detected Service counts as healthy."));

    public TimeSpan HealthCheckInterval { get; init; } = Reader.Get(Interval, new(HealthChecks, "HEALTH_CHECK_INTERVAL", "30s",
        "How often a known endpoint is checked, with 10 % jitter. A new or failing one is checked sooner."));

    public TimeSpan HealthCheckTimeout { get; init; } = Reader.Get(TimeLimit, new(HealthChecks, "HEALTH_CHECK_TIMEOUT", "5s",
        "How long one attempt may take."));

    public int HealthCheckAttempts { get; init; } = Reader.Get(Number(1, 10), new(HealthChecks, "HEALTH_CHECK_ATTEMPTS", "3",
        "A check fails if this many attempts in a row fail. If the previous check failed, one attempt is enough."));

    public TimeSpan HealthCheckRetryInterval { get; init; } = Reader.Get(Pause, new(HealthChecks, "HEALTH_CHECK_RETRY_INTERVAL", "1s",
        "The pause between two attempts of one check."));

    public int HealthCheckUnhealthyThreshold { get; init; } = Reader.Get(
        Number(1, 100), new(HealthChecks, "HEALTH_CHECK_UNHEALTHY_THRESHOLD", "2",
            "An endpoint becomes unhealthy after this many failed checks in a row."));

    public int HealthCheckHealthyThreshold { get; init; } = Reader.Get(
        Number(1, 100), new(HealthChecks, "HEALTH_CHECK_HEALTHY_THRESHOLD", "1",
            "An endpoint becomes healthy after this many passed checks in a row."));

    public int HealthCheckConcurrency { get; init; } = Reader.Get(Number(1, 1024), new(HealthChecks, "HEALTH_CHECK_CONCURRENCY", "16",
        "How many attempts may run at the same time."));

    public HealthCheckMode HealthCheckMode { get; init; } = Reader.Get(
        Choice(("auto", HealthCheckMode.Auto), ("direct", HealthCheckMode.Direct), ("apiserver-proxy", HealthCheckMode.ApiServerProxy)),
        new(HealthChecks, "HEALTH_CHECK_MODE", "auto",
            "direct: connect to the Service. apiserver-proxy: go through the API server, which needs the permission of deploy/proxy-checks. auto: "
            + "direct in a cluster, apiserver-proxy outside."));

    public string HealthCheckCaFile { get; init; } = Reader.Get(FilePath, new(HealthChecks, "HEALTH_CHECK_CA_FILE", "",
        "PEM file of the CAs that sign the certificates of https backends.", EmptyMeans: "certificates are not verified"));

    public ImmutableArray<CheckToken> HealthCheckTokenFiles { get; init; } = Reader.Get(
        TokenFiles, new(HealthChecks, "HEALTH_CHECK_TOKEN_FILES", "",
            "Files with bearer tokens for backends that answer 401 or 403. Each is sent only to the Services that one rule finds in one namespace, only "
            + "over https, and only if the certificate is verified by HEALTH_CHECK_CA_FILE.",
            EmptyMeans: "no backend gets one"));

    public ImmutableArray<IPNetwork> HealthCheckAllowedNetworks { get; init; } = Reader.Get(
        Networks, new(HealthChecks, "HEALTH_CHECK_ALLOWED_NETWORKS", "",
            "Networks that may be checked although they are loopback, link-local, multicast or cloud metadata. Never the API server in use.",
            EmptyMeans: "none"));

    public ImmutableArray<ResolvedAddress> HealthCheckResolve { get; init; } = Reader.Get(
        Resolve, new(HealthChecks, "HEALTH_CHECK_RESOLVE", "",
            "Checks of a host and port connect to another address and port, as with curl's --resolve. For tests and unusual networks.",
            EmptyMeans: "names are resolved as usual"));

    public bool HealthPanic { get; init; } = Reader.Get(Switch, new(HealthChecks, "HEALTH_PANIC", "true",
        "If every endpoint fails, assume a fault on the checking side and keep the toolsets."));

    public string ConfigMapName { get; init; } = Reader.Get(Domain, new(ConfigMap, "CONFIGMAP_NAME", "kubernaut-toolset-config",
        "The ConfigMap that the service writes."));

    public string ConfigMapNamespace { get; init; } = Reader.Get(Label, new(ConfigMap, "CONFIGMAP_NAMESPACE", "kubernaut-system",
        "Its namespace.", DefaultsTo: "POD_NAMESPACE"));

    public string OverridesDir { get; init; } = Reader.Get(FilePath, new(ConfigMap, "OVERRIDES_DIR", "",
        "A directory of files with overrides, such as a mounted ConfigMap. They are merged in the order of their names; the key overrides.yaml wins "
        + "over all of them. Read again when they change; a file with an error keeps its last good content.", EmptyMeans: "none"));

    public TimeSpan ReconciliationInterval { get; init; } = Reader.Get(Interval, new(ConfigMap, "RECONCILIATION_INTERVAL", "30s",
        "How often the ConfigMap is read and compared. Drift is repaired at once in between."));

    public bool OwnerReferenceEnabled { get; init; } = Reader.Get(Switch, new(ConfigMap, "OWNER_REFERENCE_ENABLED", "true",
        "The service's Deployment owns the ConfigMap, which is deleted with it, overrides included. With false the service removes its owner reference."));

    public string OwnerDeployment { get; init; } = Reader.Get(Domain, new(ConfigMap, "OWNER_DEPLOYMENT", "dynamic-toolset",
        "The name of that Deployment, in the namespace of the ConfigMap."));

    public bool HolmesFormat { get; init; } = Reader.Get(Switch, new(HolmesGpt, "HOLMES_FORMAT", "true",
        "Also write the key holmes-toolsets.yaml, which HolmesGPT loads unchanged. With false that key is removed."));

    public HolmesTarget HolmesTarget { get; init; } = Reader.Get(
        Choice(("compat", HolmesTarget.Compat), ("current", HolmesTarget.Current)),
        new(HolmesGpt, "HOLMES_TARGET", "compat",
            "Which HolmesGPT that file is for. compat: releases of late 2025 and of 2026. current: newer releases only."));

    public ImmutableArray<string> HolmesBaseToolsets { get; init; } = Reader.Get(
        ToolsetNames, new(HolmesGpt, "HOLMES_BASE_TOOLSETS", "kubernetes/core,kubernetes/logs",
            "Toolsets of HolmesGPT that the file enables besides the discovered ones. The server of the target must have each of them.", EmptyMeans: "none"));

    public bool HolmesCapabilities { get; init; } = Reader.Get(Switch, new(HolmesGpt, "HOLMES_CAPABILITIES", "true",
        "Tell the model in one line what each backend says of itself: external labels, retention, names of labels and indices. Only words that the "
        + "program knows are used. With false backends are not asked for that."));

    public ImmutableArray<string> CredentialsNamespaces { get; init; } = Reader.Get(NamespaceList, new(HolmesGpt, "CREDENTIALS_NAMESPACES", "",
        "Only toolsets of Services in these namespaces may refer to secrets, such as ${GRAFANA_API_KEY}: HolmesGPT sends them to whichever Service "
        + "holds the name. Elsewhere such references are left out, those of overrides too unless they set config.url.", EmptyMeans: "all"));

    public string HolmesReloadUrl { get; init; } = Reader.Get(HttpUrl, new(HolmesGpt, "HOLMES_RELOAD_URL", "",
        "The service sends a POST to this URL after a change of holmes-toolsets.yaml, and again 60 and 120 seconds later, since the kubelet updates "
        + "mounted files late. It uses no proxy and follows no redirect.", EmptyMeans: "no call is made"));

    public string HolmesReloadApiKey { get; init; } = Reader.Get(Key, new(HolmesGpt, "HOLMES_RELOAD_API_KEY", "",
        "Sent with that POST as the header X-API-Key.", EmptyMeans: "no key", IsSecret: true));

    public string HolmesReloadCaFile { get; init; } = Reader.Get(FilePath, new(HolmesGpt, "HOLMES_RELOAD_CA_FILE", "",
        "PEM file of the CAs that sign the certificate of an https HOLMES_RELOAD_URL. Read again when it changes.", EmptyMeans: "the system's CAs"));

    public string HolmesReloadCertFile { get; init; } = Reader.Get(FilePath, new(HolmesGpt, "HOLMES_RELOAD_CERT_FILE", "",
        "PEM client certificate, followed by its intermediates, for a HolmesGPT that requires one. Read again when it changes.", EmptyMeans: "none"));

    public string HolmesReloadKeyFile { get; init; } = Reader.Get(FilePath, new(HolmesGpt, "HOLMES_RELOAD_KEY_FILE", "",
        "The private key of that certificate, as PEM without a password.", EmptyMeans: "none"));

    public bool LeaderElectionEnabled { get; init; } = Reader.Get(Switch, new(Election, "LEADER_ELECTION_ENABLED", "false",
        "For more than one replica: only the holder of the Lease writes, and the others are on standby."));

    public string LeaseName { get; init; } = Reader.Get(Domain, new(Election, "LEASE_NAME", "dynamic-toolset-leader",
        "The Lease, in the namespace of the ConfigMap. It is created if it is missing."));

    public TimeSpan LeaseDuration { get; init; } = Reader.Get(SettingKinds.LeaseDuration, new(Election, "LEASE_DURATION", "15s",
        "Another replica takes over within this time after the leader has crashed. More than a second longer than RENEW_DEADLINE."));

    public TimeSpan RenewDeadline { get; init; } = Reader.Get(LeaseInterval, new(Election, "RENEW_DEADLINE", "10s",
        "A leader that could not renew the Lease for this long stops writing. Longer than 1.2 times RETRY_PERIOD."));

    public TimeSpan RetryPeriod { get; init; } = Reader.Get(LeaseInterval, new(Election, "RETRY_PERIOD", "2s",
        "How often a leader renews the Lease. A failed request is repeated after at most this time, or after the time that the API server asks for, at "
        + "most LEASE_DURATION."));

    public int Port { get; init; } = Reader.Get(Number(0, 65535), new(Http, "PORT", "8080",
        "Port of the REST API, the page and the health paths; 0 takes any free port."));

    public int MetricsPort { get; init; } = Reader.Get(Number(0, 65535), new(Http, "METRICS_PORT", "9090",
        "Port of the Prometheus metrics at /metrics; 0 takes any free port."));

    public bool AuthEnabled { get; init; } = Reader.Get(Switch, new(Http, "AUTH_ENABLED", "true",
        "REST API calls need a bearer token that the Kubernetes API accepts."));

    public ImmutableArray<string> AuthAudiences { get; init; } = Reader.Get(Audiences, new(Http, "AUTH_AUDIENCES", "",
        "A token must have one of these audiences.", EmptyMeans: "those of the API server"));

    public AuthorizationMode Authorization { get; init; } = Reader.Get(
        Choice(("rbac", AuthorizationMode.Rbac), ("none", AuthorizationMode.None)),
        new(Http, "AUTHORIZATION", "rbac",
            "rbac: Kubernetes RBAC decides who may call what. none: every valid token may do everything."));

    public bool MetricsAuthEnabled { get; init; } = Reader.Get(Switch, new(Http, "METRICS_AUTH_ENABLED", "false",
        "Metrics also need a token."));

    public string OtlpEndpoint { get; init; } = Reader.Get(CollectorUrl, new(Telemetry, "OTEL_EXPORTER_OTLP_ENDPOINT", "",
        "A collector to which spans and metrics are sent by OTLP; /v1/traces and /v1/metrics are added for http/protobuf. No redirect is followed. "
        + "docs/tracing.md lists more variables, which are read from the environment only.",
        EmptyMeans: "nothing is sent"));

    public OtlpProtocol OtlpProtocol { get; init; } = Reader.Get(SettingKinds.OtlpProtocol, new(Telemetry, "OTEL_EXPORTER_OTLP_PROTOCOL", "grpc",
        "Most collectors accept grpc on port 4317 and http/protobuf on 4318."));

    public OtelExporter OtelTracesExporter { get; init; } = Reader.Get(Exporter, new(Telemetry, "OTEL_TRACES_EXPORTER", "otlp",
        "With none no spans are sent."));

    public OtelExporter OtelMetricsExporter { get; init; } = Reader.Get(Exporter, new(Telemetry, "OTEL_METRICS_EXPORTER", "otlp",
        "With none no metrics are sent. /metrics on METRICS_PORT works in any case."));

    public string ConfigFile { get; init; } = Reader.Get(FilePath, new(Program, "CONFIG_FILE", "",
        "A YAML file with settings: their names as keys, values or lists of values. It cannot name another file.",
        OwnFlag: "config", EmptyMeans: "no file"));

    public string JournalDir { get; init; } = Reader.Get(FilePath, new(Program, "JOURNAL_DIR", "",
        "A directory for the journal that dynamic-toolset replay reads: what each round saw and decided, without secrets, at most 64 MiB. See docs/replay.md.",
        EmptyMeans: "off"));

    public LogLevel LogLevel { get; init; } = Reader.Get(
        Choice(("debug", LogLevel.Debug), ("info", LogLevel.Information), ("warn", LogLevel.Warning), ("error", LogLevel.Error)),
        new(Program, "LOG_LEVEL", "info", "Minimum log level. With debug, errors have a stack trace."));

    public LogFormat LogFormat { get; init; } = Reader.Get(
        Choice(("json", LogFormat.Json), ("text", LogFormat.Text)),
        new(Program, "LOG_FORMAT", "json", "json: one JSON object per line. text: one readable line."));

    public TimeSpan ShutdownDelay { get; init; } = Reader.Get(Pause, new(Program, "SHUTDOWN_DELAY", "5s",
        "How long requests are still answered after SIGTERM, until the cluster has removed the pod from its endpoints."));

    public TimeSpan ShutdownTimeout { get; init; } = Reader.Get(TimeLimit, new(Program, "SHUTDOWN_TIMEOUT", "25s",
        "Maximum time of the whole stop, SHUTDOWN_DELAY included. Keep it below the pod's terminationGracePeriodSeconds."));

    /// <summary>Every setting there is, in the order in which they are listed, grouped.</summary>
    public static ImmutableArray<SettingDefinition> Definitions { get; } =
        [.. new Settings(SettingsReader.OfDefaults).Reader.Effective.Select(setting => setting.Definition)];

    /// <summary>
    /// Those that somebody set, of the ones that decide what the ConfigMap says; but for the directories, whose content does. Whom to tell of a change
    /// is not among them.
    /// </summary>
    public IEnumerable<EffectiveSetting> Deciding => Reader.Effective.Where(s =>
        s is { Origin.Source: not SettingSource.Default, Definition.Group: Discovery or HealthChecks or ConfigMap or HolmesGpt }
        && s.Definition.Name is not ("DETECTORS_DIR" or "OVERRIDES_DIR")
        && !s.Definition.Name.StartsWith("HOLMES_RELOAD_", StringComparison.Ordinal));

    /// <summary>No values: a secret among them must not end up in a log.</summary>
    public override string ToString() => nameof(Settings);
}

/// <summary>The way health checks take.</summary>
public enum HealthCheckMode
{
    /// <summary><see cref="Direct"/> in a cluster, <see cref="ApiServerProxy"/> outside of one.</summary>
    Auto,

    /// <summary>Straight to the Service.</summary>
    Direct,

    /// <summary>Through the API server's <c>services/…/proxy</c>.</summary>
    ApiServerProxy,
}

/// <summary>Who may do what on the REST API, once it is known who asks.</summary>
public enum AuthorizationMode
{
    /// <summary>Kubernetes decides, by SubjectAccessReview.</summary>
    Rbac,

    /// <summary>Every authenticated caller may do everything.</summary>
    None,
}
