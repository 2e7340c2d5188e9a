using System.Collections.Immutable;

namespace DynamicToolset.Docs;

/// <summary>
/// What can be wrong, by what somebody on call has noticed. Every warning and error of the log, every Event and every metric that can show trouble
/// stands here once; tests hold the table to what the program declares.
/// </summary>
internal static class Troubles
{
    private const string As = "--as system:serviceaccount:kubernaut-system:dynamic-toolset-sa";
    private const string Present = "kubectl get configmap kubernaut-toolset-config -n kubernaut-system";
    private const string Explain = "dynamic-toolset explain NAMESPACE/NAME --probe";
    private const string ShowOverrides = Present + @" -o jsonpath='{.data.overrides\.yaml}'";
    private const string ShowSettings = "kubectl set env deployment/dynamic-toolset -n kubernaut-system --list";
    private const string ShowPods = "kubectl get pods -n kubernaut-system -l app=dynamic-toolset -o wide";
    private const string ShowLease = "kubectl get lease dynamic-toolset-leader -n kubernaut-system -o yaml";
    private const string AskApiServer = "kubectl get --raw '/readyz?verbose'";

    /// <summary>The symptoms in the order in which people meet them.</summary>
    public static ImmutableArray<(string Symptom, ImmutableArray<Trouble> Troubles)> All { get; } =
    [
        ("A backend has no toolset",
        [
            new(
                [
                    Log("Service health check failed, skipping"), Event("BackendUnhealthy"), Metric("dynamictoolset_toolset_healthy == 0"),
                    Metric("dynamictoolset_unhealthy_services > 0"), Metric("rate(dynamictoolset_health_checks_total{result!~\"ok|credentials\"}[10m]) > 0"),
                ],
                "The backend does not pass its health check. In the log `endpoint` is what was asked, and `reason` and `status_code` are what came. After two failed checks in a row its toolset is taken out of the ConfigMap; with `kept` true it is still there.",
                Explain,
                "It asks the backend now, and says what it answers. It passes here, and not in the service: a NetworkPolicy lies between. When the backend passes again its toolset comes back by itself.",
                "BackendUnhealthy"),
            new(
                [Log("Backend says twice that it is something else"), Event("BackendIsOther")],
                "The backend passes its check, and answers as another product than it was taken for: another one runs behind the Service now, or has become something else. Its toolset went, or is that of what it answers as.",
                "dynamic-toolset explain NAMESPACE/NAME --probe",
                "It names what answers. Give the product a Service and labels of its own, or, where you know better, say what it is with `kubernaut.io/toolset-type`."),
            new(
                [Log("More Services failed their health checks, not all were told")],
                "So many fail at once that the log does not name them all.",
                "dynamic-toolset explain --all --probe",
                "Do they share a namespace or a node? Look there first."),
            new(
                [Metric("histogram_quantile(0.9, sum by (le) (rate(dynamictoolset_health_check_duration_seconds_bucket[10m]))) > 5")],
                "Health checks are slow. Those that take longer than `HEALTH_CHECK_TIMEOUT` (5s) fail.",
                "dynamic-toolset explain --all --probe",
                "Those with `timeout` are slow or cannot be reached. Where they are only slow, raise `HEALTH_CHECK_TIMEOUT`."),
            new(
                [Metric("sum by (type) (dynamictoolset_services_discovered) == 0")],
                "No Service is taken for a backend of this type. That is fine where there is none.",
                "dynamic-toolset explain --all",
                "It says which condition failed, and the annotation that mends it. More in [a backend is not found](operations.md#a-backend-is-not-found)."),
            new(
                [Log("Malformed annotation, skipping"), Event("MalformedAnnotation"), Metric("dynamictoolset_malformed_annotations > 0")],
                "A `kubernaut.io/` annotation of the Service cannot be followed, and so the Service is left out.",
                "dynamic-toolset explain NAMESPACE/NAME",
                "It names the annotation and what is allowed. Correct it on the Service.",
                "MalformedAnnotations"),
            new(
                [Log("Service is too large, skipping"), Event("ServiceTooLarge"), Metric("dynamictoolset_services_refused{reason=\"too_large\"} > 0")],
                "The Service has more ports, labels or annotations than any backend has, and is not looked at.",
                "dynamic-toolset explain NAMESPACE/NAME",
                "It names the [bound](bounds.md). Give the backend a Service of its own.",
                "ServicesRefused"),
            new(
                [Log("Namespace has too many Services, skipping the last"), Event("NamespaceTooLarge"), Metric("dynamictoolset_services_refused{reason=\"namespace\"} > 0")],
                "Of this namespace only the first Services, by name, are looked at.",
                "kubectl get services -n NAMESPACE --no-headers | wc -l",
                "Find out who creates so many. The [bound](bounds.md) protects the others.",
                "ServicesRefused"),
            new(
                [Log("No room for all toolsets, leaving some out"), Metric("dynamictoolset_toolsets_left_out > 0"), Metric("dynamictoolset_configmap_bytes > 900000")],
                "The ConfigMap is nearly full. Toolsets of custom Services are left out first.",
                @"kubectl get services -A -o custom-columns=NS:.metadata.namespace,TYPE:.metadata.annotations.kubernaut\.io/toolset-type | sort | uniq -c | sort -rn",
                "The namespace with the most custom Services stands near the top. Have its owner opt out those that nobody needs.",
                "ToolsetsLeftOut"),
            new(
                [Log("Detector rules cannot be used, keeping the last good ones"), Event("MalformedRules"), Metric("dynamictoolset_rules_valid == 0")],
                "A file in `DETECTORS_DIR` has a mistake. The rules from before it stay in force.",
                "dynamic-toolset validate FILE...",
                "It names file, line and column, as the log does. The corrected file is read by itself.",
                "RulesInvalid"),
        ]),
        ("All health checks fail, or say nothing",
        [
            new(
                [Log("No health check passes, keeping the toolsets"), Event("HealthPanic"), Metric("dynamictoolset_health_panic == 1")],
                "Every backend fails at once. That is more likely a fault on our side than the end of all of them, so the toolsets stay.",
                "kubectl get networkpolicy -n kubernaut-system",
                "Look for a policy that keeps the service from its backends, then for the DNS of the cluster. [All health checks fail](operations.md#all-health-checks-fail) goes on from there.",
                "HealthPanic"),
            new(
                [Log("Health checks say nothing, keeping what is known")],
                "The checks do not get as far as the backend: outside of a cluster its name does not resolve, or the API server does not let them through. Nothing is removed.",
                Explain,
                "Do what the field `advice` says. [Several clusters](several-clusters.md) tells how to check from outside."),
        ]),
        ("HolmesGPT gets nothing out of a toolset",
        [
            new(
                [Log("Backend wants credentials"), Metric("dynamictoolset_backend_verdicts{verdict=\"credentials\"} > 0")],
                "The backend answers, and HolmesGPT has no credentials for it.",
                Explain,
                "It prints the override to write and the variable to give HolmesGPT's pod: [backends that want credentials](overrides.md#backends-that-want-credentials)."),
            new(
                [Log("Backend wants a tenant"), Metric("dynamictoolset_backend_verdicts{verdict=\"tenant\"} > 0")],
                "The backend answers only to requests that name a tenant, and HolmesGPT names none.",
                Explain,
                "It prints the override that adds the header: [what HolmesGPT will meet](overrides.md#what-holmesgpt-will-meet)."),
            new(
                [Log("Backend serves no data"), Metric("dynamictoolset_backend_verdicts{verdict=\"no_data\"} > 0")],
                "The backend is healthy and empty. A new one may not have collected anything yet.",
                Explain,
                "See what the backend is told to collect, or switch its toolset off in `overrides.yaml` while it has nothing."),
            new(
                [Log("Certificates are not verified"), Metric("dynamictoolset_backend_verdicts{verdict=\"certificate\"} > 0")],
                "Backends that speak https are asked without a look at their certificates, by the checks and by HolmesGPT.",
                "dynamic-toolset explain --all",
                "The table marks them. Mount their CA and set `HEALTH_CHECK_CA_FILE`: [certificates](holmesgpt.md#certificates)."),
            new(
                [Log("References to secrets are left out")],
                "The Service is not in `CREDENTIALS_NAMESPACES`, so its toolset has no `${…}` reference to a secret. HolmesGPT asks it without credentials.",
                ShowSettings,
                "Add the namespace to `CREDENTIALS_NAMESPACES` if you trust it with the secret."),
            new(
                [Log("Left out of the file for HolmesGPT"), Metric("dynamictoolset_holmes_file_left_out > 0")],
                "A toolset or an override has something that HolmesGPT has no place for. The rest is written.",
                ShowOverrides,
                "`toolset`, `path` and `reason` in the log say what. What HolmesGPT takes: [the file for HolmesGPT](holmes-file.md)."),
            new(
                [Log("File for HolmesGPT is not fit to be loaded, keeping the last good one"), Event("UnfitHolmesFile"), Metric("dynamictoolset_holmes_file_valid == 0")],
                "HolmesGPT would not load what would be written, so `holmes-toolsets.yaml` stays as it was.",
                ShowOverrides,
                "Take back the override, or the rule, that `problem` in the log names.",
                "HolmesFileInvalid"),
            new(
                [Log("HolmesGPT could not be told to reload its toolsets"), Metric("increase(dynamictoolset_holmes_reloads_total{result!=\"ok\"}[10m]) > 0")],
                "The file is written, and HolmesGPT did not take the call to read it. It goes on with the old toolsets.",
                ShowSettings,
                "Compare `HOLMES_RELOAD_URL` with HolmesGPT's Service; `error` in the log says what came. Restart HolmesGPT if you cannot wait: it reads the file at its start. See [HolmesGPT](holmesgpt.md)."),
        ]),
        ("The ConfigMap says something else, or an edit is gone",
        [
            new(
                [Log("Drift detected"), Event("DriftRepaired"), Metric("increase(dynamictoolset_configmap_drift_detected_total[10m]) > 0")],
                "Somebody changed a generated key, and it was set back. Changes belong in the key `overrides.yaml`.",
                "kubectl get events -n kubernaut-system --field-selector reason=DriftRepaired",
                "The Event names the key and the field manager that changed it. Write the change with `kubectl edit configmap kubernaut-toolset-config -n kubernaut-system` into `overrides.yaml`: [overrides](overrides.md)."),
            new(
                [Log("Another writer keeps changing the ConfigMap"), Event("ContestedKey"), Metric("increase(dynamictoolset_configmap_fights_total[15m]) > 0")],
                "Another program writes the same key again and again. In between HolmesGPT may read its version.",
                Present + " -o yaml --show-managed-fields",
                "`manager` in the log is who writes. If that is `dynamic-toolset`, a second copy of the service runs.",
                "ConfigMapContested"),
            new(
                [Log("Malformed overrides"), Event("MalformedOverrides"), Metric("dynamictoolset_overrides_valid == 0")],
                "`overrides.yaml`, or a file in `OVERRIDES_DIR`, cannot be read. The last good overrides stay in force.",
                Present + @" -o jsonpath='{.metadata.annotations.kubernaut\.io/override-error}'",
                "It prints file, line and column. Correct that line.",
                "OverridesInvalid"),
            new(
                [Log("Overrides have something that was hardly meant")],
                "The overrides can be read, and something in them has no effect or another one than it looks.",
                ShowOverrides,
                "`detail` in the log names the place. More in [overrides](overrides.md)."),
            new(
                [Log("Override is dormant")],
                "An override is for a toolset that is not there now: no such backend, one that is down, or no `config.url`. Nothing is written for it.",
                "dynamic-toolset explain --all",
                "Compare the names. A misspelt name is dormant for ever."),
            new(
                [Log("ConfigMap not found"), Metric("increase(dynamictoolset_configmap_drift_detected_total{kind=\"deleted\"}[10m]) > 0")],
                "Somebody deleted the ConfigMap. It comes back after two seconds, with `overrides.yaml` as it was.",
                Present,
                "If it is not there, the log says why it could not be written."),
            new(
                [Log("ConfigMap cannot be written"), Event("ConfigMapImmutable"), Event("ConfigMapTooLarge"), Metric("dynamictoolset_configmap_refused == 1")],
                "The ConfigMap is `immutable: true`, or what belongs in it does not fit. Nothing is written until somebody mends that.",
                Present + " -o jsonpath='{.immutable}'",
                "It prints `true`: the ConfigMap has to be deleted, and the runbook says how to keep the overrides. Nothing: it is too large, shorten the overrides.",
                "ConfigMapRefused"),
            new(
                [Log("Owner of the ConfigMap is not as it should be, or not known"), Event("OtherController")],
                "The ConfigMap is written, but does not belong to the Deployment of the service. `reason` says why.",
                Present + " -o jsonpath='{.metadata.ownerReferences}'",
                "Nothing is urgent. [Ownership](ownership.md) says what follows and how to mend it."),
        ]),
        ("The ConfigMap is not kept up to date",
        [
            new(
                [Log("Failed to write ConfigMap"), Metric("increase(dynamictoolset_configmap_reconcile_total{operation=~\"create|patch\", result=\"error\"}[10m]) > 0")],
                "The API server did not take a write. It is tried again by itself, and HolmesGPT has the old content until then.",
                "kubectl auth can-i patch configmap/kubernaut-toolset-config -n kubernaut-system " + As,
                "`no`: apply the manifests again. `yes`: `error` in the log has the words of the API server or of a webhook.",
                "ReconcileFailing"),
            new(
                [Log("Failed to read ConfigMap"), Metric("increase(dynamictoolset_configmap_reconcile_total{operation=\"read\", result=\"error\"}[10m]) > 0")],
                "The API server did not give the ConfigMap. What was known of it stays; it is tried again by itself.",
                "kubectl auth can-i get configmap/kubernaut-toolset-config -n kubernaut-system " + As,
                "`no`: apply the manifests again. `yes`: look at the API server.",
                "ReconcileFailing"),
            new(
                [Log("Gave up a write, leadership is over or has not enough time left")],
                "A write would have taken longer than this replica still leads. The next leader writes it.",
                ShowLease,
                "If it repeats, the API server is slow.",
                "ReconcileFailing"),
            new(
                [
                    Metric("histogram_quantile(0.99, sum by (le) (rate(dynamictoolset_propagation_seconds_bucket[15m]))) > 10"),
                    Metric("histogram_quantile(0.99, sum by (le) (rate(dynamictoolset_reconcile_duration_seconds_bucket[15m]))) > 5"),
                ],
                "It takes long until a change in the cluster stands in the ConfigMap. Mostly the API server is slow, or new backends hang in their checks.",
                AskApiServer,
                "All `ok`: look for backends that time out, with `dynamic-toolset explain --all --probe`."),
        ]),
        ("The API server is not reached, or refuses",
        [
            new(
                [Log("Failed to list services"), Metric("increase(dynamictoolset_discovery_cycles_total{result=\"error\"}[10m]) > 0")],
                "Services cannot be listed or watched. What was known stays; what appears or goes is not seen.",
                "kubectl auth can-i list services -A " + As,
                "`no`: the ClusterRole or its binding is gone, apply the manifests again. `yes`: look at `error` in the log. It goes on by itself when the API server answers.",
                "DiscoveryFailing"),
            new(
                [Metric("increase(dynamictoolset_discovery_cycles_total{result=\"success\"}[30m]) == 0")],
                "The replica runs, and has not looked at all Services for half an hour.",
                ShowPods,
                "Not ready: the entry for what its log says. Ready: the runbook.",
                "DiscoveryStalled"),
            new(
                [Log("Watch broken"), Metric("increase(dynamictoolset_watch_restarts_total{reason=~\"broken|refused\"}[10m]) > 0")],
                "The stream of changes was cut. It is opened again after `retry_in_seconds`, and nothing is lost. Now and then that is normal.",
                AskApiServer,
                "If it repeats every few minutes, a load balancer or proxy cuts long connections.",
                "WatchStale"),
            new(
                [
                    Log("Watch makes no progress, listing again"), Metric("increase(dynamictoolset_watch_restarts_total{reason=\"fruitless\"}[10m]) > 0"),
                    Metric("dynamictoolset_watch_last_event_seconds > 600"),
                ],
                "The stream of changes is open and brings nothing. The service lists in its place, which is slower.",
                AskApiServer,
                "All `ok`: look for a proxy between them that holds answers back.",
                "WatchStale"),
            new(
                [Metric("rate(dynamictoolset_kube_requests_total{code=~\"401|403\"}[10m]) > 0")],
                "The API server refuses a request of the service. The log names the right that is missing and the manifest that grants it.",
                "kubectl auth can-i --list -n kubernaut-system " + As,
                "Compare with the manifest, and apply that again.",
                "RightMissing"),
            new(
                [Metric("rate(dynamictoolset_kube_requests_total{code=~\"0|5..\"}[10m]) > 0")],
                "The API server does not answer the service (code 0), or answers with a fault of its own.",
                AskApiServer,
                "The API server is the one to mend. The service goes on by itself."),
            new(
                [Log("Events cannot be written, trying again")],
                "The service may not write Events, so people do not see them. Nothing else depends on it.",
                "kubectl auth can-i create events -n NAMESPACE " + As,
                "`no`: apply the manifests again. `yes`: look at `error`; a namespace that is being deleted takes none.",
                "RightMissing"),
        ]),
        ("No replica leads, or several",
        [
            new(
                [Log("Lost leader election"), Metric("increase(dynamictoolset_leader_transitions_total[1h]) > 4")],
                "This replica led and does not any more. Another takes over within 15 seconds. Once is no reason to act.",
                ShowLease,
                "`holderIdentity` is who leads now. If it keeps changing, the API server is slow or the pods restart.",
                "LeadershipFlapping"),
            new(
                [
                    Log("Lease cannot be read or written, trying again"), Log("Failed to read Lease"), Metric("sum(dynamictoolset_leader) == 0"),
                    Metric("dynamictoolset_lease_renew_age_seconds > 30"),
                ],
                "The replica cannot see or renew the Lease. While nobody can, nobody leads, and the ConfigMap stays as it is.",
                "kubectl auth can-i update lease/dynamic-toolset-leader -n kubernaut-system " + As,
                "`no`: apply the manifests again. `yes`: look at the API server.",
                "NoLeader"),
            new(
                [Log("Lease not released, others take over when it has expired")],
                "A replica that stopped could not say so in the Lease. Others wait up to 15 seconds more.",
                ShowLease,
                "Nothing to do, unless `renewTime` does not move on.",
                "NoLeader"),
            new(
                [Log("Holder of the Lease keeps changing, not all were told")],
                "The Lease changes hands so often that the log does not name all holders.",
                ShowLease,
                "Look for replicas that restart, and for another program that writes this Lease.",
                "LeadershipFlapping"),
            new(
                [Metric("sum(dynamictoolset_leader) > 1")],
                "Several replicas write the same ConfigMap.",
                "kubectl get pods -A -l app=dynamic-toolset",
                "More than one replica needs `LEADER_ELECTION_ENABLED=true`. A second installation needs a ConfigMap of its own.",
                "SeveralLeaders"),
        ]),
        ("The service itself",
        [
            new(
                [Metric("absent(up{job=\"dynamic-toolset\"} == 1)")],
                "No replica answers Prometheus. The ConfigMap stays as it is.",
                ShowPods,
                "No pod, or one that does not run: `kubectl describe` says why.",
                "Down"),
            new(
                [Metric("up{job=\"dynamic-toolset\"} == 0")],
                "One replica does not answer Prometheus.",
                ShowPods,
                "It is ready: a NetworkPolicy keeps Prometheus from port 9090.",
                "ReplicaDown"),
            new(
                [Log("Journal cannot be written"), Log("Rounds are missing from the journal, the disk is too slow")],
                "The volume of `JOURNAL_DIR` is full, gone or slow. Rounds are decided and carried out all the same, and some are not recorded; it is tried again each minute.",
                "kubectl describe pods -n kubernaut-system -l app=dynamic-toolset",
                "Which volume is mounted there? It needs room for 64 MiB: see [recording and replaying](replay.md)."),
            new(
                [Metric("changes(process_start_time_seconds{job=\"dynamic-toolset\"}[30m]) > 2")],
                "A replica starts again and again.",
                "kubectl describe pods -n kubernaut-system -l app=dynamic-toolset",
                "Exit code 2: a setting, which the log names. 70: a defect. 137: the memory limit.",
                "Restarting"),
            new(
                [Metric("process_resident_memory_bytes{job=\"dynamic-toolset\"} > 128 * 1024 * 1024")],
                "A replica holds more memory than it should need in a cluster of 10,000 Services.",
                "kubectl get services -A --no-headers | wc -l",
                "More Services than that: raise the memory limit. Fewer: keep the log and the metrics for a report, then restart the pod."),
            new(
                [Log("Request failed")],
                "A request to the REST API ended in a defect of the service, with status 500.",
                "kubectl logs -n kubernaut-system -l app=dynamic-toolset --tail=-1 --prefix | grep 'Request failed'",
                "Keep the lines with this `correlation_id` for a report. Restart the pod if it goes on.",
                "ApiFailing"),
            new(
                [Metric("rate(dynamictoolset_http_requests_total{code=~\"5..\"}[10m]) > 0")],
                "Requests to the REST API or the health paths fail.",
                "kubectl logs -n kubernaut-system -l app=dynamic-toolset --tail=-1 --prefix | grep -E 'Request failed|Callers cannot be checked|Failed to'",
                "Status 500 is in the log as `Request failed`. Status 503 is mostly the API server, or no leader.",
                "ApiFailing"),
            new(
                [Log("Callers cannot be checked")],
                "Tokens of callers cannot be shown to the API server, so the REST API answers everybody with 503. Discovery goes on.",
                "kubectl auth can-i create tokenreviews " + As,
                "`no`: apply the manifests again. `yes`: look at the API server.",
                "ApiFailing"),
            new(
                [Log("Stop took too long and was cut short")],
                "A stop was not done within `SHUTDOWN_TIMEOUT` (25s). The ConfigMap is whole: a write is one request.",
                ShowPods,
                "Nothing to do, unless it repeats: then the API server is slow."),
            new(
                [Log("Telemetry could not be sent, see docs/tracing.md")],
                "The OpenTelemetry collector does not take what is sent. Nothing else depends on it.",
                ShowSettings,
                "Do the port and the protocol of `OTEL_EXPORTER_OTLP_ENDPOINT` belong together? See [traces](tracing.md)."),
            new(
                [Log("More problems of the same kind")],
                "There are more problems of the kind in `problem` than the log names.",
                "dynamic-toolset status",
                "It lists more of them where it reaches the service: `--url` and `--token-file` as in [when something happens](operations.md#beforehand). The entry for the log line before it says what the kind means."),
        ]),
    ];

