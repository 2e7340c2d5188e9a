using System.Text.Json.Nodes;
using DynamicToolset.Docs;
using DynamicToolset.Service.Options;
using DynamicToolset.Yaml;

namespace DynamicToolset.Service.Tests.Chart;

/// <summary>Each value of the chart does what it says, at its place.</summary>
public sealed class EffectTests
{
    private const string Pod = "Deployment/dynamic-toolset spec template spec";
    private const string Container = $"{Pod} containers 0";
    private const string Env = $"{Container} env";
    private const string Test = "Pod/dynamic-toolset-test";
    private const string Monitor = "ServiceMonitor/dynamic-toolset";
    private const string Policy = "NetworkPolicy/dynamic-toolset spec";
    private const string Absent = "null";

    /// <summary>Values, a place, and what stands there.</summary>
    public static TheoryData<string, string, string> Effects { get; } = new()
    {
        { "image: {repository: registry.example/toolset}", $"{Container} image", "\"registry.example/toolset:1.0.0\"" },
        { "image: {tag: v9}", $"{Container} image", "\"dynamic-toolset:v9\"" },
        { "image: {tag: v9}", $"{Test} spec containers 0 image", "\"dynamic-toolset:v9\"" },
        { $"image: {{digest: 'sha256:{new string('a', 64)}'}}", $"{Container} image", $"\"dynamic-toolset@sha256:{new string('a', 64)}\"" },
        { "image: {pullPolicy: Always}", $"{Container} imagePullPolicy", "\"Always\"" },
        { "imagePullSecrets: [{name: registry}]", $"{Pod} imagePullSecrets", """[{"name":"registry"}]""" },
        { "imagePullSecrets: [{name: registry}]", $"{Test} spec imagePullSecrets", """[{"name":"registry"}]""" },
        { "nameOverride: toolset", $"{Pod} serviceAccountName", "\"dynamic-toolset-sa\"" },
        { "nameOverride: other", "Deployment/dynamic-toolset-other spec selector matchLabels app.kubernetes.io/name", "\"other\"" },
        { "fullnameOverride: other", "Deployment/other metadata labels app", "\"dynamic-toolset\"" },
        { "fullnameOverride: other", "Deployment/other spec template spec containers 0 env OWNER_DEPLOYMENT value", "\"other\"" },
        { "fullnameOverride: other", "Role/other rules 1 resourceNames", "[\"other-leader\"]" },
        { "fullnameOverride: other", "Role/other rules 2 resourceNames", "[\"other\"]" },
        { "{fullnameOverride: other, ha: {enabled: true}}", "Deployment/other spec template spec containers 0 env LEASE_NAME value", "\"other-leader\"" },
        { "commonLabels: {team: a}", "Service/dynamic-toolset metadata labels team", "\"a\"" },
        { "commonLabels: {team: a}", "Deployment/dynamic-toolset spec template metadata labels team", "\"a\"" },
        { "commonLabels: {team: a}", $"{Test} metadata labels team", "\"a\"" },
        { "replicaCount: 0", "Deployment/dynamic-toolset spec replicas", "0" },
        { "{replicaCount: 3, ha: {enabled: true}}", "Deployment/dynamic-toolset spec replicas", "3" },
        { "ha: {enabled: true}", "Deployment/dynamic-toolset spec replicas", "2" },
        { "ha: {enabled: true}", "Deployment/dynamic-toolset spec strategy", """{"type":"RollingUpdate","rollingUpdate":{"maxUnavailable":0,"maxSurge":1}}""" },
        { "ha: {enabled: true}", $"{Env} LEADER_ELECTION_ENABLED value", "\"true\"" },
        { "ha: {enabled: true}", $"{Pod} topologySpreadConstraints 1 topologyKey", "\"topology.kubernetes.io/zone\"" },
        { "ha: {enabled: true, leaseDuration: 30s}", $"{Env} LEASE_DURATION value", "\"30s\"" },
        { "ha: {enabled: true, renewDeadline: 12s}", $"{Env} RENEW_DEADLINE value", "\"12s\"" },
        { "ha: {enabled: true, retryPeriod: 3s}", $"{Env} RETRY_PERIOD value", "\"3s\"" },
        { "namespaces: [a, b]", $"{Env} NAMESPACES value", "\"a,b\"" },
        { "namespaces: [a, b]", "ClusterRole/dynamic-toolset rules 0 resources", "[\"tokenreviews\"]" },
        { "namespaces: [a]", "Role/dynamic-toolset-discovery metadata namespace", "\"a\"" },
        { "namespaces: [a]", "RoleBinding/dynamic-toolset-discovery metadata namespace", "\"a\"" },
        { "namespaces: [a]", "Role/dynamic-toolset rules 4 resources", "[\"events\"]" },
        { "discoveryInterval: 1m30s", $"{Env} DISCOVERY_INTERVAL value", "\"1m30s\"" },
        { "reconciliationInterval: 10s", $"{Env} RECONCILIATION_INTERVAL value", "\"10s\"" },
        { "proxyChecks: true", $"{Env} HEALTH_CHECK_MODE value", "\"apiserver-proxy\"" },
        { "proxyChecks: true", "ClusterRole/dynamic-toolset-proxy-checks rules 0 resources", "[\"services/proxy\"]" },
        { "configMap: {name: other}", $"{Env} CONFIGMAP_NAME value", "\"other\"" },
        { "configMap: {name: other}", "Role/dynamic-toolset rules 0 resourceNames", "[\"other\"]" },
        { "configMap: {namespace: holmes}", $"{Env} CONFIGMAP_NAMESPACE value", "\"holmes\"" },
        { "configMap: {namespace: holmes}", $"{Env} OWNER_REFERENCE_ENABLED value", "\"false\"" },
        { "configMap: {namespace: holmes}", "Role/dynamic-toolset metadata namespace", "\"holmes\"" },
        { "configMap: {namespace: kubernaut-system}", $"{Env} CONFIGMAP_NAMESPACE", Absent },
        { "configMap: {ownerReference: false}", $"{Env} OWNER_REFERENCE_ENABLED value", "\"false\"" },
        { "configMap: {ownerReference: false}", "Role/dynamic-toolset rules 2", Absent },
        { "detectors: {rules: {a.yaml: {kind: DetectorRule}}}", "ConfigMap/dynamic-toolset-detectors data a.yaml", "\"kind: DetectorRule\"" },
        { "detectors: {rules: {a.yml: \" # one\\n---\\n{a: 'b'}\\n\"}}", "ConfigMap/dynamic-toolset-detectors data a.yml", "\" # one\\n---\\n{a: 'b'}\\n\"" },
        { "overrideFiles: {configMap: team}", $"{Pod} volumes overrides configMap", """{"name":"team","optional":true}""" },
        { "detectors: {configMap: rules}", $"{Pod} volumes detectors configMap", """{"name":"rules"}""" },
        { "holmesgpt: {format: false}", $"{Env} HOLMES_FORMAT value", "\"false\"" },
        { "holmesgpt: {target: current}", $"{Env} HOLMES_TARGET value", "\"current\"" },
        { "holmesgpt: {baseToolsets: [kubernetes/core, internet]}", $"{Env} HOLMES_BASE_TOOLSETS value", "\"kubernetes/core,internet\"" },
        { "holmesgpt: {credentialsNamespaces: [a, b]}", $"{Env} CREDENTIALS_NAMESPACES value", "\"a,b\"" },
        { "holmesgpt: {reload: {url: 'http://holmes/x'}}", $"{Env} HOLMES_RELOAD_URL value", "\"http://holmes/x\"" },
        {
            "holmesgpt: {reload: {url: 'http://holmes/x', secretName: s, secretKey: k}}", $"{Env} HOLMES_RELOAD_API_KEY valueFrom",
            """{"secretKeyRef":{"name":"s","key":"k"}}"""
        },
        {
            "{holmesgpt: {readers: [{name: r, namespace: a}]}, configMap: {namespace: holmes}}", "RoleBinding/dynamic-toolset-reader subjects",
            """[{"kind":"ServiceAccount","name":"r","namespace":"a"}]"""
        },
        { "holmesgpt: {readers: [{name: r, namespace: a}]}", "Role/dynamic-toolset-reader rules 0 verbs", """["get","list","watch"]""" },
        { "auth: {audiences: [a, b]}", $"{Env} AUTH_AUDIENCES value", "\"a,b\"" },
        { "auth: {audiences: [a, b]}", $"{Test} spec volumes token projected sources 0 serviceAccountToken audience", "\"a\"" },
        { "env: [{name: LOG_LEVEL, value: debug}]", $"{Env} LOG_LEVEL value", "\"debug\"" },
        { "envFrom: [{secretRef: {name: s}}]", $"{Container} envFrom", """[{"secretRef":{"name":"s"}}]""" },
        { "extraVolumes: [{name: ca, secret: {secretName: s}}]", $"{Pod} volumes ca", """{"name":"ca","secret":{"secretName":"s"}}""" },
        { "{extraVolumes: [{name: ca, emptyDir: {}}], extraVolumeMounts: [{name: ca, mountPath: /ca}]}", $"{Container} volumeMounts ca mountPath", "\"/ca\"" },
        { "serviceAccount: {create: false, name: mine}", "ServiceAccount/dynamic-toolset-sa", Absent },
        { "serviceAccount: {create: false, name: mine}", "ServiceAccount/dynamic-toolset", Absent },
        { "serviceAccount: {name: mine}", $"{Pod} serviceAccountName", "\"mine\"" },
        { "serviceAccount: {name: mine}", "ClusterRoleBinding/dynamic-toolset subjects 0 name", "\"mine\"" },
        { "serviceAccount: {name: mine}", $"{Test} spec serviceAccountName", "\"mine\"" },
        { "serviceAccount: {alias: false}", "ServiceAccount/dynamic-toolset", Absent },
        { "serviceAccount: {alias: false}", "RoleBinding/dynamic-toolset subjects 1", Absent },
        { "serviceAccount: {annotations: {a: b}}", "ServiceAccount/dynamic-toolset-sa metadata annotations a", "\"b\"" },
        { "rbac: {create: false}", "ClusterRole/dynamic-toolset", Absent },
        { "rbac: {create: false}", "ClusterRole/dynamic-toolset-reader", Absent },
        { "rbac: {clusterNamePrefix: other}", "ClusterRoleBinding/other roleRef name", "\"other\"" },
        { "resources: {limits: {cpu: 1}}", $"{Container} resources limits cpu", "\"1\"" },
        { "resources: {limits: {cpu: 0.5}}", $"{Test} spec containers 0 resources limits cpu", "\"0.5\"" },
        { "resources: null", $"{Container} resources", Absent },
        { "podSecurityContext: {fsGroup: 1}", $"{Pod} securityContext fsGroup", "1" },
        { "securityContext: {runAsUser: 1}", $"{Container} securityContext runAsUser", "1" },
        { "podAnnotations: {a: b}", "Deployment/dynamic-toolset spec template metadata annotations", """{"a":"b"}""" },
        { "podLabels: {a: b}", "Deployment/dynamic-toolset spec template metadata labels a", "\"b\"" },
        { "nodeSelector: {a: b}", $"{Pod} nodeSelector a", "\"b\"" },
        { "nodeSelector: {a: b}", $"{Test} spec nodeSelector a", "\"b\"" },
        { "tolerations: [{key: a}]", $"{Pod} tolerations", """[{"key":"a"}]""" },
        { "tolerations: [{key: a}]", $"{Test} spec tolerations", """[{"key":"a"}]""" },
        { "affinity: {nodeAffinity: {}}", $"{Pod} affinity", """{"nodeAffinity":{}}""" },
        {
            "{ha: {enabled: true}, topologySpreadConstraints: [{topologyKey: t, maxSkew: 1, whenUnsatisfiable: DoNotSchedule}]}",
            $"{Pod} topologySpreadConstraints", """[{"topologyKey":"t","maxSkew":1,"whenUnsatisfiable":"DoNotSchedule"}]"""
        },
        { "priorityClassName: high", $"{Pod} priorityClassName", "\"high\"" },
        { "service: {type: LoadBalancer}", "Service/dynamic-toolset spec type", "\"LoadBalancer\"" },
        { "service: {port: 80}", "Service/dynamic-toolset spec ports http port", "80" },
        { "service: {port: 80}", $"{Test} spec containers 0 args 2", "\"http://dynamic-toolset.kubernaut-system:80\"" },
        { "service: {metricsPort: 90}", "Service/dynamic-toolset spec ports metrics port", "90" },
        { "service: {annotations: {a: b}}", "Service/dynamic-toolset metadata annotations", """{"a":"b"}""" },
        { "serviceMonitor: {enabled: true}", $"{Monitor} spec selector matchLabels app.kubernetes.io/instance", "\"dynamic-toolset\"" },
        { "serviceMonitor: {enabled: true, labels: {release: p}}", $"{Monitor} metadata labels release", "\"p\"" },
        { "serviceMonitor: {enabled: true, interval: 5s}", $"{Monitor} spec endpoints 0 interval", "\"5s\"" },
        { "serviceMonitor: {enabled: true, scrapeTimeout: 4s}", $"{Monitor} spec endpoints 0 scrapeTimeout", "\"4s\"" },
        { "serviceMonitor: {enabled: true, authorization: {type: Bearer}}", $"{Monitor} spec endpoints 0 authorization", """{"type":"Bearer"}""" },
        { "serviceMonitor: {enabled: true, relabelings: [{action: drop}]}", $"{Monitor} spec endpoints 0 relabelings", """[{"action":"drop"}]""" },
        { "serviceMonitor: {enabled: true, metricRelabelings: [{action: drop}]}", $"{Monitor} spec endpoints 0 metricRelabelings", """[{"action":"drop"}]""" },
        { "prometheusRule: {enabled: true}", "PrometheusRule/dynamic-toolset metadata labels app", "\"dynamic-toolset\"" },
        { "prometheusRule: {enabled: true, labels: {release: p}}", "PrometheusRule/dynamic-toolset metadata labels release", "\"p\"" },
        { "dashboards: {enabled: true}", "ConfigMap/dynamic-toolset-dashboard metadata labels grafana_dashboard", "\"1\"" },
        { "dashboards: {enabled: true, labels: {sidecar: x}}", "ConfigMap/dynamic-toolset-dashboard metadata labels sidecar", "\"x\"" },
        { "dashboards: {enabled: true, annotations: {a: b}}", "ConfigMap/dynamic-toolset-dashboard metadata annotations", """{"a":"b"}""" },
        { "networkPolicy: {enabled: false}", "NetworkPolicy/dynamic-toolset", Absent },
        { "networkPolicy: {apiFrom: [{namespaceSelector: {}}]}", $"{Policy} ingress 0 from 0", """{"namespaceSelector":{}}""" },
        { "networkPolicy: {apiFrom: [{namespaceSelector: {}}]}", $"{Policy} ingress 1", """{"ports":[{"port":9090,"protocol":"TCP"}]}""" },
        {
            "networkPolicy: {apiFrom: [{namespaceSelector: {}}]}", $"{Policy} ingress 0 from 2 podSelector matchLabels",
            """{"app.kubernetes.io/instance":"dynamic-toolset","app.kubernetes.io/name":"dynamic-toolset-test"}"""
        },
        { "networkPolicy: {metricsFrom: [{podSelector: {}}]}", $"{Policy} ingress 1 from", """[{"podSelector":{}}]""" },
        { "networkPolicy: {metricsFrom: [{podSelector: {}}]}", $"{Policy} ingress 0", """{"ports":[{"port":8080,"protocol":"TCP"}]}""" },
        { "networkPolicy: {extraEgress: [{ports: [{port: 1}]}]}", $"{Policy} egress 3", """{"ports":[{"port":1}]}""" },
        { "{ha: {enabled: true}, podDisruptionBudget: {enabled: false}}", "PodDisruptionBudget/dynamic-toolset", Absent },
        { "{ha: {enabled: true}, podDisruptionBudget: {maxUnavailable: 50%}}", "PodDisruptionBudget/dynamic-toolset spec maxUnavailable", "\"50%\"" },
    };

