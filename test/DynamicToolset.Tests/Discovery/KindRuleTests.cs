using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.Rules;
using DynamicToolset.Tests.Samples;

namespace DynamicToolset.Tests.Discovery;

/// <summary>What the rules of the further kinds take, and what comes with it and bears its name. The labels are those of the charts and operators.</summary>
public sealed class KindRuleTests
{
    private const string Name = "app.kubernetes.io/name";
    private const string Part = "app.kubernetes.io/component";

    private static readonly Detector Detector = new(BuiltInRules.All);

    [Theory]
    [InlineData("loki-gateway http-metrics:80 N=loki C=gateway", "http://loki-gateway.m:80")]
    [InlineData("loki http-metrics:3100 grpc:9095 N=loki C=single-binary", "http://loki.m:3100")]
    [InlineData("loki-read http-metrics:3100 grpc:9095 N=loki C=read", "http://loki-read.m:3100")]
    [InlineData("loki-stack http-metrics:3100 app=loki", "http://loki-stack.m:3100")]
    [InlineData("logs http:80>3100 >app=loki", "http://logs.m:80")]
    [InlineData("loki-write http-metrics:3100 N=loki C=write", null)]
    [InlineData("logs-a http-metrics:3100 N=loki C=write", null)]
    [InlineData("loki-backend http-metrics:3100 N=loki C=backend", null)]
    [InlineData("loki-distributor http-metrics:3100 N=loki C=distributor", null)]
    [InlineData("loki-ingester http-metrics:3100 N=loki C=ingester", null)]
    [InlineData("loki-compactor http-metrics:3100 N=loki C=compactor", null)]
    [InlineData("loki-canary http-metrics:3500 N=loki C=canary", null)]
    [InlineData("loki-memberlist tcp:7946 N=loki Headless", null)]
    [InlineData("loki-memberlist http:7946 app=loki Headless", null)]
    [InlineData("loki-chunks-cache memcached-client:11211 http-metrics:9150 N=loki C=memcached-chunks-cache Headless", null)]
    [InlineData("loki-gateway-exporter http-metrics:4040 N=loki C=gateway", null)]
    [InlineData("loki-promtail http-metrics:3101 N=promtail", null)]
    [InlineData("loki-operator-metrics http:8443 N=loki-operator", null)]
    [InlineData("logging-loki-gateway-http public:8080 N=lokistack C=lokistack-gateway", null)]
    public void Loki(string service, string? url) => Finds("loki", service, url);

    [Theory]
    [InlineData("tempo tempo-prom-metrics:3200 tempo-query-jaeger-ui:16686 N=tempo", "http://tempo.m:3200")]
    [InlineData("tempo tempo-prom-metrics:3100 tempo-query:16686 N=tempo", "http://tempo.m:3100")]
    [InlineData("tempo-query-frontend http-metrics:3200 grpc:9095 N=tempo C=query-frontend", "http://tempo-query-frontend.m:3200")]
    [InlineData("tempo-sample http:3200 otlp-grpc:4317 N=tempo-monolithic C=tempo", "http://tempo-sample.m:3200")]
    [InlineData("tempo http:3200 app=tempo", "http://tempo.m:3200")]
    [InlineData("tempo-gateway http-metrics:80 N=tempo C=gateway", null)]
    [InlineData("tempo-distributor http-metrics:3200 N=tempo C=distributor", null)]
    [InlineData("tempo-ingester http-metrics:3200 N=tempo C=ingester", null)]
    [InlineData("tempo-compactor http-metrics:3200 N=tempo C=compactor", null)]
    [InlineData("tempo-querier http-metrics:3200 N=tempo C=querier", null)]
    [InlineData("tempo-gossip-ring gossip-ring:7946 N=tempo C=gossip-ring Headless", null)]
    [InlineData("tempo-memcached memcached-client:11211 http-metrics:9150 N=tempo C=memcached", null)]
    [InlineData("tempo-vulture http-metrics:8080 N=tempo-vulture", null)]
    [InlineData("tempo-operator-controller-manager-metrics-service https:8443 N=tempo-operator", null)]
    [InlineData("temporal-frontend http:7243 N=temporal C=frontend", null)]
    public void Tempo(string service, string? url) => Finds("tempo", service, url);

