using System.Text.Json.Nodes;
using DynamicToolset.Docs;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Chart;

/// <summary>Values that cannot be meant are refused before anything is applied, with their place and what is allowed.</summary>
public sealed class SchemaTests
{
    private const string Derived = "and other objects of the chart depend on it";

    /// <summary>Values, and what the refusal says of them.</summary>
    public static TheoryData<string, string> Refusals { get; } = new()
    {
        { "replicas: 2", "additional properties 'replicas' not allowed" },
        { "image: dynamic-toolset:v1", "at '/image': got string, want object" },
        { "image: {tga: v1}", "at '/image': additional properties 'tga' not allowed" },
        { "image: {tag: 1}", "at '/image/tag': got number, want string" },
        { "image: {repository: 'a@sha256:b'}", "at '/image/repository'" },
        { "image: {repository: ''}", "at '/image/repository'" },
        { "image: {digest: abc}", "at '/image/digest'" },
        { "image: {pullPolicy: always}", "at '/image/pullPolicy': value must be one of '', 'Always', 'IfNotPresent', 'Never'" },
        { "imagePullSecrets: [registry]", "at '/imagePullSecrets/0': got string, want object" },
        { "replicaCount: -1", "at '/replicaCount'" },
        { "replicaCount: '2'", "at '/replicaCount'" },
        { "replicaCount: 2", "replicaCount: 2 replicas need ha.enabled=true" },
        { "ha: {enabled: 'yes'}", "at '/ha/enabled': got string, want boolean" },
        { "ha: {leaseDuration: 15}", "at '/ha/leaseDuration': got number, want string" },
        { "ha: {leaseDuration: 15sec}", "at '/ha/leaseDuration': '15sec' does not match pattern" },
        { "namespaces: monitoring", "at '/namespaces': got string, want array" },
        { "namespaces: [Monitoring]", "at '/namespaces/0'" },
        { "namespaces: [a, a]", "at '/namespaces'" },
        { "configMap: {name: A_B}", "at '/configMap/name'" },
        { "configMap: {namespace: a.b}", "at '/configMap/namespace'" },
        { "detectors: {rules: {loki: {}}}", "'loki' does not match pattern" },
        { "detectors: {rules: {../a.yaml: {}}}", "does not match pattern" },
        { "detectors: {rules: {a.yaml: [1]}}", "at '/detectors/rules/a.yaml'" },
        { "detectors: {rules: {a.yaml: x}, configMap: rules}", "detectors: set either rules or configMap" },
        { "holmesgpt: {target: newest}", "at '/holmesgpt/target': value must be one of 'compat', 'current'" },
        { "holmesgpt: {baseToolsets: ['a b']}", "at '/holmesgpt/baseToolsets/0'" },
        { "holmesgpt: {reload: {url: 'ftp://x'}}", "at '/holmesgpt/reload/url'" },
        { "holmesgpt: {reload: {secretName: s}}", "holmesgpt.reload: secretName is for a request to url" },
        { "holmesgpt: {readers: [{name: a}]}", "at '/holmesgpt/readers/0': missing property 'namespace'" },
        { "auth: {audiences: ['a,b']}", "at '/auth/audiences/0'" },
        { "env: {LOG_LEVEL: debug}", "at '/env': got object, want array" },
        { "env: [{name: LOG_LEVEL, value: 1}]", "at '/env/0/value': got number, want string" },
        { "env: [{name: 'A B'}]", "at '/env/0/name'" },
        { "env: [{name: POD_NAME}]", $"env: POD_NAME is set by the downward API, and nothing else, {Derived}" },
        { "env: [{name: POD_NAMESPACE}]", Derived },
        { "env: [{name: POD_IP}]", Derived },
        { "env: [{name: PORT}]", "service.port is that of the Service" },
        { "env: [{name: METRICS_PORT}]", "service.metricsPort is that of the Service" },
        { "env: [{name: DISCOVERY_INTERVAL}]", "is set by discoveryInterval" },
        { "env: [{name: RECONCILIATION_INTERVAL}]", "is set by reconciliationInterval" },
        { "env: [{name: NAMESPACES}]", "is set by namespaces" },
        { "env: [{name: HEALTH_CHECK_MODE}]", "is set by proxyChecks" },
        { "env: [{name: AUTH_AUDIENCES}]", "is set by auth.audiences" },
        { "env: [{name: CONFIGMAP_NAME}]", "is set by configMap.name" },
        { "env: [{name: CONFIGMAP_NAMESPACE}]", "is set by configMap.namespace" },
        { "env: [{name: OWNER_REFERENCE_ENABLED}]", "is set by configMap.ownerReference" },
        { "env: [{name: OWNER_DEPLOYMENT}]", "is set by fullnameOverride" },
        { "overrideFiles: {files: {a.yaml: x}}", "at '/overrideFiles'" },
        { "env: [{name: OVERRIDES_DIR}]", "is set by overrideFiles.configMap" },
        { "env: [{name: DETECTORS_DIR}]", "is set by detectors.rules or detectors.configMap" },
        { "env: [{name: LEADER_ELECTION_ENABLED}]", "is set by ha.enabled" },
        { "env: [{name: LEASE_NAME}]", "is set by fullnameOverride" },
        { "env: [{name: LEASE_DURATION}]", "is set by ha.leaseDuration" },
        { "env: [{name: RENEW_DEADLINE}]", "is set by ha.renewDeadline" },
        { "env: [{name: RETRY_PERIOD}]", "is set by ha.retryPeriod" },
        { "env: [{name: HOLMES_FORMAT}]", "is set by holmesgpt.format" },
        { "env: [{name: HOLMES_TARGET}]", "is set by holmesgpt.target" },
        { "env: [{name: HOLMES_BASE_TOOLSETS}]", "is set by holmesgpt.baseToolsets" },
        { "env: [{name: CREDENTIALS_NAMESPACES}]", "is set by holmesgpt.credentialsNamespaces" },
        { "env: [{name: HOLMES_RELOAD_URL}]", "is set by holmesgpt.reload.url" },
        { "env: [{name: HOLMES_RELOAD_API_KEY}]", "is set by holmesgpt.reload.secretName" },
        { "overrides: {grafana: {enabled: false}}", "overrides: the key overrides.yaml of the ConfigMap kubernaut-toolset-config belongs to the admin" },
        { "serviceAccount: {create: false}", "serviceAccount: create=false needs the name of your own ServiceAccount" },
        { "serviceAccount: {annotations: {a: 1}}", "at '/serviceAccount/annotations/a': got number, want string" },
        { "podLabels: {a: true}", "at '/podLabels/a': got boolean, want string" },
        { "resources: []", "at '/resources': got array, want object" },
        { "resources: {limit: {cpu: 1}}", "at '/resources': additional properties 'limit' not allowed" },
        { "tolerations: {}", "at '/tolerations': got object, want array" },
        { "service: {type: clusterip}", "at '/service/type'" },
        { "service: {port: 0}", "at '/service/port': minimum: got 0, want 1" },
        { "service: {port: 70000}", "at '/service/port': maximum: got 70,000, want 65,535" },
        { "serviceMonitor: {interval: often}", "at '/serviceMonitor/interval'" },
        { "networkPolicy: {apiFrom: [10.0.0.0/8]}", "at '/networkPolicy/apiFrom/0': got string, want object" },
        { "podDisruptionBudget: {maxUnavailable: 0}", "at '/podDisruptionBudget/maxUnavailable'" },
        { "podDisruptionBudget: {maxUnavailable: 0%}", "at '/podDisruptionBudget/maxUnavailable'" },
        { "podDisruptionBudget: {maxUnavailable: half}", "at '/podDisruptionBudget/maxUnavailable'" },
        { "fullnameOverride: 1up", "at '/fullnameOverride': '1up' does not match pattern" },
    };