    /// <summary>Those that show how much there is, or where time goes, and no trouble by themselves.</summary>
    public static ImmutableArray<string> CalmMetrics { get; } =
    [
        "dynamictoolset_toolsets", "dynamictoolset_toolsets_healthy", "dynamictoolset_discovery_duration_seconds", "dynamictoolset_http_request_duration_seconds",
        "dynamictoolset_build_info", "process_cpu_seconds_total", "dotnet_gc_collections_total", "dotnet_gc_heap_bytes", "dotnet_thread_pool_threads",
    ];

    private static Sign Log(string message) => new(SignKind.Log, message);

    private static Sign Event(string reason) => new(SignKind.Event, reason);

    private static Sign Metric(string query) => new(SignKind.Metric, query);
}

/// <summary>One thing that can be wrong.</summary>
/// <param name="Signs">How it shows. The first is its heading.</param>
/// <param name="Meaning">What it is, and how bad.</param>
/// <param name="Next">The next command. <c>NAMESPACE</c> and <c>NAME</c> stand for the Service that the sign names.</param>
/// <param name="Then">What its answer leads to.</param>
/// <param name="Runbook">Of the alert, without the prefix that all have; null where there is none.</param>
internal sealed record Trouble(ImmutableArray<Sign> Signs, string Meaning, string Next, string Then, string? Runbook = null);

/// <param name="Text">The message of the log, the reason of the Event, or what to ask Prometheus.</param>
internal readonly record struct Sign(SignKind Kind, string Text);

internal enum SignKind
{
    Log,
    Event,
    Metric,
}
