using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.Manifests;
using DynamicToolset.Overrides;
using DynamicToolset.Pipeline;
using DynamicToolset.Rules;
using DynamicToolset.Testing;

namespace DynamicToolset.Tests.Fuzz;

[Collection(FuzzCollection.Name)]
public sealed class ManifestFuzzTests
{
    /// <summary>In bytes for one of the text: an entry that is no object, a letter and a comma, is a problem of 48 bytes.</summary>
    private const double MostHeld = 25;

    private static readonly string[] Pieces =
    [
        "kind: Service\n", "kind: List\n", "kind: ServiceList\n", "kind: Pod\n", "apiVersion: v1\n", "metadata: ", "name: ", "namespace: ",
        "labels: ", "annotations: ", "spec: ", "ports: ", "port: ", "targetPort: ", "protocol: ", "selector: ", "type: ",
        "clusterIP: None", "items: ", "kubernaut.io/toolset: 'true'", "kubernaut.io/toolset-type: custom", "kubernaut.io/toolset-name: ",
        "kubernaut.io/health-endpoint: ", "kubernaut.io/port: ", "app: grafana", "Service", "List", "80", "3000", "A", "a.b",
        "ExternalName",
        "\"kind\":", "\"metadata\":{}", "\"items\":[]", "\\ud83d", "\r", "\u2028",
    ];

    private static readonly string[] Texts =
    [
        """
        apiVersion: v1
        kind: Service
        metadata:
          name: prometheus
          namespace: monitoring
          uid: 3d6f
          resourceVersion: "12"
          labels: {app: prometheus, version: 2}
        spec:
          type: NodePort
          selector: {app.kubernetes.io/name: prometheus}
          ports:
          - {name: web, port: 9090, targetPort: web, protocol: TCP, appProtocol: https}
          - port: 53
            protocol: UDP
        ---
        # Source: chart/templates/empty.yaml
        ---
        kind: Deployment
        metadata: []
        """,
        """
        apiVersion: v1
        kind: List
        items:
        - apiVersion: v1
          kind: Service
          metadata:
            annotations:
              kubernaut.io/toolset: "true"
              kubernaut.io/toolset-type: custom
              kubernaut.io/toolset-name: shop
              kubernaut.io/health-endpoint: /healthz
              note: |
                {"a": 1}
            name: shop
          spec:
            clusterIP: None
            ports: [{name: http, port: 80}]
        """,
        "{\n\t\"kind\": \"ServiceList\",\n\t\"items\": [\n\t\t{\"metadata\": {\"name\": \"grafana\", \"labels\": {\"app\": \"grafana\"}}, \"spec\": {\"ports\": [{\"port\": 3000, \"name\": \"service\"}]}}\n\t]\n}\n",
        "{\"kind\":\"Service\",\"metadata\":{\"name\":\"a\",\"namespace\":\"b\"},\"spec\":{\"type\":\"ExternalName\",\"ports\":[{\"port\":1,\"targetPort\":\"x\"}]}}\n{\"kind\":\"List\",\"items\":null}\n",
    ];

    private static readonly RepeatedText[] LongOnes =
    [
        new("kind: List\nitems: [", "a,", "]"), new("kind: List\nitems: [", "{},", "]"), new("kind: List\nitems: [", "{kind: Pod},", "]"),
        new("kind: List\nitems: [", "{kind: List},", "]"), new("kind: ServiceList\nitems: [", "{},", "]"),
        new("kind: ServiceList\nitems: [", "{metadata: {name: a}},", "]"),
        new("kind: ServiceList\nitems: [", "{metadata: {name: A}},", "]"),
        new("kind: ServiceList\nitems: [", "{metadata: {name: a@, namespace: n@}},", "]"),
        new("kind: ServiceList\nitems: [", "{metadata: {name: a@, labels: {}, annotations: {}}, spec: {selector: {}}},", "]"),
        new("kind: ServiceList\nitems: [", "{metadata: {name: a@, labels: {a: b}}},", "]"),
        new("kind: ServiceList\nitems: [", "{metadata: {name: a@, labels: 0, annotations: 0}, spec: {type: a, ports: 0}},", "]"),
        new("kind: ServiceList\nitems: [", "{metadata: {name: grafana, namespace: n@, labels: {app: grafana}}, spec: {ports: [{port: 3000, name: service}]}},", "]"),
        new("kind: ServiceList\nitems: [", "{metadata: {name: a, namespace: n@}, spec: {ports: [" + string.Concat(Enumerable.Repeat("{port: 1},", 200)) + "]}},", "]"),
        new("kind: Service\nmetadata: {name: a, labels: {", "a@: ,", "}}"),
        new("kind: Service\nmetadata: {name: a, labels: {", "a@: b,", "}}"),
        new("kind: Service\nmetadata: {name: a, labels: {", "a@: [],", "}}"),
        new("kind: Service\nmetadata: {name: a, annotations: {", "kubernaut.io/a@: b,", "}}"),
        new("kind: Service\nmetadata: {name: a}\nspec: {ports: [", "{port: 1},", "]}"),
        new("kind: Service\nmetadata: {name: a}\nspec: {ports: [", "{},", "]}"),
        new("kind: Service\nmetadata: {name: a}\nspec: {ports: [", "0,", "]}"),
        new("", "kind: Service\nmetadata: {name: a@}\n---\n", ""), new("", "kind: A\n---\n", ""),
        new("", "{\"kind\":\"Service\",\"metadata\":{\"name\":\"a@\"}}", ""),
        new("{\"kind\":\"ServiceList\",\"items\":[", "{\"metadata\":{\"name\":\"a@\"}},", "{\"metadata\":{\"name\":\"z\"}}]}"),
        new("kind: Pod\na: [", "a,", "]"),
    ];

    /// <summary>Whatever a text says its Services are read or each of its problems is told with a place in it, and what is read can be generated from.</summary>
    [Fact]
    public Task Whatever_stands_in_a_manifest_is_read_or_refused_and_little_of_it_is_held() =>
        new FuzzSeries(MostHeld).TryAsync(3_000, 60..2_940, Make, MutatedText.SizeOf, Use);

    private static string Make(Random random)
    {
        var mutation = new TextMutation(random, Texts, Pieces);
        return MutatedText.Make(random, mutation, LongOnes, mutation.Next);
    }

    private static FuzzOutcome Use(string text)
    {
        ServiceManifests read = ServiceManifests.Read(text);
        MutatedText.AssertTell(text, read.Problems.Concat(read.Impossible).Select(p => (p.Position, p.Message)));
        // As `generate -f` goes on.
        ImmutableArray<ServiceRecord> services = ServiceShares.Of(read.Services.DistinctBy(s => s.Key).Select(ServiceBounds.Within));
        PipelineResult made = MutatedText.Generate(BuiltInRules.All, services, OverrideSet.None);
        Assert.All(new ToolsetPipeline(BuiltInRules.All, [], [], "").Explain(services, Incumbents.None), ToldText.AssertOneLineEach);
        return new FuzzOutcome(read.Problems.IsEmpty && !read.Services.IsEmpty, (read, made));
    }
}
