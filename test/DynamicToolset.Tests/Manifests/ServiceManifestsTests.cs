using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.Manifests;

namespace DynamicToolset.Tests.Manifests;

public sealed class ServiceManifestsTests
{
    [Fact]
    public void A_Service_is_read_with_all_that_decides_something()
    {
        ServiceRecord service = Assert.Single(Read(
            """
            apiVersion: v1
            kind: Service
            metadata:
              name: prometheus
              namespace: monitoring
              uid: 3d6f
              resourceVersion: "12"
              labels: {app: prometheus, version: "2"}
              annotations:
                kubernaut.io/toolset: "true"
            spec:
              type: NodePort
              selector: {app.kubernetes.io/name: prometheus, prometheus: "2"}
              ports:
              - {name: web, port: 9090, targetPort: web, protocol: TCP, appProtocol: https}
              - {port: 8080, targetPort: 8081}
              - port: 53
                protocol: UDP
            """));
        Assert.Equal(new ObjectKey("monitoring", "prometheus"), service.Key);
        Assert.Equal(("3d6f", "12", ServiceKind.NodePort), (service.Uid, service.ResourceVersion, service.Kind));
        Assert.Equal("prometheus 2", $"{service.Labels["app"]} {service.Labels["version"]}");
        Assert.Equal("true", service.Annotations[ToolsetAnnotations.Toolset]);
        Assert.Equal(
            [new ServicePort("web", 9090, "TCP", "https", "web"), new ServicePort(null, 8080, TargetPort: "8081"), new ServicePort(null, 53, "UDP")],
            service.Ports);
        Assert.Equal(new Dictionary<string, string> { ["app.kubernetes.io/name"] = "prometheus", ["prometheus"] = "2" }, service.Selector);
    }

    [Theory]
    [InlineData("kind: Service\nmetadata: {name: a}", "default/a")]
    [InlineData("kind: Service\nmetadata: {name: a, namespace: null}", "default/a")]
    [InlineData("kind: Service\nmetadata: {name: a, namespace: }", "default/a")]
    [InlineData("kind: Service\nmetadata: {name: a, namespace: ''}", "default/a")]
    [InlineData("kind: Service\nmetadata: {name: a, labels: null, annotations: ~}\nspec: null", "default/a")]
    [InlineData("kind: Service\nmetadata:\n  name: a\n  labels:\nspec:\n  ports:\n", "default/a")]
    [InlineData("kind: Service\nmetadata: {name: a, labels: {x: null, y: '1'}}", "default/a")]
    [InlineData("kind: Service\r\nmetadata:\r\n  name: a\r\n  namespace: n\r\n", "n/a")]
    [InlineData("\uFEFFkind: Service\nmetadata: {name: a}", "default/a")]
    [InlineData("{\"kind\": \"Service\",\n\t\"apiVersion\": \"v1\",\n\t\"metadata\": {\n\t\t\"name\": \"a\"\n\t}\n}", "default/a")]
    [InlineData("{\"kind\":\"Service\",\"metadata\":{\"name\":\"a\"}}\n{\"kind\":\"Service\",\"metadata\":{\"name\":\"b\"}}", "default/a default/b")]
    [InlineData("kind: Service\nmetadata: {name: a}\n---\nkind: Service\nmetadata: {name: b}\n---\n", "default/a default/b")]
    [InlineData("---\n# Source: chart/templates/svc.yaml\nkind: Service\nmetadata: {name: a}\n---\n# Source: chart/templates/empty.yaml\n---\n", "default/a")]
    [InlineData("kind: List\nitems:\n- {kind: Service, metadata: {name: a}}\n- {kind: Pod, metadata: {name: b}}", "default/a")]
    [InlineData("kind: List\nitems: null", "")]
    [InlineData("kind: List\nitems:\n- kind: List\n  items: [{kind: Service, metadata: {name: a}}]", "default/a")]
    [InlineData("kind: ServiceList\nitems:\n- {metadata: {name: a}}\n- {kind: Service, metadata: {name: b}}", "default/a default/b")]
    [InlineData("kind: Deployment\nmetadata: []\n---\nkind: Service\nmetadata: {name: a}", "default/a")]
    [InlineData("apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {name: a.b}", "")]
    [InlineData("", "")]
    [InlineData("# nothing\n", "")]
    public void Services_are_found_in_every_form_that_tools_print(string text, string services) =>
        Assert.Equal(services, string.Join(' ', Read(text).Select(s => s.Key)));

