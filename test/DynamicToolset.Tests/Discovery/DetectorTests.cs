using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.HealthCheck;
using DynamicToolset.Rules;
using DynamicToolset.Tests.Samples;
using DynamicToolset.Values;

namespace DynamicToolset.Tests.Discovery;

public sealed class DetectorTests
{
    private static readonly Detector Detector = new(BuiltInRules.All);

    [Fact]
    public void What_is_beyond_a_bound_is_left_out_whatever_it_is_and_its_owner_is_told()
    {
        ServiceRecord refused = ServiceText.Parse("m/p app=prometheus web:9090 @toolset=false").Refuse(ServiceBounds.Labels);
        Assert.Equal("it has more than 64 labels, more than any backend has: it is skipped", ((Detection.Rejected)Detector.Detect(refused)).Problem);
    }

    /// <summary>In the order of names, whatever the order they come in; twins and those that are no backends count for nothing.</summary>
    [Fact]
    public void Of_a_namespace_with_too_many_backends_the_first_are_taken_and_the_others_told_why()
    {
        int most = (int)Detector.Backends.Most;
        ImmutableArray<ServiceRecord> services =
        [
            .. Enumerable.Range(0, most + 2).Select(i => ServiceText.Parse($"crowd/s{i:d5} @toolset=true @type=custom :80")),
            .. ServiceText.ParseAll("crowd/a :80", "crowd/b @toolset=maybe", "other/z @toolset=true @type=custom :80"),
        ];
        ImmutableArray<Detection> found = Detector.DetectAll(services.Reverse());
        Assert.Equal(found, Detector.DetectAll(services));
        Assert.Equal(most + 1, found.OfType<Detection.Matched>().Count());
        Detection.Rejected[] beyond = [.. found.OfType<Detection.Rejected>().Where(r => r.IsOfCrowd)];
        Assert.Equal([$"s{most:d5}", $"s{most + 1:d5}"], beyond.Select(r => r.Service.Key.Name));
        Assert.Equal("its namespace has more than 1,000 backends: this Service and those after it in the order of names are skipped", beyond[0].Problem);
    }

    /// <summary>What it answers as, and what its owner calls it, is for others to choose.</summary>
    [Theory]
    [InlineData("m/t app=thanos-query http:9090", null, "/thanos")]
    [InlineData("m/t app=thanos-query http:9090", "prometheus", "/thanos")]
    [InlineData("other/t app=thanos-query http:9090", null, null)]
    [InlineData("other/t app=thanos-query http:9090", "prometheus", null)]
    [InlineData("m/p app=prometheus web:9090", null, null)]
    [InlineData("m/p app=prometheus web:9090", "thanos", null)]
    [InlineData("m/p app=prometheus web:9090 @toolset=true @type=thanos", null, null)]
    [InlineData("m/t @toolset=true @type=prometheus @name=thanos http:9090", null, null)]
    [InlineData("m/t @toolset=true @type=custom http:9090", null, null)]
    [InlineData("m/t app=thanos-query @toolset=true @type=prometheus http:9090", null, "/thanos")]
    public void A_token_of_ours_is_for_the_Services_that_its_rule_finds_in_its_namespace_alone(string service, string? identity, string? file)
    {
        Detector detector = Detector with { Tokens = new CheckTokens([new CheckToken("thanos", "m", "/thanos"), new CheckToken("prometheus", "other", "/prometheus")]) };
        Detection found = detector.DetectAll([ServiceText.Parse(service)], _ => identity is null ? null : new BackendIdentity(identity)).Single();
        Assert.Equal(file, (found as Detection.Matched)?.Ways.TokenFile);
    }

    [Theory]
    [InlineData("m/p app=prometheus web:9090", "prometheus prometheus http://p.m:9090 /-/healthy")]
    [InlineData("m/g app=grafana service:3000", "grafana grafana http://g.m:3000 /api/health")]
    [InlineData("m/j app=jaeger query:16686", "jaeger jaeger http://j.m:16686 /")]
    [InlineData("m/e app=elasticsearch http:9200", "elasticsearch elasticsearch http://e.m:9200 /_cluster/health")]
    [InlineData("m/x-agent app=prometheus web:9090", "prometheus prometheus http://x-agent.m:9090 /-/healthy")]
    [InlineData("m/team-metrics app=grafana service:3000", "grafana grafana http://team-metrics.m:3000 /api/health")]
    [InlineData("m/team-metrics app=elasticsearch :9200", "elasticsearch elasticsearch http://team-metrics.m:9200 /_cluster/health")]
    public void The_criteria_of_each_type_match_as_written(string service, string found) => AssertDetected(service, found);

