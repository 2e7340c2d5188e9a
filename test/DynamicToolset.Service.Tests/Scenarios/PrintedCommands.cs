namespace DynamicToolset.Service.Tests.Scenarios;

/// <summary>All commands of the overview, one each, and those that <c>docs/operations.md</c> has beside them.</summary>
internal static class PrintedCommands
{
    private const string NoKubelet = "there is no kubelet: what the process has written is shown, as many lines as kubectl would show";
    private const string NoTunnel = "there is no kubelet to lead through: the object is looked for, and localhost leads to the process";
    private const string NoHost = "; one sample answers for all backends, and goes by the header Host, which is given";

    public static IReadOnlyList<PrintedCommand> All { get; } =
    [
        Ours(
            Story.Beforehand,
            "kubectl port-forward -n kubernaut-system deployment/dynamic-toolset 8080 9091:9090",
            "^NAME .*\ndynamic-toolset ") with { StandIn = NoTunnel },
        Ours(Story.Beforehand, "(umask 077; kubectl create token dynamic-toolset-sa -n kubernaut-system > token)", "^$"),

        new(Story.ApiServerAway, "kubectl get nodes", "^NAME .*\nnode-1 "),
        new(
            Story.ApiServerAway,
            "kubectl logs -n kubernaut-system -l app=dynamic-toolset --tail=50",
            "\"msg\":\"Failed to list services\"") { StandIn = NoKubelet },
        new(
            Story.ApiServerAway,
            """
            kubectl auth can-i list services \
              --as=system:serviceaccount:kubernaut-system:dynamic-toolset-sa
            """,
            "^yes\n"),
        Ours(
            Story.ApiServerAway,
            "curl -s http://localhost:9091/metrics | grep discovery_cycles_total",
            """dynamictoolset_discovery_cycles_total\{result="error",error_type="unreachable"} [1-9]"""),
        Status(Story.ApiServerAway, "kubernaut-toolset-config: version "),

        // It does not end by itself: the next command belongs into another terminal.
        new(Story.ChecksFail, "kubectl port-forward -n monitoring svc/prometheus 9090:9090", "^NAME .*\nprometheus ") { StandIn = NoTunnel },
        new(Story.ChecksFail, "curl http://localhost:9090/-/healthy", "Prometheus Server is Healthy|Service Unavailable")
        {
            StandIn = NoTunnel + NoHost,
        },
        new(Story.ChecksFail, "kubectl get networkpolicy -n monitoring", "^NAME .*\ndeny-all "),
        new(Story.ChecksFail, "kubectl get networkpolicy -n kubernaut-system", "^NAME .*\ndynamic-toolset "),
        // The overview has no toolsets left when every check fails; they stay, so this is needed for what appears meanwhile.
        new(
            Story.ChecksFail,
            """
            kubectl set env deployment/dynamic-toolset \
              -n kubernaut-system \
              HEALTH_CHECK_ENABLED=false
            """,
            "^deployment.apps/dynamic-toolset env updated\n"),
        Ours(
            Story.ChecksFail,
            "kubectl set env deployment/dynamic-toolset -n kubernaut-system HEALTH_CHECK_ENABLED-",
            "^deployment.apps/dynamic-toolset env updated\n"),
        Ours(
            Story.ChecksFail,
            "curl -s http://localhost:9091/metrics | grep -E 'health_panic|unhealthy_services'",
            "(?s)dynamictoolset_unhealthy_services\\{type=\"prometheus\"} 1\n.*dynamictoolset_health_panic 1\n"),
        Ours(
            Story.ChecksFail,
            "kubectl get events -n kubernaut-system --field-selector reason=HealthPanic",
            "Warning +HealthPanic +configmap/kubernaut-toolset-config +no health check passes"),
        Status(Story.ChecksFail, "(?s)unhealthy \\(status 503\\).*no health check passes"),

        new(Story.BackendMissing, "kubectl get svc --all-namespaces | grep grafana", "^monitoring +grafana "),
        // Not the labels alone: name and ports count too, and explain says which condition failed.
        new(Story.BackendMissing, "kubectl get svc grafana -n monitoring -o yaml | grep -A10 labels", "(?m)^ +app: dashboards$"),
        new(
            Story.BackendMissing,
            """
            kubectl annotate svc grafana -n monitoring \
              kubernaut.io/toolset=true \
              kubernaut.io/toolset-type=grafana
            """,
            "^service/grafana annotated\n"),
        Ours(Story.BackendMissing, "dynamic-toolset explain monitoring/grafana", "^monitoring/grafana: grafana\n"),
        Ours(
            Story.BackendMissing,
            "curl -s http://localhost:9091/metrics | grep services_discovered",
            "(?s)services_discovered\\{type=\"grafana\"} 0\n.*services_discovered\\{type=\"prometheus\"} 1\n"),
        Status(Story.BackendMissing, "(?m)^monitoring +prometheus +prometheus +prometheus 3\\.5\\.0 +prometheus +healthy "),

        // Of a selection kubectl shows the last ten lines: --tail=-1 shows all.
        new(
            Story.ConfigMapDeleted,
            "kubectl logs -n kubernaut-system -l app=dynamic-toolset | grep \"ConfigMap recreated\"",
            "\"msg\":\"ConfigMap recreated\"") { StandIn = NoKubelet },
        // kubectl has it since 1.24; where it is older the same request is sent by create --raw.
        new(Story.ConfigMapDeleted, "export TOKEN=$(kubectl create token dynamic-toolset-sa -n kubernaut-system)", "^$"),
        // The overview prints no port-forward for it.
        new(
            Story.ConfigMapDeleted,
            """
            curl -X POST \
              -H "Authorization: Bearer $TOKEN" \
              http://localhost:8080/api/v1/services/discover
            """,
            "\"jobId\":\"") { StandIn = NoTunnel },
        Ours(
            Story.ConfigMapDeleted,
            "curl -s http://localhost:9091/metrics | grep drift_detected",
            "configmap_drift_detected_total\\{kind=\"deleted\"} 1\n"),
        Status(Story.ConfigMapDeleted, "(?m)^last write .*: recreated "),

        // It replaces the overrides that are there: kubectl edit adds to them.
        new(
            Story.Drift,
            """
            kubectl patch configmap kubernaut-toolset-config -n kubernaut-system \
              --type json \
              -p '[{
                "op":"add",
                "path":"/data/overrides.yaml",
                "value":"custom-prometheus:\n  enabled: true\n  config:\n    url: \"http://custom:9090\"\n"
              }]'
            """,
            "^configmap/kubernaut-toolset-config patched\n"),
        new(
            Story.Drift,
            "kubectl get configmap kubernaut-toolset-config -n kubernaut-system -o yaml | grep -A5 overrides",
            """overrides.yaml: \|\n +custom-prometheus:\n +enabled: true\n +config:\n +url: "http://custom:9090"\n"""),
        Ours(
            Story.Drift,
            "curl -s http://localhost:9091/metrics | grep drift_detected",
            "configmap_drift_detected_total\\{kind=\"modified\"} 1\n"),
        Ours(
            Story.Drift,
            "kubectl get events -n kubernaut-system --field-selector reason=DriftRepaired",
            "Normal +DriftRepaired +configmap/kubernaut-toolset-config +prometheus-toolset.yaml was changed by the field manager kubectl-patch, and reverted: put changes in overrides.yaml "),
        Status(Story.Drift, "(?m)^last write .*; repaired prometheus-toolset.yaml \\(modified by kubectl-patch\\)"),

        new(
            Story.LeaderLost,
            "kubectl get lease dynamic-toolset-leader -n kubernaut-system -o yaml",
            "(?m)^ +holderIdentity: dynamic-toolset-7d4f9-abc_"),
        new(
            Story.LeaderLost,
            "kubectl get pods -n kubernaut-system -l app=dynamic-toolset",
            "(?s)^NAME .*\ndynamic-toolset-7d4f9-abc .*\ndynamic-toolset-7d4f9-xyz ")
        {
            StandIn = "there is no kubelet that runs pods: the test makes the two objects",
        },
        Ours(Story.LeaderLost, "curl -s http://localhost:9091/metrics | grep dynamictoolset_leader", "(?m)^dynamictoolset_leader 1$"),
        Status(Story.LeaderLost, "(?m)^leader +dynamic-toolset-7d4f9-abc, this replica$"),

        // The image is the overview's; what an installation has is in its kustomization.
        new(
            Story.NewVersion,
            """
            kubectl set image deployment/dynamic-toolset \
              -n kubernaut-system \
              dynamic-toolset=kubernaut/dynamic-toolset:v1.1
            """,
            "^deployment.apps/dynamic-toolset image updated\n"),
        new(
            Story.NewVersion,
            "kubectl rollout status deployment/dynamic-toolset -n kubernaut-system",
            "deployment \"dynamic-toolset\" successfully rolled out\n")
        {
            StandIn = "there is no kubelet: while the controllers roll it out, the test says of each pod that it is ready",
        },
        new(
            Story.NewVersion,
            "kubectl logs -n kubernaut-system -l app=dynamic-toolset --tail=20 | grep version",
            "\"version\":\"") { StandIn = NoKubelet },
        new(
            Story.NewVersion,
            "kubectl rollout undo deployment/dynamic-toolset -n kubernaut-system",
            "^deployment.apps/dynamic-toolset rolled back\n"),
    ];

    /// <summary>In every section, what the status shows of it.</summary>
    private static PrintedCommand Status(Story story, string shows) =>
        Ours(story, "dynamic-toolset status --url http://localhost:8080 --token-file token", shows);

    private static PrintedCommand Ours(Story story, string text, string shows) => new(story, text, shows) { IsOfOverview = false };
}
