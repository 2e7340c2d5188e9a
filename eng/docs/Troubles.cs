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
                "The backend fails its health check. In the log `endpoint` is the URL, and `reason` and `status_code` are the result. After two failed checks in a row its toolset is removed from the ConfigMap; if `kept` is true it is still there.",
                Explain,
                "This checks the backend now, and prints its answer. If it passes here but not in the service, a NetworkPolicy blocks the service. Once the check passes, the toolset comes back by itself.",
                "BackendUnhealthy"),
            new(
                [Log("Backend identified twice as another product"), Event("BackendIsOther")],
                "The backend passes its check, but identifies as another product than before. Its toolset was removed, or replaced by the one for that product.",
                "dynamic-toolset explain NAMESPACE/NAME --probe",
                "This prints the product that answers. Give that product its own Service and labels. If the identification is wrong, set the annotation `kubernaut.io/toolset-type`."),
            new(
                [Log("More Services failed their health checks, not all are logged")],
                "So many fail at once that the log does not list them all.",
                "dynamic-toolset explain --all --probe",
                "If they share a namespace or a node, look there first."),
            new(
                [Metric("histogram_quantile(0.9, sum by (le) (rate(dynamictoolset_health_check_duration_seconds_bucket[10m]))) > 5")],
                "Health checks are slow. Those that take longer than `HEALTH_CHECK_TIMEOUT` (5s) fail.",
                "dynamic-toolset explain --all --probe",
                "Those with `timeout` are slow or cannot be reached. If they are only slow, raise `HEALTH_CHECK_TIMEOUT`."),
            new(
                [Metric("sum by (type) (dynamictoolset_services_discovered) == 0")],
                "No Service is detected as a backend of this type. That is fine if you have none.",
                "dynamic-toolset explain --all",
                "This prints the condition that failed, and the annotation that fixes it. See also [a backend is not found](operations.md#a-backend-is-not-found)."),
            new(
                [Log("Malformed annotation, skipping"), Event("MalformedAnnotation"), Metric("dynamictoolset_malformed_annotations > 0")],
                "A `kubernaut.io/` annotation of the Service is malformed, so the Service is skipped.",
                "dynamic-toolset explain NAMESPACE/NAME",
                "This prints the annotation and what is allowed. Correct it on the Service.",
                "MalformedAnnotations"),
            new(
                [Log("Service is too large, skipping"), Event("ServiceTooLarge"), Metric("dynamictoolset_services_refused{reason=\"too_large\"} > 0")],
                "The Service has more ports, labels or annotations than any backend has, so it is skipped.",
                "dynamic-toolset explain NAMESPACE/NAME",
                "This prints the [bound](bounds.md). Give the backend its own Service.",
                "ServicesRefused"),
            new(
                [Log("Namespace has too many Services, skipping the last"), Event("NamespaceTooLarge"), Metric("dynamictoolset_services_refused{reason=\"namespace\"} > 0")],
                "This namespace has too many Services; only the first ones by name are evaluated.",
                "kubectl get services -n NAMESPACE --no-headers | wc -l",
                "Find out who creates so many. The [bound](bounds.md) protects the others.",
                "ServicesRefused"),
            new(
                [Log("No room for all toolsets, leaving some out"), Metric("dynamictoolset_toolsets_left_out > 0"), Metric("dynamictoolset_configmap_bytes > 900000")],
                "The ConfigMap is nearly full. Toolsets of custom Services are left out first.",
                @"kubectl get services -A -o custom-columns=NS:.metadata.namespace,TYPE:.metadata.annotations.kubernaut\.io/toolset-type | sort | uniq -c | sort -rn",
                "The namespace with the most custom Services is near the top. Ask its owner to opt out those that nobody needs.",
                "ToolsetsLeftOut"),
            new(
                [Log("Detector rules cannot be used, keeping the last good ones"), Event("MalformedRules"), Metric("dynamictoolset_rules_valid == 0")],
                "A file in `DETECTORS_DIR` has an error. The last good rules stay in force.",
                "dynamic-toolset validate FILE...",
                "This prints file, line and column, as the log does. The service reads the corrected file by itself.",
                "RulesInvalid"),
            new(
                [Log("HEALTH_CHECK_TOKEN_FILES names rules that do not exist")],
                "No detector rule has the name before the slash, so that token is never sent.",
                "dynamic-toolset --print-config | grep TOKEN_FILES",
                "Correct the name; [detector rules](detector-rules.md) lists the built-in ones."),
        ]),
        ("All health checks fail, or reach nothing",
        [
            new(
                [Log("No health check passes, keeping the toolsets"), Event("HealthPanic"), Metric("dynamictoolset_health_panic == 1")],
                "Every backend fails at once. Most likely the fault is on the service's side, so it keeps the toolsets.",
                "kubectl get networkpolicy -n kubernaut-system",
                "Look for a policy between the service and its backends, then check the cluster's DNS. Continue with [all health checks fail](operations.md#all-health-checks-fail).",
                "HealthPanic"),
            new(
                [Log("Health checks cannot reach the backends, keeping the last results")],
                "The checks cannot reach the backend: from outside of the cluster its name does not resolve, or the API server does not let them through. Nothing is removed.",
                Explain,
                "Do what the field `advice` says. See also [several clusters](several-clusters.md)."),
        ]),
        ("HolmesGPT gets nothing from a toolset",
        [
            new(
                [Log("Backend wants credentials"), Metric("dynamictoolset_backend_verdicts{verdict=\"credentials\"} > 0")],
                "The backend requires credentials, and HolmesGPT has none for it. The metric also counts backends for which it has some, such as a Grafana; the log does not.",
                Explain,
                "This prints the override to write and the variable for HolmesGPT's pod: [backends that want credentials](overrides.md#backends-that-want-credentials)."),
            new(
                [Log("Backend wants a tenant"), Metric("dynamictoolset_backend_verdicts{verdict=\"tenant\"} > 0")],
                "The backend answers only requests that name a tenant, and HolmesGPT names none. The metric also counts backends whose override names one; the log does not.",
                Explain,
                "This prints the override that adds the header: [what HolmesGPT will meet](overrides.md#what-holmesgpt-will-meet)."),
            new(
                [Log("Backend has no data"), Metric("dynamictoolset_backend_verdicts{verdict=\"no_data\"} > 0")],
                "The backend is healthy but has no data. A new one may not have collected anything yet.",
                Explain,
                "Check what the backend is configured to collect, or switch its toolset off in `overrides.yaml` until it has data."),
            new(
                [Log("Certificates are not verified"), Metric("dynamictoolset_backend_verdicts{verdict=\"certificate\"} > 0")],
                "Neither the health checks nor HolmesGPT verify the certificates of https backends.",
                "dynamic-toolset explain --all",
                "The table marks them. Mount their CA and set `HEALTH_CHECK_CA_FILE`: [certificates](holmesgpt.md#certificates)."),
            new(
                [Log("References to secrets are left out")],
                "The Service's namespace is not in `CREDENTIALS_NAMESPACES`, so its toolset has no `${…}` reference to a secret. HolmesGPT queries it without credentials.",
                ShowSettings,
                "Add the namespace to `CREDENTIALS_NAMESPACES` if you trust it with the secret."),
            new(
                [Log("Left out of the file for HolmesGPT"), Metric("dynamictoolset_holmes_file_left_out > 0")],
                "A toolset or an override has a part that HolmesGPT does not support. The rest is written.",
                ShowOverrides,
                "`toolset`, `path` and `reason` in the log say which part. See [the file for HolmesGPT](holmes-file.md)."),
            new(
                [Log("HolmesGPT would reject the new file, keeping the last good one"), Event("UnfitHolmesFile"), Metric("dynamictoolset_holmes_file_valid == 0")],
                "HolmesGPT would reject the new file, so `holmes-toolsets.yaml` stays as it was.",
                ShowOverrides,
                "Revert the override or the rule that `problem` in the log names.",
                "HolmesFileInvalid"),
            new(
                [Log("HolmesGPT could not be told to reload its toolsets"), Metric("increase(dynamictoolset_holmes_reloads_total{result!=\"ok\"}[10m]) > 0")],
                "The file is written, but HolmesGPT did not accept the call to reload it. It continues with the old toolsets.",
                ShowSettings,
                "Compare `HOLMES_RELOAD_URL` with HolmesGPT's Service; `error` in the log has its answer. If you cannot wait, restart HolmesGPT: it reads the file at its start. See [HolmesGPT](holmesgpt.md)."),
        ]),
        ("The ConfigMap has other content, or an edit is gone",
        [
            new(
                [Log("Drift detected"), Event("DriftRepaired"), Metric("increase(dynamictoolset_configmap_drift_detected_total[10m]) > 0")],
                "Somebody changed a generated key, and the service reverted it. Changes belong in the key `overrides.yaml`.",
                "kubectl get events -n kubernaut-system --field-selector reason=DriftRepaired",
                "The Event names the key and the field manager that changed it. Write the change with `kubectl edit configmap kubernaut-toolset-config -n kubernaut-system` into `overrides.yaml`: [overrides](overrides.md)."),
            new(
                [Log("Another writer keeps changing the ConfigMap"), Event("ContestedKey"), Metric("increase(dynamictoolset_configmap_fights_total[15m]) > 0")],
                "Another program writes the same key again and again. In between HolmesGPT may read its version.",
                Present + " -o yaml --show-managed-fields",
                "`manager` in the log is the field manager of the writer. If it is `dynamic-toolset`, a second copy of the service runs.",
                "ConfigMapContested"),
            new(
                [Log("Malformed overrides"), Event("MalformedOverrides"), Metric("dynamictoolset_overrides_valid == 0")],
                "`overrides.yaml`, or a file in `OVERRIDES_DIR`, cannot be read. The last good overrides stay in force.",
                Present + @" -o jsonpath='{.metadata.annotations.kubernaut\.io/override-error}'",
                "This prints file, line and column. Correct that line.",
                "OverridesInvalid"),
            new(
                [Log("Overrides have a probable mistake")],
                "The overrides are valid, but something in them has no effect or an unexpected one.",
                ShowOverrides,
                "`detail` in the log has the place. See [overrides](overrides.md)."),
            new(
                [Log("Override is ignored for now")],
                "An override is for a toolset that does not exist now: there is no such backend, it is not healthy, or the override has no `config.url`. It is ignored until that changes.",
                "dynamic-toolset explain --all",
                "Compare the names. An override with a misspelt name is ignored for ever."),
            new(
                [Log("ConfigMap not found"), Metric("increase(dynamictoolset_configmap_drift_detected_total{kind=\"deleted\"}[10m]) > 0")],
                "Somebody deleted the ConfigMap. The service recreates it after two seconds, with `overrides.yaml` as it was.",
                Present,
                "If it is missing, the log says why it could not be written."),
            new(
                [Log("ConfigMap cannot be written"), Event("ConfigMapImmutable"), Event("ConfigMapTooLarge"), Metric("dynamictoolset_configmap_refused == 1")],
                "The ConfigMap is `immutable: true`, or its content would be too large. Nothing is written until you fix that.",
                Present + " -o jsonpath='{.immutable}'",
                "If this prints `true`, delete the ConfigMap; the runbook says how to keep the overrides. If it prints nothing, the content is too large: shorten the overrides.",
                "ConfigMapRefused"),
            new(
                [Log("Owner reference of the ConfigMap is wrong or unknown"), Event("OtherController")],
                "The ConfigMap is written, but has no owner reference to the service's Deployment. `reason` says why.",
                Present + " -o jsonpath='{.metadata.ownerReferences}'",
                "This is not urgent. [Ownership](ownership.md) explains the consequences and how to fix it."),
        ]),
        ("The ConfigMap is not kept up to date",
        [
            new(
                [Log("Failed to write ConfigMap"), Metric("increase(dynamictoolset_configmap_reconcile_total{operation=~\"create|patch\", result=\"error\"}[10m]) > 0")],
                "The API server did not accept a write. The service retries by itself; HolmesGPT has the old content until then.",
                "kubectl auth can-i patch configmap/kubernaut-toolset-config -n kubernaut-system " + As,
                "`no`: apply the manifests again. `yes`: `error` in the log has the message of the API server or a webhook.",
                "ReconcileFailing"),
            new(
                [Log("Failed to read ConfigMap"), Metric("increase(dynamictoolset_configmap_reconcile_total{operation=\"read\", result=\"error\"}[10m]) > 0")],
                "The service could not read the ConfigMap. It keeps what it knew, and retries by itself.",
                "kubectl auth can-i get configmap/kubernaut-toolset-config -n kubernaut-system " + As,
                "`no`: apply the manifests again. `yes`: check the API server.",
                "ReconcileFailing"),
            new(
                [Log("Gave up a write, not enough time left as leader")],
                "A write would have taken longer than this replica's remaining term as leader. The next leader writes it.",
                ShowLease,
                "If it repeats, the API server is slow.",
                "ReconcileFailing"),
            new(
                [
                    Metric("histogram_quantile(0.99, sum by (le) (rate(dynamictoolset_propagation_seconds_bucket[15m]))) > 10"),
                    Metric("histogram_quantile(0.99, sum by (le) (rate(dynamictoolset_reconcile_duration_seconds_bucket[15m]))) > 5"),
                ],
                "It takes long until a change in the cluster is in the ConfigMap. Usually the API server is slow, or health checks of new backends hang.",
                AskApiServer,
                "All `ok`: look for backends that time out, with `dynamic-toolset explain --all --probe`."),
        ]),
        ("The API server is not reached, or refuses",
        [
            new(
                [Log("Failed to list services"), Metric("increase(dynamictoolset_discovery_cycles_total{result=\"error\"}[10m]) > 0")],
                "Services cannot be listed or watched. The service keeps what it knew, and does not see new or deleted Services.",
                "kubectl auth can-i list services -A " + As,
                "`no`: the ClusterRole or its binding is missing; apply the manifests again. `yes`: see `error` in the log. The service continues by itself when the API server answers.",
                "DiscoveryFailing"),
            new(
                [Metric("increase(dynamictoolset_discovery_cycles_total{result=\"success\"}[30m]) == 0")],
                "The replica runs, but has not evaluated all Services for half an hour.",
                ShowPods,
                "Not ready: search this page for the lines of its log. Ready: see the runbook.",
                "DiscoveryStalled"),
            new(
                [Log("Watch broken"), Metric("increase(dynamictoolset_watch_restarts_total{reason=~\"broken|refused\"}[10m]) > 0")],
                "The watch was interrupted. It is opened again after `retry_in_seconds`, and nothing is lost. Now and then that is normal.",
                AskApiServer,
                "If it happens every few minutes, a load balancer or proxy cuts long connections.",
                "WatchStale"),
            new(
                [
                    Log("Watch makes no progress, listing again"), Metric("increase(dynamictoolset_watch_restarts_total{reason=\"fruitless\"}[10m]) > 0"),
                    Metric("dynamictoolset_watch_last_event_seconds > 600"),
                ],
                "The watch is open but brings nothing. The service lists instead, which is slower.",
                AskApiServer,
                "All `ok`: look for a proxy in between that buffers answers.",
                "WatchStale"),
            new(
                [Metric("rate(dynamictoolset_kube_requests_total{code=~\"401|403\"}[10m]) > 0")],
                "The API server refuses a request of the service. The log names the missing permission and the manifest that grants it.",
                "kubectl auth can-i --list -n kubernaut-system " + As,
                "Compare with the manifest, and apply it again.",
                "RightMissing"),
            new(
                [Metric("rate(dynamictoolset_kube_requests_total{code=~\"0|5..\"}[10m]) > 0")],
                "The API server does not answer (code 0), or has an error itself.",
                AskApiServer,
                "Fix the API server. The service then continues by itself."),
            new(
                [Log("Events cannot be written, trying again")],
                "The service cannot write Events. Nothing else depends on them.",
                "kubectl auth can-i create events -n NAMESPACE " + As,
                "`no`: apply the manifests again. `yes`: see `error`; a namespace that is being deleted accepts no Events.",
                "RightMissing"),
        ]),
        ("No replica leads, or several",
        [
            new(
                [Log("Lost leader election"), Metric("increase(dynamictoolset_leader_transitions_total[1h]) > 4")],
                "This replica is no longer the leader. Another takes over within 15 seconds. A single time is nothing to worry about.",
                ShowLease,
                "`holderIdentity` is the current leader. If it keeps changing, the API server is slow or the pods restart.",
                "LeadershipFlapping"),
            new(
                [
                    Log("Lease cannot be read or written, trying again"), Log("Failed to read Lease"), Metric("sum(dynamictoolset_leader) == 0"),
                    Metric("dynamictoolset_lease_renew_age_seconds > 30"),
                ],
                "The replica cannot read or renew the Lease. As long as no replica can, there is no leader, and the ConfigMap stays as it is.",
                "kubectl auth can-i update lease/dynamic-toolset-leader -n kubernaut-system " + As,
                "`no`: apply the manifests again. `yes`: check the API server.",
                "NoLeader"),
            new(
                [Log("Lease not released, others take over when it expires")],
                "A replica stopped but could not release the Lease. The others wait up to 15 seconds longer.",
                ShowLease,
                "Nothing to do, unless `renewTime` stays the same.",
                "NoLeader"),
            new(
                [Log("Holder of the Lease keeps changing, not all are logged")],
                "The holder of the Lease changes so often that the log does not list all of them.",
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
                "If there is no pod, or it does not run, `kubectl describe` says why.",
                "Down"),
            new(
                [Metric("up{job=\"dynamic-toolset\"} == 0")],
                "One replica does not answer Prometheus.",
                ShowPods,
                "If it is ready, a NetworkPolicy blocks Prometheus from port 9090.",
                "ReplicaDown"),
            new(
                [Log("Journal cannot be written"), Log("Rounds are missing from the journal, the disk is too slow")],
                "The volume of `JOURNAL_DIR` is full, gone or slow. The service works as before, but rounds are missing from the journal; it tries again each minute.",
                "kubectl describe pods -n kubernaut-system -l app=dynamic-toolset",
                "Look at the volume that is mounted there: it needs 64 MiB, see [recording and replaying](replay.md)."),
            new(
                [Metric("changes(process_start_time_seconds{job=\"dynamic-toolset\"}[30m]) > 2")],
                "A replica keeps restarting.",
                "kubectl describe pods -n kubernaut-system -l app=dynamic-toolset",
                "Exit code 2: a wrong setting, which the log names. 70: a bug. 137: the memory limit.",
                "Restarting"),
            new(
                [Metric("process_resident_memory_bytes{job=\"dynamic-toolset\"} > 128 * 1024 * 1024")],
                "A replica uses more memory than it should need in a cluster of 10,000 Services.",
                "kubectl get services -A --no-headers | wc -l",
                "If there are more Services than that, raise the memory limit. If there are fewer, save the log and the metrics for a bug report, then restart the pod."),
            new(
                [Log("Request failed")],
                "A request to the REST API hit a bug of the service, and got status 500.",
                "kubectl logs -n kubernaut-system -l app=dynamic-toolset --tail=-1 --prefix | grep 'Request failed'",
                "Save the lines with this `correlation_id` for a bug report. Restart the pod if it continues.",
                "ApiFailing"),
            new(
                [Metric("rate(dynamictoolset_http_requests_total{code=~\"5..\"}[10m]) > 0")],
                "Requests to the REST API or the health paths fail.",
                "kubectl logs -n kubernaut-system -l app=dynamic-toolset --tail=-1 --prefix | grep -E 'Request failed|Callers cannot be checked|Failed to'",
                "Status 500 is in the log as `Request failed`. Status 503 usually means that the API server is away, or that there is no leader.",
                "ApiFailing"),
            new(
                [Log("Callers cannot be checked")],
                "The API server cannot check the tokens of callers, so the REST API answers 503. Discovery and repairs continue.",
                "kubectl auth can-i create tokenreviews " + As,
                "`no`: apply the manifests again. `yes`: check the API server.",
                "ApiFailing"),
            new(
                [Log("Stop took too long and was cut short")],
                "A stop took longer than `SHUTDOWN_TIMEOUT` (25s). The ConfigMap is consistent, since each write is a single request.",
                ShowPods,
                "Nothing to do, unless it repeats: then the API server is slow."),
            new(
                [Log("Telemetry could not be sent, see docs/tracing.md")],
                "The OpenTelemetry collector does not accept the data. Nothing else depends on it.",
                ShowSettings,
                "Check that port and protocol of `OTEL_EXPORTER_OTLP_ENDPOINT` match. See [traces](tracing.md)."),
            new(
                [Log("More problems of the same kind")],
                "There are more problems of the kind in `problem` than the log names.",
                "dynamic-toolset status",
                "This lists more of them if it can reach the service; for `--url` and `--token-file` see [when something happens](operations.md#beforehand). The entry for the log line before explains this kind of problem."),
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
/// <param name="Runbook">Of the alert, without the prefix that all have; null if there is none.</param>
internal sealed record Trouble(ImmutableArray<Sign> Signs, string Meaning, string Next, string Then, string? Runbook = null);

/// <param name="Text">The message of the log, the reason of the Event, or what to ask Prometheus.</param>
internal readonly record struct Sign(SignKind Kind, string Text);

internal enum SignKind
{
    Log,
    Event,
    Metric,
}