    [Theory]
    [InlineData("opensearch-cluster-master http:9200 transport:9300 N=opensearch C=opensearch-cluster-master", "http://opensearch-cluster-master.m:9200")]
    [InlineData("logs http:9200+https transport:9300 opensearch.org/opensearch-cluster=logs", "https://logs.m:9200")]
    [InlineData("logs http:9200 transport:9300 opster.io/opensearch-cluster=logs", "http://logs.m:9200")]
    [InlineData("indexer indexer-rest:9200 app=wazuh-indexer", "http://indexer.m:9200")]
    [InlineData("logs-discovery transport:9300 opensearch.org/opensearch-cluster=logs Headless", null)]
    [InlineData("opensearch-dashboards http:5601 N=opensearch-dashboards", null)]
    [InlineData("logs-dashboards http:5601 N=opensearch C=dashboards", null)]
    [InlineData("opensearch-exporter http:9108 N=opensearch-exporter", null)]
    [InlineData("opensearch-operator-controller-manager-metrics-service https:8443 control-plane=controller-manager", null)]
    public void OpenSearch(string service, string? url) => Finds("opensearch", service, url);

    [Theory]
    [InlineData("logs-victoria-logs-single-server http:9428 N=victoria-logs-single C=server Headless", "http://logs-victoria-logs-single-server.m:9428")]
    [InlineData("logs-vlselect http:9471 N=victoria-logs-cluster C=vlselect", "http://logs-vlselect.m:9471")]
    [InlineData("vlsingle-a http:9428 N=vlsingle", "http://vlsingle-a.m:9428")]
    [InlineData("victorialogs http:9428", "http://victorialogs.m:9428")]
    [InlineData("logs-vlinsert http:9481 N=victoria-logs-cluster C=vlinsert", null)]
    [InlineData("logs-vlstorage http:9491 N=victoria-logs-cluster C=vlstorage Headless", null)]
    [InlineData("vlagent-a http:9429 N=vlagent", null)]
    [InlineData("vtsingle-a http:10428 N=vtsingle", null)]
    public void VictoriaLogs(string service, string? url) => Finds("victorialogs", service, url);

    [Theory]
    [InlineData("zipkin http-query:9411 N=zipkin", "http://zipkin.m:9411")]
    [InlineData("zipkin :9411 app=zipkin", "http://zipkin.m:9411")]
    [InlineData("traces http:80>9411 >app=zipkin", "http://traces.m:80")]
    [InlineData("zipkin jaeger-collector-zipkin:9411 app=jaeger >app=jaeger Headless", null)]
    [InlineData("zipkin http:9411 >app=otel-collector", null)]
    [InlineData("jaeger-collector-zipkin http:9411 >app=jaeger", null)]
    [InlineData("zipkin-cassandra cql:9042 N=cassandra", null)]
    public void Zipkin(string service, string? url) => Finds("zipkin", service, url);

