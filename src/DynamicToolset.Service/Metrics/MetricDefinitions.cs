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
        "toolsets", "{toolset}", "Toolsets that the ConfigMap should hold.", Type with { Values = ["kubernetes", .. Type.Values] });

    public static MetricDefinition ToolsetHealthy { get; } = Gauge(
        "toolset_healthy",
        MetricUnit.One,
        "1 where the Service of the toolset of this name is healthy, 0 where it is not; absent where there is none. Of at most 100 toolsets, those called after their type first.",
        Type,
        new MetricLabel("name"));

    public static MetricDefinition ToolsetsHealthy { get; } = Gauge("toolsets_healthy", "{service}", "Detected Services that pass their health checks, or are kept in a panic.", Type);

    public static MetricDefinition DiscoveryCycles { get; } = Counter(
        "discovery_cycles_total",
        "{cycle}",
        "Evaluations of all Services (success), and times that the Services could not be listed, or their watch not be opened (error).",
        new MetricLabel("result", "success", "error"),
        ErrorType) with
    {
        CanOccur = static labels => IsOutcome(labels[0], labels[1]),
    };

    public static MetricDefinition DiscoveryDuration { get; } = Histogram(
        "discovery_duration_seconds",
        "Time to detect what the Services are, and to generate the toolsets out of that.",
        new MetricLabel("phase", "detect", "generate"));

    public static MetricDefinition HealthChecks { get; } = Counter(
        "health_checks_total",
        "{check}",
        "Health checks that ended, each with all its attempts; a backend that wants credentials is healthy (credentials), and of those that the API server did not let through (apiserver) what is known stays.",
        Type,
        new MetricLabel("result", "ok", "credentials", "status", "timeout", "refused", "dns", "tls", "blocked", "connection", "response", "apiserver"));

    public static MetricDefinition HealthCheckDuration { get; } = Histogram(
        "health_check_duration_seconds", "Time of a health check with all its attempts and the pauses between them.", Type);

    public static MetricDefinition UnhealthyServices { get; } = Gauge("unhealthy_services", "{service}", "Detected Services that fail their health checks, those among them whose toolsets stay in a panic.", Type);

    public static MetricDefinition BackendVerdicts { get; } = Gauge(
        "backend_verdicts",
        "{service}",
        "Detected Services by what HolmesGPT will meet at them: an answer (works), one with a certificate that nobody verifies (certificate) or without anything in it (no_data), or one that wants credentials or a tenant; unknown where none is known.",
        new MetricLabel("verdict", [.. Enum.GetValues<QuestionVerdict>().Select(v => v.Word()), "unknown"]));

    public static MetricDefinition HealthPanic { get; } = Gauge(
        "health_panic", MetricUnit.One, "1 while no health check passes: the fault is taken to be on this side, and the toolsets stay. It ends with the first success.");

    public static MetricDefinition MalformedAnnotations { get; } = Gauge(
        "malformed_annotations", "{service}", "Services that are left out because their annotations cannot be followed.");

    public static MetricDefinition ServicesRefused { get; } = Gauge(
        "services_refused",
        "{service}",
        "Services that are not looked at because they are larger than any backend is (too_large), and namespaces of which only the first Services are (namespace).",
        new MetricLabel("reason", "too_large", "namespace"));

    public static MetricDefinition ConfigMapReconcile { get; } = Counter(
        "configmap_reconcile_total",
        "{request}",
        "Requests that keep the ConfigMap right; a conflict is one that somebody else was faster than.",
        new MetricLabel("operation", "read", "create", "patch"),
        new MetricLabel("result", "success", "conflict", "error"),
        ErrorType) with
    {
        CanOccur = static labels => IsOutcome(labels[1], labels[2]),
    };

    public static MetricDefinition ConfigMapDrift { get; } = Counter(
        "configmap_drift_detected_total",
        "{difference}",
        "What others changed in the ConfigMap and was repaired: keys missing, modified or extra, our labels, annotations and owner (metadata), or the whole ConfigMap (deleted).",
        new MetricLabel("kind", "missing", "modified", "extra", "metadata", "deleted"));

    public static MetricDefinition ConfigMapFights { get; } = Counter(
        "configmap_fights_total",
        "{repair}",
        "Repairs of a key that another writer keeps changing, from the third within a minute on; from the thirtieth within ten minutes on each makes the next one wait longer.");

    public static MetricDefinition ConfigMapRefused { get; } = Gauge(
        "configmap_refused", MetricUnit.One, "1 while nothing is written for this reason although something differs.", new MetricLabel("reason", "immutable", "too_large"));

    public static MetricDefinition ConfigMapBytes { get; } = Gauge(
        "configmap_bytes", MetricUnit.Bytes, "Size of the ConfigMap's data, keys and values, binary ones and those of others included; absent while there is none.");

    public static MetricDefinition ToolsetsLeftOut { get; } = Gauge("toolsets_left_out", "{toolset}", "Toolsets of custom Services for which the ConfigMap has no room.");

    public static MetricDefinition ReconcileDuration { get; } = Histogram(
        "reconcile_duration_seconds", "Time of a round: detect, generate, compare, write if need be.");

    public static MetricDefinition OverridesValid { get; } = Gauge("overrides_valid", MetricUnit.One, "0 while overrides.yaml, or a file of OVERRIDES_DIR, cannot be understood and the last good overrides stay in force.");

    public static MetricDefinition RulesValid { get; } = Gauge("rules_valid", MetricUnit.One, "0 while the files of DETECTORS_DIR cannot be used and the last good rules stay in force.");

    public static MetricDefinition HolmesFileValid { get; } = Gauge(
        "holmes_file_valid",
        MetricUnit.One,
        "0 while the file for HolmesGPT would not be fit to be loaded, so that the key keeps what it has; absent where HOLMES_FORMAT is false.");

    public static MetricDefinition HolmesFileLeftOut { get; } = Gauge(
        "holmes_file_left_out",
        "{part}",
        "What the toolsets say and the file for HolmesGPT does not, each named in the log: entries that are not there, names in HOLMES_BASE_TOOLSETS that need a config among them, and keys of others; absent where HOLMES_FORMAT is false.",
        new MetricLabel("part", "entry", "key"));

    public static MetricDefinition WatchLastEvent { get; } = Gauge(
        "watch_last_event_seconds", MetricUnit.Seconds, "Time since what is known of the resource was last sure to be the present state: a list, an event or a bookmark.", Resource);

    public static MetricDefinition WatchRestarts { get; } = Counter(
        "watch_restarts_total",
        "{watch}",
        "Watches that were opened anew: after the API server ended them in order, after they broke, were refused, or after their version was too old; fruitless counts the lists that follow where watches again and again bring nothing.",
        Resource,
        new MetricLabel("reason", "ended", "broken", "refused", "expired", "fruitless"));

    public static MetricDefinition KubeRequests { get; } = Counter(
        "kube_requests_total",
        "{request}",
        "Requests to the Kubernetes API; the code is 0 where there was no answer.",
        new MetricLabel("verb"),
        new MetricLabel("resource"),
        new MetricLabel("code"));

    public static MetricDefinition HttpRequests { get; } = Counter(
        "http_requests_total",
        "{request}",
        "Requests over HTTP that were answered. The route is the pattern of the path, and other where there is none.",
        Route,
        new MetricLabel("method", [.. HttpMeasures.Methods, HttpMeasures.Other]),
        new MetricLabel("code"));

    public static MetricDefinition HttpRequestDuration { get; } = Histogram(
        "http_request_duration_seconds", "Time from a request over HTTP to the end of its answer.", Route) with
    {
        BeginsAtZero = false,
    };

    public static MetricDefinition HolmesReloads { get; } = Counter(
        "holmes_reloads_total",
        "{call}",
        "Calls that told a HolmesGPT to read its file anew, one for each address behind HOLMES_RELOAD_URL: taken (ok), or refused for the key (credentials), for want of the admin API (missing), because the file cannot be loaded (unloadable), otherwise (status), or not answered; each is in the status.",
        new MetricLabel("result", [.. ReloadResult.Words]));

    public static MetricDefinition Propagation { get; } = Histogram(
        "propagation_seconds", "Time from the first event that a write answers to the end of that write, health checks between them included.");

    public static MetricDefinition Leader { get; } = Gauge(
        "leader", MetricUnit.One, "1 where this replica writes, as the only one or as the leader; 0 where it follows another.");

    public static MetricDefinition LeaderTransitions { get; } = Counter(
        "leader_transitions_total", "{transition}", "How often this replica began or ceased to lead by election.");

    public static MetricDefinition LeaseRenewAge { get; } = Gauge(
        "lease_renew_age_seconds",
        MetricUnit.Seconds,
        "Time since the Lease was last renewed, of a leader since it sent that, of a follower since it saw it; absent without election.");

    public static MetricDefinition Build { get; } = Gauge("build_info", MetricUnit.One, "Always 1.", new MetricLabel("version"));

    public static MetricDefinition ResidentMemory { get; } = new(MetricKind.Gauge, "process_resident_memory_bytes", MetricUnit.Bytes, "Resident memory.");

    public static MetricDefinition CpuSeconds { get; } = new(MetricKind.Counter, "process_cpu_seconds_total", MetricUnit.Seconds, "User and system CPU time.");

    public static MetricDefinition StartTime { get; } = new(MetricKind.Gauge, "process_start_time_seconds", MetricUnit.Seconds, "Start of the program, as Unix time.");

    public static MetricDefinition Collections { get; } = new(
        MetricKind.Counter, "dotnet_gc_collections_total", "{collection}", "Garbage collections.", new MetricLabel("generation", "0", "1", "2"));

    public static MetricDefinition HeapBytes { get; } = new(MetricKind.Gauge, "dotnet_gc_heap_bytes", MetricUnit.Bytes, "Bytes on the managed heap, garbage included.");

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
