using System.Collections.Immutable;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Rules;
using DynamicToolset.Service.HolmesReload;

namespace DynamicToolset.Service.Metrics;

/// <summary>The metrics of the service, in the order in which they are shown.</summary>
internal static class MetricDefinitions
{
    /// <summary>Names of toolsets are chosen by whoever may annotate a Service.</summary>
    public const int MostToolsets = 100;

    private const string Prefix = "dynamictoolset_";

    private static readonly ImmutableArray<string> BuiltInTypes = [.. BuiltInRules.All.Types.Select(t => t.Name)];
    private static readonly MetricLabel Type = new("type", [.. BuiltInTypes, BuiltInRules.Custom.Name]) { IsOpenToRules = true };
    private static readonly MetricLabel Resource = new("resource", "services", "configmaps", "leases");

    private static readonly MetricLabel Route = new("route", [.. HttpMeasures.Routes, HttpMeasures.Other]);

    /// <summary>Empty where there was no error; it is not shown then, which means the same.</summary>
    private static readonly MetricLabel ErrorType = new("error_type", ["", .. KubeApiException.ErrorTypes]);

    /// <summary>From a pure computation to a round that waits for a slow API server.</summary>
    private static readonly ImmutableArray<double> Durations = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    public static MetricDefinition ServicesDiscovered { get; } = Gauge("services_discovered", "{service}", "Services that were detected, healthy or not.", Type);

    public static MetricDefinition Toolsets { get; } = Gauge(
        "toolsets", "{toolset}", "Toolsets that the ConfigMap should contain.", Type with { Values = ["kubernetes", .. Type.Values] });

    public static MetricDefinition ToolsetHealthy { get; } = Gauge(
        "toolset_healthy",
        MetricUnit.One,
        "1 if the toolset's Service is healthy, 0 if not; absent without a Service. For at most 100 toolsets, first those named like their type.",
        Type,
        new MetricLabel("name"));

    public static MetricDefinition ToolsetsHealthy { get; } = Gauge("toolsets_healthy", "{service}", "Detected Services that pass their health checks, or are kept in a panic.", Type);

    public static MetricDefinition DiscoveryCycles { get; } = Counter(
        "discovery_cycles_total",
        "{cycle}",
        "Evaluations of all Services (success), and failures to list Services or to open their watch (error).",
        new MetricLabel("result", "success", "error"),
        ErrorType) with
    {
        CanOccur = static labels => IsOutcome(labels[0], labels[1]),
    };

    public static MetricDefinition DiscoveryDuration { get; } = Histogram(
        "discovery_duration_seconds",
        "Time to detect the Services' types (detect), and to generate the toolsets (generate).",
        new MetricLabel("phase", "detect", "generate"));

    public static MetricDefinition HealthChecks { get; } = Counter(
        "health_checks_total",
        "{check}",
        "Finished health checks, each with all its attempts. A backend that wants credentials is healthy (credentials); a check that the API server did not let through changes nothing (apiserver).",
        Type,
        new MetricLabel("result", "ok", "credentials", "status", "timeout", "refused", "dns", "tls", "blocked", "connection", "response", "apiserver"));

    public static MetricDefinition HealthCheckDuration { get; } = Histogram(
        "health_check_duration_seconds", "Time of a health check, including all attempts and the pauses between them.", Type);

    public static MetricDefinition UnhealthyServices { get; } = Gauge("unhealthy_services", "{service}", "Detected Services that fail their health checks, including those whose toolsets stay in a panic.", Type);

    public static MetricDefinition BackendVerdicts { get; } = Gauge(
        "backend_verdicts",
        "{service}",
        "Detected Services by what HolmesGPT will get from them: an answer (works), one with an unverified certificate (certificate), one without data (no_data), or a request for credentials or a tenant; otherwise unknown.",
        new MetricLabel("verdict", [.. Enum.GetValues<QuestionVerdict>().Select(v => v.Word()), "unknown"]));

    public static MetricDefinition HealthPanic { get; } = Gauge(
        "health_panic", MetricUnit.One, "1 if no health check passes: the service assumes a fault on its own side, and keeps the toolsets. It ends with the first success.");

    public static MetricDefinition MalformedAnnotations { get; } = Gauge(
        "malformed_annotations", "{service}", "Services that are skipped because of malformed annotations.");