    public static TheoryData<string> Documented => [.. ChartPage.Values.Select(v => v.Key)];

    [Theory, MemberData(nameof(Effects))]
    public async Task A_value_does_this_there(string values, string place, string expected)
    {
        JsonNode? found = (await Rendering.OfAsync(values)).At(place);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), found), $"{place}: {found?.ToJsonString() ?? Absent}");
    }

    [Theory, MemberData(nameof(Documented))]
    public void Each_value_that_the_page_tells_of_has_a_row(string key) =>
        Assert.Contains(Effects, row => Find(YamlReader.Read(row.Data.Item1).Documents.Single(), key.Split('.')) is not null);

    [Fact]
    public async Task What_the_chart_sets_is_a_setting_and_every_setting_that_it_goes_by_is_refused_in_env()
    {
        HashSet<string> set = [];
        foreach (TheoryDataRow<string, string, string> row in Effects)
        {
            JsonNode deployment = (await Rendering.OfAsync(row.Data.Item1)).Objects.Single(o => (string?)o["kind"] == "Deployment");
            set.UnionWith(deployment["spec"]!["template"]!["spec"]!["containers"]![0]!["env"]!.AsArray().Select(e => (string)e!["name"]!));
        }

        Assert.Subset(Settings.Definitions.Select(s => s.Name).ToHashSet(), set);
        Assert.Subset(SchemaTests.Refusals.Select(row => row.Data.Item1).Where(v => v.StartsWith("env: [{name: ", StringComparison.Ordinal))
            .Select(v => v["env: [{name: ".Length..].Split([',', '}'])[0]).Append("LOG_LEVEL").ToHashSet(), set);
    }

    [Theory]
    [InlineData("holmesgpt.target", "HOLMES_TARGET")]
    [InlineData("configMap.name", "CONFIGMAP_NAME")]
    [InlineData("discoveryInterval", "DISCOVERY_INTERVAL")]
    [InlineData("reconciliationInterval", "RECONCILIATION_INTERVAL")]
    [InlineData("ha.leaseDuration", "LEASE_DURATION")]
    [InlineData("ha.renewDeadline", "RENEW_DEADLINE")]
    [InlineData("ha.retryPeriod", "RETRY_PERIOD")]
    [InlineData("holmesgpt.format", "HOLMES_FORMAT")]
    [InlineData("configMap.ownerReference", "OWNER_REFERENCE_ENABLED")]
    public void The_default_of_a_value_is_that_of_its_setting(string value, string setting) =>
        Assert.Equal(Settings.Definitions.Single(s => s.Name == setting).Default, ChartPage.Values.Single(v => v.Key == value).Default);

    [Fact]
    public async Task Labels_that_objects_find_each_other_by_are_nobody_s_to_change()
    {
        const string Mine = "commonLabels: {app.kubernetes.io/name: x, app.kubernetes.io/instance: x, app.kubernetes.io/part-of: x}";
        const string Theirs = "podLabels: {app.kubernetes.io/name: x, app: x}";
        Assert.Equal(Labels(await Rendering.OfAsync()), Labels(await Rendering.OfAsync(Mine)));
        Assert.Equal(Labels(await Rendering.OfAsync()), Labels(await Rendering.OfAsync(Theirs)));

        static string Labels(Rendering rendering) =>
            rendering.At("Deployment/dynamic-toolset metadata labels")!.ToJsonString() + rendering.At("Deployment/dynamic-toolset spec template metadata labels")!.ToJsonString();
    }

    private static YamlNode? Find(YamlNode? node, ReadOnlySpan<string> keys) =>
        keys.IsEmpty ? node : Find((node as YamlNode.Mapping)?[keys[0]], keys[1..]);
}