    [Theory]
    [InlineData("m/p web:9090")]
    [InlineData("m/p app=prometheus")]
    [InlineData("m/p app=Prometheus web:9090")]
    [InlineData("m/p App=prometheus web:9090")]
    [InlineData("m/p app=prometheus-server web:9090")]
    [InlineData("m/p app=prometheus web:9090/UDP")]
    [InlineData("m/p app=prometheus web:9093")]
    [InlineData("m/p app=prometheus http:9091")]
    [InlineData("m/prometheus-alertmanager app=prometheus web:9093")]
    [InlineData("m/prometheus-pushgateway app=prometheus http:9091")]
    [InlineData("m/prometheus-node-exporter app=prometheus metrics:9100")]
    [InlineData("m/g grafana=app service:3000")]
    [InlineData("m/g app=grafana grpc:9095")]
    [InlineData("m/jaeger-collector app=jaeger grpc:14250")]
    [InlineData("m/jaeger-agent app=jaeger compact:6831/UDP")]
    [InlineData("m/es app=elasticsearch transport:9300")]
    [InlineData("m/kibana app=kibana http:5601")]
    [InlineData("m/any")]
    public void Neither_a_label_nor_a_port_is_enough_alone(string service) => AssertDetected(service, "not matched");

    [Theory]
    [InlineData("m/kps-prometheus app=kube-prometheus-stack-prometheus http-web:9090 reloader-web:8080+http", "prometheus")]
    [InlineData("m/prometheus-server app.kubernetes.io/name=prometheus app.kubernetes.io/component=server http:80", "prometheus")]
    [InlineData("m/prometheus-k8s app.kubernetes.io/component=prometheus web:9090", "prometheus")]
    [InlineData("m/prometheus :9090", "prometheus")]
    [InlineData("m/thanos-query app.kubernetes.io/name=thanos app.kubernetes.io/component=query http:9090", "prometheus")]
    [InlineData("m/thanos-storegateway app.kubernetes.io/name=thanos app.kubernetes.io/component=storegateway http:9090", null)]
    [InlineData("m/vmsingle-a app.kubernetes.io/name=vmsingle http:8428", "prometheus")]
    [InlineData("m/vmagent-a app.kubernetes.io/name=vmagent http:8429", null)]
    [InlineData("m/kiali app=kiali http:20001 http-metrics:9090", null)]
    [InlineData("m/prometheus-operator app.kubernetes.io/name=prometheus-operator https:8443", null)]
    [InlineData("m/prometheus-adapter app.kubernetes.io/name=prometheus-adapter https:443", null)]
    [InlineData("m/a-kube-state-metrics app.kubernetes.io/name=kube-state-metrics http:8080", null)]
    [InlineData("m/prometheus-grafana app.kubernetes.io/name=grafana http-web:80", "grafana")]
    [InlineData("m/loki-grafana app.kubernetes.io/name=grafana service:80", "grafana")]
    [InlineData("m/grafana-service app.kubernetes.io/managed-by=grafana-operator grafana:3000", "grafana")]
    [InlineData("m/grafana-loki app.kubernetes.io/name=grafana-loki http:3100", "loki")]
    [InlineData("m/grafana-image-renderer app.kubernetes.io/name=grafana-image-renderer http:8081", null)]
    [InlineData("m/simplest-query app=jaeger app.kubernetes.io/component=service-query http-query:16686", "jaeger")]
    [InlineData("m/tracing app=jaeger http-query:80", "jaeger")]
    [InlineData("m/tracing http-query:12800", null)]
    [InlineData("m/jaeger-collector app.kubernetes.io/name=jaeger app.kubernetes.io/component=collector http:14268", null)]
    [InlineData("m/quickstart-es-http common.k8s.elastic.co/type=elasticsearch https:9200", "elasticsearch")]
    [InlineData("m/logs-data chart=elasticsearch app=logs-data http:9200 transport:9300", "elasticsearch")]
    [InlineData("m/search http:9200 transport:9300", "elasticsearch")]
    [InlineData("m/opensearch-cluster-master app.kubernetes.io/name=opensearch http:9200 transport:9300", "opensearch")]
    [InlineData("m/elasticsearch-exporter app=elasticsearch-exporter http:9108", null)]
    [InlineData("m/es-kibana app=kibana http:5601", null)]
    public void What_people_install_is_found_and_what_comes_beside_it_is_not(string service, string? type)
    {
        Detection detection = Detector.Detect(ServiceText.Parse(service));
        Assert.Equal(type, (detection as Detection.Matched)?.Type);
    }