    public static MetricDefinition ServicesRefused { get; } = Gauge(
        "services_refused",
        "{service}",
        "Services that are skipped because they are too large (too_large), and namespaces with too many Services (namespace).",
        new MetricLabel("reason", "too_large", "namespace"));

    public static MetricDefinition ConfigMapReconcile { get; } = Counter(
        "configmap_reconcile_total",
        "{request}",
        "Requests for the ConfigMap; conflict: somebody else changed it first.",
        new MetricLabel("operation", "read", "create", "patch"),
        new MetricLabel("result", "success", "conflict", "error"),
        ErrorType) with
    {
        CanOccur = static labels => IsOutcome(labels[1], labels[2]),
    };

    public static MetricDefinition ConfigMapDrift { get; } = Counter(
        "configmap_drift_detected_total",
        "{difference}",
        "Repaired changes of others to the ConfigMap: keys missing, modified or extra; our labels, annotations or owner (metadata); the whole ConfigMap (deleted).",
        new MetricLabel("kind", "missing", "modified", "extra", "metadata", "deleted"));

    public static MetricDefinition ConfigMapFights { get; } = Counter(
        "configmap_fights_total",
        "{repair}",
        "Repairs of a key that another writer keeps changing, from the third within a minute on. From the thirtieth within ten minutes on, each repair waits longer.");

    public static MetricDefinition ConfigMapRefused { get; } = Gauge(
        "configmap_refused", MetricUnit.One, "1 if a needed change is not written for this reason.", new MetricLabel("reason", "immutable", "too_large"));

    public static MetricDefinition ConfigMapBytes { get; } = Gauge(
        "configmap_bytes", MetricUnit.Bytes, "Size of the ConfigMap's data: all keys and values, including binary ones and those of others; absent without a ConfigMap.");

    public static MetricDefinition ToolsetsLeftOut { get; } = Gauge("toolsets_left_out", "{toolset}", "Toolsets of custom Services that do not fit into the ConfigMap.");

    public static MetricDefinition ReconcileDuration { get; } = Histogram(
        "reconcile_duration_seconds", "Time of a reconciliation: detect, generate, compare, and write if needed.");

    public static MetricDefinition OverridesValid { get; } = Gauge("overrides_valid", MetricUnit.One, "0 if overrides.yaml or a file of OVERRIDES_DIR has an error, so that the last good overrides stay in force.");

    public static MetricDefinition RulesValid { get; } = Gauge("rules_valid", MetricUnit.One, "0 if the files of DETECTORS_DIR have an error, so that the last good rules stay in force.");

    public static MetricDefinition HolmesFileValid { get; } = Gauge(
        "holmes_file_valid",
        MetricUnit.One,
        "0 if HolmesGPT would reject the new file, so that the key keeps its old content; absent if HOLMES_FORMAT is false.");

    public static MetricDefinition HolmesFileLeftOut { get; } = Gauge(
        "holmes_file_left_out",
        "{part}",
        "Parts of the toolsets that are left out of the file for HolmesGPT: whole entries, including names in HOLMES_BASE_TOOLSETS that need a config, and single keys. The log names each; absent if HOLMES_FORMAT is false.",
        new MetricLabel("part", "entry", "key"));

    public static MetricDefinition WatchLastEvent { get; } = Gauge(
        "watch_last_event_seconds", MetricUnit.Seconds, "Time since the last list, event or bookmark of the resource, which shows that its data are up to date.", Resource);

    public static MetricDefinition WatchRestarts { get; } = Counter(
        "watch_restarts_total",
        "{watch}",
        "Restarted watches, by why the last one ended: the API server closed it (ended), it broke, it was refused, or its resourceVersion was too old (expired). fruitless counts lists after watches that keep bringing nothing.",
        Resource,
        new MetricLabel("reason", "ended", "broken", "refused", "expired", "fruitless"));

    public static MetricDefinition KubeRequests { get; } = Counter(
        "kube_requests_total",
        "{request}",
        "Requests to the Kubernetes API; the code is 0 if there was no answer.",
        new MetricLabel("verb"),
        new MetricLabel("resource"),
        new MetricLabel("code"));

    public static MetricDefinition HttpRequests { get; } = Counter(
        "http_requests_total",
        "{request}",
        "Answered HTTP requests. The route is the pattern of the path, or other.",
        Route,
        new MetricLabel("method", [.. HttpMeasures.Methods, HttpMeasures.Other]),
        new MetricLabel("code"));

