using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace DynamicToolset.Capabilities;

/// <summary>
/// The words that names in observability are made of. Names of things only: without a word for something to be done nothing that is put together of them
/// tells anybody to do it. So no word comes in here that is foremost a deed, such as delete, restart or send.
/// </summary>
internal static partial class KnownWords
{
    private static readonly FrozenSet<string> Words = string.Join(
            ' ',
            // Kubernetes and where things run.
            "app application applications component components container containers controller cluster clusters cronjob daemonset deployment host hostname",
            "hosts image ingress instance instances io job jobs k8s kube kubelet kubernetes machine namespace namespaces node nodes ns pod pods replica replicas",
            "replicaset server service services statefulset svc vm workload apiserver coredns etcd scheduler chart helm stack",
            // What a name says of a thing.
            "address category class code detected facility field fields file filename group id ip kind label level method name names owner part path port role",
            "severity source status stream tag tags team tenant tier type uid unit uri url version",
            // What is kept.
            "alerts apm audit data default docs duration error errors event events generic http https grpc tcp udp dns tls journal latency log logs message",
            "messages metric metrics response rum span spans stats synthetics syslog telemetry trace traces index",
            // Products.
            "alertmanager alloy argocd auditbeat beats cassandra clickhouse collector cortex elastic elasticsearch envoy filebeat fluent fluentbit fluentd",
            "bit grafana haproxy heartbeat istio jaeger journalbeat kafka kibana linkerd logstash loki metricbeat mimir mongodb mysql nginx opensearch opentelemetry",
            "otel packetbeat postgres postgresql prometheus promtail rabbitmq redis tempo thanos traefik vector victoriametrics winlogbeat zipkin",
            // Parts of systems.
            "api backend client database db frontend gateway infra infrastructure logging monitoring network observability platform security storage tracing",
            "web worker workers",
            // Places and stages.
            "account af ams ap asia aws azure baremetal ca central cloud cn core datacenter dc de demo dev development east edge environment env eks eu europe",
            "fra fr gb gcp gke aks global hub int integration internal jp k3s lab live local location lon main minikube north northeast northwest nyc",
            "onprem openshift par preprod preview primary private prod production project provider public qa rack rancher region sa sandbox secondary sfo sgp",
            "shared site south southeast southwest stage staging talos test testing uat uk us west zone")
        .Split(' ')
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>One of the words, even with a number of up to four digits after it, or such a number, as in <c>eu-west-1a</c>.</summary>
    public static bool Contains(string word) =>
        Words.Contains(word)
        || Number().IsMatch(word)
        || (Numbered().Match(word) is { Success: true } numbered && Words.Contains(numbered.Groups[1].Value));

    [GeneratedRegex(@"\A[0-9]{1,4}[a-f]?\z", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Number();

    [GeneratedRegex(@"\A([A-Za-z]+)[0-9]{1,4}\z", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Numbered();
}