    [Theory, MemberData(nameof(Refusals))]
    public async Task Values_that_cannot_be_meant_are_refused(string values, string words)
    {
        using var helm = new Helm();
        (int code, string output, string errors) = await helm.TryAsync("template", "x", Rendering.ChartFolder, "--values", helm.Write("values.yaml", values));
        Assert.NotEqual(0, code);
        Assert.Empty(output);
        Assert.Contains(words, errors.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    /// <summary>So that a misspelt value is always refused, and one that was added can be given.</summary>
    [Fact]
    public void The_schema_knows_each_value_and_no_other()
    {
        JsonNode schema = JsonNode.Parse(File.ReadAllText(Path.Combine(Rendering.ChartFolder, "values.schema.json")))!;
        string[] known = [.. KeysOf(schema, "").Except(["global", "overrides"]).Order(StringComparer.Ordinal)];
        Assert.Equal(ChartPage.Values.Select(v => v.Key).Order(StringComparer.Ordinal), known);
    }

    private static IEnumerable<string> KeysOf(JsonNode schema, string path)
    {
        if (schema["properties"] is not JsonObject properties)
            return [path];
        Assert.False(schema["additionalProperties"]!.GetValue<bool>(), $"{path} takes whatever is given");
        return properties.SelectMany(p => KeysOf(p.Value!, path.Length == 0 ? p.Key : $"{path}.{p.Key}"));
    }
}