    [Theory]
    [InlineData("", ServiceKind.ClusterIP)]
    [InlineData("type: ClusterIP", ServiceKind.ClusterIP)]
    [InlineData("type: ClusterIP, clusterIP: None", ServiceKind.Headless)]
    [InlineData("clusterIP: None", ServiceKind.Headless)]
    [InlineData("clusterIP: 10.0.0.1", ServiceKind.ClusterIP)]
    [InlineData("type: LoadBalancer", ServiceKind.LoadBalancer)]
    [InlineData("type: ExternalName, externalName: evil.example", ServiceKind.ExternalName)]
    [InlineData("type: ExternalName, clusterIP: None", ServiceKind.ExternalName)]
    public void The_kind_is_the_type_with_headless_told_apart(string spec, ServiceKind kind) =>
        Assert.Equal(kind, Assert.Single(Read($"kind: Service\nmetadata: {{name: a}}\nspec: {{{spec}}}")).Kind);

    [Theory]
    [InlineData("just words", "1:1: a Kubernetes object must be a map")]
    [InlineData("- a", "1:1: a Kubernetes object must be a map")]
    [InlineData("metadata: {name: a}", "1:1: \"kind\" is missing")]
    [InlineData("kind: [Service]", "1:7: \"kind\" must be a text")]
    [InlineData("kind: Service", "1:1: a Service needs \"metadata\"")]
    [InlineData("kind: Service\nmetadata: []", "2:11: \"metadata\" must be a map")]
    [InlineData("kind: Service\nmetadata: {}", "2:11: \"name\" is missing")]
    [InlineData("kind: Service\nmetadata: {name: null}", "2:11: \"name\" is missing")]
    [InlineData("kind: Service\nmetadata: {name: a, labels: [x]}", "2:29: \"labels\" must be a map")]
    [InlineData("kind: Service\nmetadata: {name: a, labels: {x: [y]}}", "2:33: the values of \"labels\" must be texts")]
    [InlineData("kind: Service\nmetadata: {name: a, annotations: {x: {}}}", "2:38: the values of \"annotations\" must be texts")]
    [InlineData("kind: Service\nmetadata: {name: a}\nspec: 1", "3:7: \"spec\" must be a map")]
    [InlineData("kind: Service\nmetadata: {name: a}\nspec: {ports: 1}", "3:15: \"ports\" must be a list")]
    [InlineData("kind: Service\nmetadata: {name: a}\nspec: {ports: [80]}", "3:16: a port must be a map")]
    [InlineData("kind: Service\nmetadata: {name: a}\nspec: {ports: [{name: x}]}", "3:16: \"port\" must be a number")]
    [InlineData("kind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 0}]}", "3:23: \"port\" must be a number")]
    [InlineData("kind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 65536}]}", "3:23: \"port\" must be a number")]
    [InlineData("kind: Service\nmetadata: {name: a}\nspec: {ports: [{port: http}]}", "3:23: \"port\" must be a number")]
    [InlineData("kind: Service\nmetadata: {name: a}\nspec: {type: External}", "3:14: \"type\" must be ClusterIP")]
    [InlineData("kind: List\nitems: {}", "2:8: \"items\" must be a list")]
    [InlineData("kind: List\nitems: [x]", "2:9: a Kubernetes object must be a map")]
    [InlineData("kind: Service\nkind: Service", "2:1: \"kind\" is a duplicate of line 1: a line with --- is missing")]
    [InlineData("kind: {", "2:1: Here a value is expected")]
    [InlineData("{\n\t\"kind\": \"Service\",\n\t\"metadata\": 1\n}", "3:14: \"metadata\" must be a map")]
    public void What_is_wrong_is_told_once_with_its_place(string text, string problem)
    {
        ServiceManifests manifests = ServiceManifests.Read(text);
        Assert.Empty(manifests.Services);
        Assert.StartsWith(problem, Assert.Single(manifests.Problems).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{name: A}", "2:18: \"name\" is not of the form")]
    [InlineData("{name: a, namespace: a.b}", "2:32: \"namespace\" is not of the form")]
    [InlineData("{name: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa}", "2:18: \"name\" is not of the form")]
    public void A_Service_that_no_API_server_would_take_is_passed_over_and_named(string metadata, string problem)
    {
        ServiceManifests manifests = ServiceManifests.Read($"kind: Service\nmetadata: {metadata}\n---\nkind: Service\nmetadata: {{name: b}}");
        Assert.Empty(manifests.Problems);
        Assert.Equal("default/b", Assert.Single(manifests.Services).Key.ToString());
        Assert.StartsWith(problem, Assert.Single(manifests.Impossible).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once()
    {
        ServiceManifests manifests = ServiceManifests.Read(
            """
            kind: Service
            metadata: {namespace: A, labels: 1}
            spec: {type: X, ports: [{port: 0}, 7]}
            ---
            kind: Service
            metadata: []
            spec: {ports: 1}
            ---
            kind: Service
            metadata: {name: good}
            spec: 1
            """);
        Assert.Empty(manifests.Services);
        Assert.Equal(
            ["2:11", "2:34", "3:14", "3:32", "3:36", "6:11", "7:15", "11:7"],
            manifests.Problems.Select(p => p.Position.ToString()).OrderBy(p => int.Parse(p.Split(':')[0])).ThenBy(p => int.Parse(p.Split(':')[1])));
    }

    [Fact]
    public void The_output_of_kubectl_get_works_as_it_is()
    {
        ImmutableArray<ServiceRecord> services = Read(
            """
            apiVersion: v1
            items:
            - apiVersion: v1
              kind: Service
              metadata:
                annotations:
                  kubectl.kubernetes.io/last-applied-configuration: |
                    {"apiVersion":"v1","kind":"Service","metadata":{"annotations":{},"labels":{"app":"grafana"},"name":"grafana","namespace":"monitoring"}}
                creationTimestamp: "2025-10-06T07:08:09Z"
                labels:
                  app: grafana
                name: grafana
                namespace: monitoring
                resourceVersion: "861"
                uid: 0e8b6ad3-9b0b-4d43-8f9e-0d2a8bbf6f0b
              spec:
                clusterIP: 10.96.10.1
                clusterIPs:
                - 10.96.10.1
                internalTrafficPolicy: Cluster
                ipFamilies:
                - IPv4
                ipFamilyPolicy: SingleStack
                ports:
                - name: service
                  port: 3000
                  protocol: TCP
                  targetPort: http-grafana
                selector:
                  app: grafana
                sessionAffinity: None
                type: ClusterIP
              status:
                loadBalancer: {}
            kind: List
            metadata:
              resourceVersion: ""
            """);
        Assert.Equal("monitoring/grafana", Assert.Single(services).Key.ToString());
    }

    [Fact]
    public void The_output_of_helm_template_works_as_it_is()
    {
        ImmutableArray<ServiceRecord> services = Read(
            """
            ---
            # Source: prometheus/charts/alertmanager/templates/serviceaccount.yaml
            apiVersion: v1
            kind: ServiceAccount
            metadata:
              name: release-alertmanager
            automountServiceAccountToken: true
            ---
            # Source: prometheus/templates/cm.yaml
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: release-prometheus-server
            data:
              prometheus.yml: |
                global:
                  scrape_interval: 1m
                # kind: Service
            ---
            # Source: prometheus/templates/service.yaml
            apiVersion: v1
            kind: Service
            metadata:
              labels:
                app: prometheus
                # a comment where a template put nothing
                extra:
              annotations:
              name: release-prometheus-server
              namespace:
            spec:
              ports:
                - name: http
                  port: 80
                  protocol: TCP
                  targetPort: 9090
              sessionAffinity: None
              type: "ClusterIP"
            ---
            # Source: prometheus/templates/disabled.yaml
            """);
        ServiceRecord service = Assert.Single(services);
        Assert.Equal("default/release-prometheus-server", service.Key.ToString());
        Assert.Equal(["app"], service.Labels.Keys);
    }

    private static ImmutableArray<ServiceRecord> Read(string text)
    {
        ServiceManifests manifests = ServiceManifests.Read(text);
        Assert.Empty(manifests.Problems);
        return manifests.Services;
    }
}