    [Theory]
    [InlineData("m/prometheus-k8s web:9091+https", "https://prometheus-k8s.m:9091")]
    [InlineData("m/grafana https:443", "https://grafana.m:443")]
    [InlineData("m/grafana :443", "https://grafana.m:443")]
    [InlineData("m/vmselect-a app.kubernetes.io/name=vmselect http:8481", "http://vmselect-a.m:8481/select/0/prometheus")]
    public void The_URL_has_the_scheme_that_the_Service_shows_and_the_path_of_the_rule(string service, string url) =>
        Assert.Equal(url, Assert.IsType<Detection.Matched>(Detector.Detect(ServiceText.Parse(service))).Endpoint.ToString());

    [Theory]
    [InlineData("m/e app=elasticsearch :9200", "http://e.m:9200")]
    [InlineData("m/e app=elasticsearch http:8080", "http://e.m:8080")]
    [InlineData("m/e app=elasticsearch transport:9300 http:9200", "http://e.m:9200")]
    [InlineData("m/e app=elasticsearch http:8080 rest:9200", "http://e.m:9200")]
    [InlineData("m/p app=prometheus grpc:10901 web:9090", "http://p.m:9090")]
    [InlineData("m/p app=prometheus http:9090", "http://p.m:9090")]
    [InlineData("m/g app=grafana service:80", "http://g.m:80")]
    [InlineData("m/g app=grafana http:3000", "http://g.m:3000")]
    [InlineData("m/g app=grafana other:3000 service:80", "http://g.m:80")]
    [InlineData("m/j app=jaeger query:80", "http://j.m:80")]
    [InlineData("m/j app=jaeger ui:16686", "http://j.m:16686")]
    public void The_port_that_fits_best_is_chosen_wherever_it_stands(string service, string url)
    {
        var matched = Assert.IsType<Detection.Matched>(Detector.Detect(ServiceText.Parse(service)));
        Assert.Equal(url, matched.Endpoint.ToString());
        Assert.NotNull(matched.Rule);
    }

    [Theory]
    [InlineData("m/e app=elasticsearch https:9200", "https")]
    [InlineData("m/e app=elasticsearch https-rest:9200", "https")]
    [InlineData("m/e app=elasticsearch http:9200+https", "https")]
    [InlineData("m/e app=elasticsearch http:9200+http", "http")]
    [InlineData("m/e app=elasticsearch http:9200", "http")]
    [InlineData("m/e app=elasticsearch :9200", "http")]
    [InlineData("m/s https:443 @toolset=true @type=custom", "https")]
    [InlineData("m/s https:443 @toolset=true @type=custom @scheme=http", "http")]
    [InlineData("m/s api:443 @toolset=true @type=custom @scheme=https", "https")]
    [InlineData("m/s api:443+https @toolset=true @type=custom", "https")]
    public void The_scheme_is_the_annotation_then_the_port_s_hint_then_its_name(string service, string scheme) =>
        Assert.Equal(scheme, Assert.IsType<Detection.Matched>(Detector.Detect(ServiceText.Parse(service))).Endpoint.Scheme);