    public static MetricDefinition HttpRequestDuration { get; } = Histogram(
        "http_request_duration_seconds", "Time from an HTTP request to the end of its answer.", Route) with
    {
        BeginsAtZero = false,
    };

    public static MetricDefinition HolmesReloads { get; } = Counter(
        "holmes_reloads_total",
        "{call}",
        "Calls that tell HolmesGPT to reload its file, one for each address behind HOLMES_RELOAD_URL: accepted (ok), refused because of the key (credentials), the admin API is off (missing), the file cannot be loaded (unloadable), another status (status), or no answer. The status lists them.",
        new MetricLabel("result", [.. ReloadResult.Words]));

    public static MetricDefinition Propagation { get; } = Histogram(
        "propagation_seconds", "Time from the first event that causes a write to the end of that write, including health checks in between.");

    public static MetricDefinition Leader { get; } = Gauge(
        "leader", MetricUnit.One, "1 if this replica writes, as the only one or as the leader; 0 if it follows another.");

    public static MetricDefinition LeaderTransitions { get; } = Counter(
        "leader_transitions_total", "{transition}", "How often this replica became or stopped being leader.");

    public static MetricDefinition LeaseRenewAge { get; } = Gauge(
        "lease_renew_age_seconds",
        MetricUnit.Seconds,
        "Time since the last renewal of the Lease: on the leader since it was sent, on a follower since it was seen; absent without election.");

    public static MetricDefinition Build { get; } = Gauge("build_info", MetricUnit.One, "Always 1.", new MetricLabel("version"));

    public static MetricDefinition ResidentMemory { get; } = new(MetricKind.Gauge, "process_resident_memory_bytes", MetricUnit.Bytes, "Resident memory.");

    public static MetricDefinition CpuSeconds { get; } = new(MetricKind.Counter, "process_cpu_seconds_total", MetricUnit.Seconds, "User and system CPU time.");

    public static MetricDefinition StartTime { get; } = new(MetricKind.Gauge, "process_start_time_seconds", MetricUnit.Seconds, "Start of the program, as Unix time.");

    public static MetricDefinition Collections { get; } = new(
        MetricKind.Counter, "dotnet_gc_collections_total", "{collection}", "Garbage collections.", new MetricLabel("generation", "0", "1", "2"));

    public static MetricDefinition HeapBytes { get; } = new(MetricKind.Gauge, "dotnet_gc_heap_bytes", MetricUnit.Bytes, "Bytes on the managed heap, including garbage.");

    public static MetricDefinition PoolThreads { get; } = new(MetricKind.Gauge, "dotnet_thread_pool_threads", "{thread}", "Threads of the thread pool.");

    public static ImmutableArray<MetricDefinition> All { get; } =
    [
        ServicesDiscovered, Toolsets, ToolsetHealthy, ToolsetsHealthy, DiscoveryCycles, DiscoveryDuration,
        HealthChecks, HealthCheckDuration, UnhealthyServices, BackendVerdicts, HealthPanic, MalformedAnnotations, ServicesRefused,
        ConfigMapReconcile, ConfigMapDrift, ConfigMapFights, ConfigMapRefused, ConfigMapBytes, ToolsetsLeftOut, ReconcileDuration, OverridesValid, RulesValid,
        HolmesFileValid, HolmesFileLeftOut, HolmesReloads, Propagation,
        WatchLastEvent, WatchRestarts, KubeRequests, HttpRequests, HttpRequestDuration, Leader, LeaderTransitions, LeaseRenewAge, Build,
        ResidentMemory, CpuSeconds, StartTime, Collections, HeapBytes, PoolThreads,
    ];

    private static bool IsOutcome(string result, string errorType) => result switch
    {
        "success" => errorType.Length == 0,
        "conflict" => errorType == result,
        _ => errorType is not ("" or "conflict"),
    };

    private static MetricDefinition Counter(string name, string unit, string help, params ImmutableArray<MetricLabel> labels) =>
        new(MetricKind.Counter, Prefix + name, unit, help, labels);

    private static MetricDefinition Gauge(string name, string unit, string help, params ImmutableArray<MetricLabel> labels) =>
        new(MetricKind.Gauge, Prefix + name, unit, help, labels);

    private static MetricDefinition Histogram(string name, string help, params ImmutableArray<MetricLabel> labels) =>
        new(MetricKind.Histogram, Prefix + name, MetricUnit.Seconds, help, labels) { Buckets = Durations };
}
