using System.Collections.Immutable;
using DynamicToolset.Discovery;
using DynamicToolset.Overrides;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rules;
using DynamicToolset.Toolsets;

namespace DynamicToolset.Pipeline;

/// <summary>
/// The whole decision, from Services to the ConfigMap that should be there:
/// detect -> (health, asked elsewhere) -> name -> generate with overrides.
/// </summary>
/// <param name="Namespaces">Only Services there are considered; empty means everywhere.</param>
/// <param name="PreferredNamespaces">Their Services come first where several compete for one name.</param>
/// <param name="ClusterDomain">Empty for URLs of the form <c>service.namespace</c>.</param>
public sealed record ToolsetPipeline(
    RuleSet Rules, ImmutableArray<string> Namespaces, ImmutableArray<string> PreferredNamespaces, string ClusterDomain)
{
    public ImmutableArray<Detection> Detect(IEnumerable<ServiceRecord> services) =>
        new Detector(Rules, ClusterDomain).DetectAll(services.Where(IsConsidered));

    /// <summary>Why each Service is what it is taken for, or why its namespace is not looked at.</summary>
    public ImmutableArray<ServiceExplanation> Explain(IEnumerable<ServiceRecord> services, Incumbents incumbents) =>
        new Explainer(new Detector(Rules, ClusterDomain), new NameResolver(Rules, PreferredNamespaces))
            .ExplainAll(services, IsConsidered, incumbents);

    /// <param name="isHealthy">Whether an endpoint answers; those that do not are left out.</param>
    public PipelineResult Generate(
        ImmutableArray<Detection> detections, Func<Detection.Matched, bool> isHealthy, Incumbents incumbents, OverrideState overrides)
    {
        ImmutableArray<NamedEndpoint> endpoints = new NameResolver(Rules, PreferredNamespaces)
            .Resolve(detections.OfType<Detection.Matched>().Where(isHealthy), incumbents);
        ToolsetList toolsets = new ToolsetGenerator(Rules).Generate(endpoints, overrides.InForce ?? OverrideSet.None.Entries);
        var desired = DesiredConfigMap.Of(toolsets.Toolsets, overrides.Problem, keepsUnknown: overrides.InForce is null);
        return new PipelineResult(endpoints, toolsets, desired);
    }

    private bool IsConsidered(ServiceRecord service) => Namespaces.IsEmpty || Namespaces.Contains(service.Key.Namespace);
}