    [Theory]
    [InlineData("m/p app=prometheus web:9090 @toolset=true @type=prometheus", "prometheus")]
    [InlineData("m/p app=prometheus web:9090 api:80 @toolset=true @type=prometheus @port=api @name=mine", "prometheus")]
    [InlineData("m/p app=prometheus web:9090 @toolset=true @type=grafana", null)]
    [InlineData("m/p app=prometheus web:9090 @toolset=true @type=custom", null)]
    [InlineData("m/p app=prometheus api:80 @toolset=true @type=prometheus", null)]
    [InlineData("m/p web:9090 @toolset=true @type=prometheus", null)]
    public void An_annotation_beside_a_rule_takes_nothing_from_the_rank_that_the_rule_gives(string service, string? rule)
    {
        var matched = Assert.IsType<Detection.Matched>(Detector.Detect(ServiceText.Parse(service)));
        Assert.Equal((rule, rule is null ? 0 : 100), (matched.Rule, matched.Priority));
    }

    [Theory]
    [InlineData("m/p app=prometheus web:9090 @toolset=false", "opted out")]
    [InlineData("m/p app=prometheus web:9090 @toolset=false @type=custom", "opted out")]
    [InlineData("m/p app=prometheus web:9090 @type=grafana", "prometheus prometheus http://p.m:9090 /-/healthy")]
    [InlineData("m/p app=prometheus web:9090 @toolset=true @type=custom", "p custom http://p.m:9090 /health")]
    [InlineData("m/p app=prometheus web:9090 @toolset=true @type=none", "rejected: kubernaut.io/toolset-type is none of")]
    public void Annotations_are_looked_at_before_the_rules(string service, string found) => AssertDetected(service, found);

    [Theory]
    [InlineData("m/s http:80 @toolset=true @type=custom @name=my-service", "my-service custom http://s.m:80 /health")]
    [InlineData("m/s http:80 @toolset=enabled @type=custom", "s custom http://s.m:80 /health")]
    [InlineData("m/s http:80 @toolset=true @type=custom @health=/ready", "s custom http://s.m:80 /ready")]
    [InlineData("m/s http:80 @toolset=true @type=custom @health=/", "s custom http://s.m:80 /")]
    [InlineData("m/s http:80 @toolset=true @type=prometheus", "prometheus prometheus http://s.m:80 /-/healthy")]
    [InlineData("m/s http:80 @toolset=true @type=prometheus @name=prometheus", "prometheus prometheus http://s.m:80 /-/healthy")]
    [InlineData("m/s http:80 @toolset=true @type=prometheus @name=second", "second prometheus http://s.m:80 /-/healthy")]
    [InlineData("m/s http:80 @toolset=true @type=grafana @health=/x", "grafana grafana http://s.m:80 /x")]
    [InlineData("m/s a:1 b:2 @toolset=true @type=custom @port=b", "s custom http://s.m:2 /health")]
    [InlineData("m/s a:1 b:2 @toolset=true @type=custom @port=2", "s custom http://s.m:2 /health")]
    [InlineData("m/s 9200:80 b:2 @toolset=true @type=custom @port=9200", "s custom http://s.m:80 /health")]
    [InlineData("m/s 2:1 b:2 @toolset=true @type=custom @port=2", "s custom http://s.m:2 /health")]
    [InlineData("m/s grpc:1 http:2 @toolset=true @type=custom", "s custom http://s.m:2 /health")]
    [InlineData("m/s dns:53/UDP api:2 @toolset=true @type=custom", "s custom http://s.m:2 /health")]
    [InlineData("m/s a:1 b:9090 @toolset=true @type=prometheus", "prometheus prometheus http://s.m:9090 /-/healthy")]
    [InlineData("m/s a:1 b:9200 @toolset=true @type=elasticsearch", "elasticsearch elasticsearch http://s.m:9200 /_cluster/health")]
    [InlineData("m/s http:80 Headless @toolset=true @type=custom", "s custom http://s.m:80 /health")]
    public void An_annotated_Service_becomes_what_its_owner_says(string service, string found) => AssertDetected(service, found);