    [Theory]
    [InlineData("mimir-nginx http-metric:80 N=mimir C=nginx", "http://mimir-nginx.m:80/prometheus")]
    [InlineData("mimir-gateway http-metrics:80 legacy-http-metrics:8080 N=mimir C=gateway", "http://mimir-gateway.m:80/prometheus")]
    [InlineData("mimir-query-frontend http-metrics:8080 grpc:9095 N=mimir C=query-frontend", "http://mimir-query-frontend.m:8080/prometheus")]
    [InlineData("cortex-nginx http-metrics:80 N=cortex C=nginx", "http://cortex-nginx.m:80/prometheus")]
    [InlineData("cortex-query-frontend http-metrics:8080 grpc:9095 N=cortex C=query-frontend", "http://cortex-query-frontend.m:8080/prometheus")]
    [InlineData("mimir-distributor http-metrics:8080 N=mimir C=distributor", null)]
    [InlineData("mimir-ingester http-metrics:8080 N=mimir C=ingester", null)]
    [InlineData("mimir-overrides-exporter http-metrics:8080 N=mimir C=overrides-exporter", null)]
    [InlineData("mimir-alertmanager http-metrics:8080 N=mimir C=alertmanager", null)]
    [InlineData("mimir-gossip-ring gossip-ring:7946 N=mimir C=gossip-ring Headless", null)]
    [InlineData("cortex-store-gateway http-metrics:8080 N=cortex C=store-gateway", null)]
    [InlineData("cortex-query-frontend-headless grpc:9095 N=cortex C=query-frontend Headless", null)]
    [InlineData("cortex http:8080 app=cortex", null)]
    public void Mimir_and_Cortex(string service, string? url) => Finds("prometheus", service, url);

    [Theory]
    [InlineData("rabbitmq amqp:5672 epmd:4369 dist:25672 http-stats:15672 N=rabbitmq", "http://rabbitmq.m:15672")]
    [InlineData("orders amqp:5672 management:15672 prometheus:15692 N=orders C=rabbitmq", "http://orders.m:15672")]
    [InlineData("rabbitmq tcp-amqp:5672 http-management:15672 service=rabbitmq", "http://rabbitmq.m:15672")]
    [InlineData("rabbitmq rabbitmq:5672 exporter:9090 name=rabbitmq", "tcp://rabbitmq.m:5672")]
    [InlineData("write-home-timeline-rabbitmq tcp3:5672 app=write-home-timeline-rabbitmq", null)]
    [InlineData("orders-nodes epmd:4369 cluster-rpc:25672 N=orders C=rabbitmq Headless", null)]
    [InlineData("rabbitmq-exporter http:9419 N=prometheus-rabbitmq-exporter", null)]
    [InlineData("webhook-service https:443 N=messaging-topology-operator C=rabbitmq-operator", null)]
    public void RabbitMq(string service, string? url) => Finds("rabbitmq", service, url);

    [Theory]
    [InlineData("argocd-server http:80 https:443 N=argocd-server C=server", "https://argocd-server.m:443")]
    [InlineData("gitops-server http:80 https:443 N=gitops-server app.kubernetes.io/part-of=argocd C=server", "https://gitops-server.m:443")]
    [InlineData("argo-cd-server http:80 https:443 N=argo-cd C=server", "https://argo-cd-server.m:443")]
    [InlineData("argocd-server-metrics http-metrics:8083 N=argocd-metrics C=server app.kubernetes.io/part-of=argocd", null)]
    [InlineData("argocd-metrics metrics:8082 N=argocd-metrics C=metrics app.kubernetes.io/part-of=argocd", null)]
    [InlineData("argocd-repo-server server:8081 metrics:8084 N=argocd-repo-server C=repo-server app.kubernetes.io/part-of=argocd", null)]
    [InlineData("argocd-redis tcp-redis:6379 N=argocd-redis C=redis app.kubernetes.io/part-of=argocd", null)]
    [InlineData("argocd-dex-server http:5556 grpc:5557 N=argocd-dex-server C=dex-server app.kubernetes.io/part-of=argocd", null)]
    [InlineData("argocd-applicationset-controller http-webhook:7000 N=argocd-applicationset-controller C=applicationset-controller app.kubernetes.io/part-of=argocd", null)]
    public void ArgoCd(string service, string? url) => Finds("argocd", service, url);

