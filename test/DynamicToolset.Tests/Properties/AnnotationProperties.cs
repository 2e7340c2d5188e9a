using System.Collections.Immutable;
using CsCheck;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.Manifests;
using DynamicToolset.Overrides;
using DynamicToolset.Pipeline;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rules;
using DynamicToolset.Testing;
using DynamicToolset.Tests.Samples;
using DynamicToolset.Yaml;

namespace DynamicToolset.Tests.Properties;

/// <summary>Whatever stands in a Service is a value: it is followed or refused, and changes the shape of nothing.</summary>
public sealed class AnnotationProperties(ITestOutputHelper output)
{
    private const int Cases = 2_000;

    private static readonly string[] Keys =
    [
        ToolsetAnnotations.Toolset, ToolsetAnnotations.Type, ToolsetAnnotations.Name, ToolsetAnnotations.HealthEndpoint, ToolsetAnnotations.Port, ToolsetAnnotations.Scheme,
    ];

    private static readonly string[] LabelKeys =
        ["app", "app.kubernetes.io/name", "app.kubernetes.io/component", "component", "app.kubernetes.io/managed-by", "prometheus", "common.k8s.elastic.co/type"];

    private static readonly ToolsetPipeline Pipeline = new(BuiltInRules.All, [], [], "");

    /// <summary>What each annotation may well be, so that not every case ends at the first one.</summary>
    private static readonly Gen<string> Meant = Gen.OneOf(
        "true", "enabled", "false", "custom", "prometheus", "grafana", "http", "https", "80", "9090", "/", "/health", "orders", "prometheus-a-b", new string('a', 63));

    private static readonly Gen<string> AnyText = Gen.Frequency((3, Meant), (2, Generated.Texts), (1, Gen.Select(Meant, Generated.Texts, string.Concat)));

    private static readonly Gen<ServicePort> AnyPort = Gen.Select(
        Gen.Frequency((3, Gen.OneOf("http", "https", "web", "service", "query")), (1, Generated.Texts)),
        Gen.OneOf(80, 443, 3000, 9090, 9200, 16686, 1, 65535),
        Gen.OneOf("TCP", "TCP", "TCP", "UDP", "\n"),
        Gen.Frequency((3, Gen.OneOf("http", "https", "", "9090")), (1, Generated.Texts)),
        (name, number, protocol, hint) => new ServicePort(name.Length == 0 ? null : name, number, protocol, hint.Length == 0 ? null : hint, hint.Length == 0 ? null : hint));

    private static readonly Gen<ServiceRecord> AnyService = Gen.Select(
        Gen.OneOf("a", "b", "x-y", "1"),
        Gen.OneOf("orders", "grafana", "my-prometheus", "prometheus-exporter", "127", "null", new string('s', 63)),
        Gen.Select(Gen.OneOf(Keys), AnyText).Array[0, 6],
        Gen.Select(Gen.OneOf(LabelKeys), Gen.Frequency((3, Gen.OneOf("prometheus", "grafana", "grafanna", "elasticsearch", "server")), (2, Generated.Texts))).Array[0, 3],
        AnyPort.Array[0, 3],
        Gen.Enum<ServiceKind>(),
        (ns, name, annotations, labels, ports, kind) => new ServiceRecord(
            new ObjectKey(ns, name), "", "", kind, Map(labels), Map(annotations), [.. ports], Map(labels)));

    private static readonly Gen<ImmutableArray<ServiceRecord>> Clusters =
        AnyService.Array[1, 4].Select(services => services.DistinctBy(s => s.Key).ToImmutableArray());

    [Fact]
    public void Whatever_stands_in_a_Service_is_a_value() =>
        Clusters.Holds(Cases, output, Check, Classes, "Matched", "Rejected", "NotMatched", "OptedOut", "Twin", "advised", "lost its name");

    private static void Check(ImmutableArray<ServiceRecord> services)
    {
        ImmutableArray<ServiceExplanation> explained = Pipeline.Explain(services, Incumbents.None);
        foreach (ServiceExplanation explanation in explained)
            CheckExplanation(explanation);
        ImmutableArray<Detection> detections = Pipeline.Detect(services);
        PipelineResult result = Pipeline.Generate([.. detections.OfType<Detection.Matched>()], _ => true, Incumbents.None, OverrideState.Start.Next(OverrideParser.Parse(null)), present: null, lastSeenOverrides: null);
        Assert.Equal(explained.Select(e => e.Toolset).OfType<string>().Order(StringComparer.Ordinal), result.Endpoints.Select(e => e.Name).Order(StringComparer.Ordinal));
        CheckWritten(result.Desired);
    }

    private static void CheckExplanation(ServiceExplanation explanation)
    {
        ToldText.AssertOneLineEach(explanation);
        if (explanation.Detection is Detection.Matched found)
            Assert.Equal($"{found.Endpoint.Scheme}://{found.Service.Key.Name}.{found.Service.Key.Namespace}:{found.Port.Number}", found.Endpoint.ToString());
        if (explanation.Advice is not { } advice)
            return;
        Assert.All(advice.Annotations, a => Assert.Matches("^[a-z0-9]+$", a.Value));
        Dictionary<string, string> annotations = explanation.Service.Annotations.ToDictionary();
        foreach ((string key, string value) in advice.Annotations)
            annotations[key] = value;
        Assert.IsType<Detection.Matched>(Pipeline.Detect([explanation.Service with { Annotations = annotations }]).Single());
    }

    private static void CheckWritten(DesiredConfigMap desired)
    {
        string manifest = new ConfigMapManifest(ConfigMaps.Empty.Key, desired.Labels, desired.Labels, desired.Data).ToYaml();
        var data = (YamlNode.Mapping)((YamlNode.Mapping)YamlReader.Read(manifest).Documents.Single())["data"]!;
        Assert.Equal(desired.Data.Select(d => (d.Key, d.Value)), data.Entries.Select(e => (e.Key, ((YamlNode.Scalar)e.Value).Text)));
        foreach ((string key, string text) in desired.Data)
        {
            Assert.Matches("^[a-z0-9]([-a-z0-9]*[a-z0-9])?-toolset\\.yaml$", key);
            var toolset = (YamlNode.Mapping)YamlReader.Read(text).Documents.Single();
            Assert.Equal(["toolset", "enabled", "config"], toolset.Entries.Select(e => e.Key));
            Assert.All(text.TrimEnd('\n').Split('\n'), ToldText.AssertOneLine);
        }
    }

    private static IEnumerable<string> Classes(ImmutableArray<ServiceRecord> services)
    {
        ImmutableArray<ServiceExplanation> explained = Pipeline.Explain(services, Incumbents.None);
        return explained.Select(e => e.Detection.GetType().Name)
            .Concat(explained.Any(e => e.Advice is not null) ? ["advised"] : [])
            .Concat(explained.Any(e => e.Lost is not null) ? ["lost its name"] : [])
            .Distinct();
    }

    private static Dictionary<string, string> Map((string Key, string Value)[] pairs) =>
        pairs.DistinctBy(p => p.Key).ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal);
}