    [Theory]
    [InlineData("m/s http:80 @toolset=yes @type=custom", "kubernaut.io/toolset is neither")]
    [InlineData("m/s http:80 @toolset= @type=custom", "kubernaut.io/toolset is neither")]
    [InlineData("m/s http:80 @toolset=True @type=custom", "kubernaut.io/toolset is neither")]
    [InlineData("m/s http:80 @toolset=true", "kubernaut.io/toolset-type is missing: set it to one of prometheus, grafana, jaeger, elasticsearch, loki, tempo, opensearch, victorialogs, zipkin, rabbitmq, argocd, kafka, alertmanager, custom; for any other product write custom, and its toolset name in kubernaut.io/toolset-name")]
    [InlineData("m/s http:80 @toolset=true @type=", "kubernaut.io/toolset-type is none of")]
    [InlineData("m/s http:80 @toolset=true @type=Prometheus", "kubernaut.io/toolset-type is none of prometheus, grafana, jaeger, elasticsearch, loki, tempo, opensearch, victorialogs, zipkin, rabbitmq, argocd, kafka, alertmanager, custom; for any other product write custom")]
    [InlineData("m/s http:80 @toolset=true @type=kubernetes", "kubernaut.io/toolset-type is none of")]
    [InlineData("m/s http:80 @toolset=true @type=custom @name=", "kubernaut.io/toolset-name is not of the form")]
    [InlineData("m/s http:80 @toolset=true @type=custom @name=My", "kubernaut.io/toolset-name is not of the form")]
    [InlineData("m/s http:80 @toolset=true @type=custom @name=a.b", "kubernaut.io/toolset-name is not of the form")]
    [InlineData("m/s http:80 @toolset=true @type=custom @name=../x", "kubernaut.io/toolset-name is not of the form")]
    [InlineData("m/s http:80 @toolset=true @type=custom @name=prometheus", "kubernaut.io/toolset-name is a built-in name")]
    [InlineData("m/s http:80 @toolset=true @type=custom @name=kubernetes", "kubernaut.io/toolset-name is a built-in name")]
    [InlineData("m/s http:80 @toolset=true @type=custom @name=overrides", "kubernaut.io/toolset-name is a built-in name")]
    [InlineData("m/s http:80 @toolset=true @type=custom @name=custom", "kubernaut.io/toolset-name is a built-in name")]
    [InlineData("m/s http:80 @toolset=true @type=grafana @name=prometheus", "kubernaut.io/toolset-name is a built-in name")]
    [InlineData("m/s http:80 @toolset=true @type=custom @health=health", "kubernaut.io/health-endpoint is not a plain path")]
    [InlineData("m/s http:80 @toolset=true @type=custom @health=", "kubernaut.io/health-endpoint is not a plain path")]
    [InlineData("m/s http:80 @toolset=true @type=custom @health=//evil", "kubernaut.io/health-endpoint is not a plain path")]
    [InlineData("m/s http:80 @toolset=true @type=custom @health=/../x", "kubernaut.io/health-endpoint is not a plain path")]
    [InlineData("m/s http:80 @toolset=true @type=custom @health=http://evil/", "kubernaut.io/health-endpoint is not a plain path")]
    [InlineData("m/s http:80 @toolset=true @type=custom @scheme=ftp", "kubernaut.io/toolset-scheme is neither")]
    [InlineData("m/s http:80 @toolset=true @type=custom @scheme=HTTPS", "kubernaut.io/toolset-scheme is neither")]
    [InlineData("m/s http:80 @toolset=true @type=custom @port=81", "kubernaut.io/toolset-port is neither")]
    [InlineData("m/s http:80 @toolset=true @type=custom @port=web", "kubernaut.io/toolset-port is neither")]
    [InlineData("m/s http:80 @toolset=true @type=custom @port=", "kubernaut.io/toolset-port is neither")]
    [InlineData("m/s dns:53/UDP @toolset=true @type=custom @port=dns", "kubernaut.io/toolset-port is neither")]
    [InlineData("m/s a:1 b:2 @toolset=true @type=custom", "several ports fit: choose one with kubernaut.io/toolset-port")]
    [InlineData("m/s http:1 http-admin:2 @toolset=true @type=custom", "several ports fit")]
    [InlineData("m/s @toolset=true @type=custom", "this Service has no TCP port")]
    [InlineData("m/s dns:53/UDP @toolset=true @type=custom", "this Service has no TCP port")]
    [InlineData("m/s http:80 ExternalName @toolset=true @type=custom", "kubernaut.io/toolset is set on an ExternalName Service")]
    public void A_malformed_annotation_is_reported_and_the_Service_skipped(string service, string problem) =>
        AssertDetected(service, $"rejected: {problem}");