    [Theory]
    [InlineData("kafka tcp-client:9092 N=kafka C=kafka", "tcp://kafka.m:9092")]
    [InlineData("events-kafka-bootstrap tcp-replication:9091 tcp-clients:9092 tcp-clientstls:9093 strimzi.io/kind=Kafka N=kafka", "tcp://events-kafka-bootstrap.m:9092")]
    [InlineData("otel-demo-kafka plaintext:9092 controller:9093 N=otel-demo-kafka C=kafka", "tcp://otel-demo-kafka.m:9092")]
    [InlineData("kafka-svc :9092 app=kafka", "tcp://kafka-svc.m:9092")]
    [InlineData("kafka-zookeeper tcp-client:2181 N=zookeeper C=zookeeper", null)]
    [InlineData("events-zookeeper-client tcp-clients:2181 strimzi.io/kind=Kafka N=zookeeper", null)]
    [InlineData("kafka-connect rest-api:8083 N=kafka-connect", null)]
    [InlineData("events-connect-api rest-api:8083 strimzi.io/kind=KafkaConnect N=kafka-connect", null)]
    [InlineData("kafka-exporter http-metrics:9308 N=kafka C=cluster-metrics", null)]
    [InlineData("kafka-jmx-metrics http-metrics:5556 N=kafka C=metrics", null)]
    [InlineData("schema-registry http:8081 app=schema-registry", null)]
    [InlineData("kafka-ui http:80 N=kafka-ui", null)]
    [InlineData("strimzi-kafka-operator http:8080 N=strimzi-kafka-operator", null)]
    public void Kafka(string service, string? url) => Finds("kafka", service, url);

    [Theory]
    [InlineData("alertmanager-main web:9093 alertmanager=main")]
    [InlineData("stack-alertmanager http-web:9093 app=kube-prometheus-stack-alertmanager")]
    [InlineData("prometheus-alertmanager http:80 app=prometheus component=alertmanager")]
    [InlineData("alertmanager-operated http-web:9093 operated-alertmanager=true Headless")]
    [InlineData("vmalertmanager-a http:9093 N=vmalertmanager")]
    public void An_Alertmanager_is_known_and_left_out_until_its_rule_is_switched_on(string service)
    {
        Finds("alertmanager", service, null);
        RuleVerdict verdict = Explained(service).Closest!;
        Assert.Equal("it looks like one, but the rule of this type is disabled by default", verdict.Failed);
        Assert.Contains("metadata: {name: alertmanager}, spec: {enabled: true}", verdict.Remedy, StringComparison.Ordinal);

        RuleSet rules = BuiltInRules.With([new RuleFile("on.yaml", "{apiVersion: toolset.kubernaut.io/v1alpha1, kind: DetectorRule, metadata: {name: alertmanager}, spec: {enabled: true}}")]).RuleSet!;
        Assert.Equal("alertmanager", Assert.IsType<Detection.Matched>(new Detector(rules).Detect(Service(service))).Type);
    }

    [Fact]
    public void The_Services_before_one_backend_are_one_for_another_product_of_a_type_too()
    {
        string[] found =
        [
            .. Detector.DetectAll(ServiceText.ParseAll(
                    Line("mimir-nginx http-metric:80 N=mimir C=nginx >N=mimir >C=nginx"), Line("mimir-query-frontend http-metrics:8080 N=mimir C=query-frontend >N=mimir >C=query-frontend")))
                .OfType<Detection.Matched>()
                .Select(d => d.Service.Key.Name),
        ];
        Assert.Equal(["mimir-nginx"], found);
    }

    private static void Finds(string type, string service, string? url)
    {
        Detection detection = Detector.Detect(Service(service));
        Assert.Equal(url is null ? null : $"{type} {url}", detection is Detection.Matched found ? $"{found.Type} {found.Endpoint}" : null);
    }

    private static ServiceExplanation Explained(string service) =>
        new Explainer(Detector, new NameResolver(BuiltInRules.All, [])).ExplainAll([Service(service)], _ => true, Incumbents.None, _ => true).Single();

    private static ServiceRecord Service(string service) => ServiceText.Parse(Line(service));

    private static string Line(string service) => "m/" + service.Replace("N=", $"{Name}=", StringComparison.Ordinal).Replace("C=", $"{Part}=", StringComparison.Ordinal);
}