    [Fact]
    public void A_malformed_annotation_s_value_is_not_repeated()
    {
        const string Value = "S3cret";
        foreach (string annotation in (string[])["toolset", "type", "name", "health", "port", "scheme"])
        {
            string rest = annotation == "toolset" ? "" : "@toolset=true " + (annotation == "type" ? "" : "@type=custom ");
            var rejected = Assert.IsType<Detection.Rejected>(Detector.Detect(ServiceText.Parse($"m/s http:80 {rest}@{annotation}={Value}")));
            Assert.DoesNotContain(Value, rejected.Problem, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("m/p app=prometheus web:9090 ExternalName", "not matched")]
    [InlineData("m/p app=prometheus web:9090 Headless", "prometheus prometheus http://p.m:9090 /-/healthy")]
    [InlineData("m/p app=prometheus web:9090 NodePort", "prometheus prometheus http://p.m:9090 /-/healthy")]
    [InlineData("m/p app=prometheus web:9090 LoadBalancer", "prometheus prometheus http://p.m:9090 /-/healthy")]
    public void An_ExternalName_Service_is_never_connected_to(string service, string found) => AssertDetected(service, found);

    [Fact]
    public void A_name_that_makes_no_URL_is_rejected()
    {
        ServiceRecord service = ServiceText.Parse("m/p app=prometheus web:9090") with { Key = new ObjectKey("m", "p@evil.example") };
        Assert.IsType<Detection.Rejected>(Detector.Detect(service));
    }

    [Fact]
    public void Services_are_looked_at_in_the_order_of_their_names_and_each_once()
    {
        ImmutableArray<Detection> detections = Detector.DetectAll(
            ServiceText.ParseAll("b/a app=grafana service:3000", "a/z", "a/b", "b/a app=prometheus web:9090"));
        Assert.Equal(["a/b", "a/z", "b/a"], detections.Select(d => d.Service.Key.ToString()));
        Assert.Equal("prometheus", Assert.IsType<Detection.Matched>(detections[2]).Type);
    }

    [Theory]
    [InlineData("", "m/p: prometheus; m/p-operated: twin")]
    [InlineData("@toolset=false", "m/p: opted out; m/p-operated: twin")]
    [InlineData("@toolset=true @type=prometheus", "m/p: prometheus; m/p-operated: twin")]
    [InlineData("@toolset=true @type=custom", "m/p: p; m/p-operated: twin")]
    [InlineData("@toolset=true @type=none", "m/p: rejected; m/p-operated: prometheus")]
    public void What_an_owner_says_of_one_Service_counts_for_the_other_names_of_its_backend(string annotations, string expected)
    {
        ImmutableArray<Detection> detections = Detector.DetectAll(ServiceText.ParseAll(
            $"m/p app=prometheus web:9090 >app=prometheus >prometheus=p {annotations}", "m/p-operated operated-prometheus=true web:9090 Headless >app=prometheus"));
        Assert.Equal(expected, string.Join("; ", detections.Select(d => $"{d.Service.Key}: {DetectionText.Of(d).Split(' ', ':')[0].Replace("opted", "opted out", StringComparison.Ordinal)}")));
    }

    [Fact]
    public void The_cluster_domain_makes_the_long_URL_and_fills_the_configuration()
    {
        var matched = Assert.IsType<Detection.Matched>(
            new Detector(BuiltInRules.All, "cluster.local").Detect(ServiceText.Parse("m/g app=grafana service:3000")));
        Assert.Equal(new ToolsetValue.Text("http://g.m.svc.cluster.local:3000"), matched.Config["url"]);
        Assert.Equal(new ToolsetValue.Text("${GRAFANA_API_KEY}"), matched.Config["apiKey"]);
    }

    private static void AssertDetected(string service, string found) =>
        Assert.StartsWith(found, DetectionText.Of(Detector.Detect(ServiceText.Parse(service))), StringComparison.Ordinal);
}
