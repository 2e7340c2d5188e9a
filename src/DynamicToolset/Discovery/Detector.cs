using System.Collections.Immutable;
using DynamicToolset.HealthCheck;
using DynamicToolset.Rules;

namespace DynamicToolset.Discovery;

/// <summary>The one place that decides what a Service is.</summary>
/// <param name="ClusterDomain">Empty for URLs of the form <c>service.namespace</c>, else for example <c>cluster.local</c>.</param>
public sealed record Detector(RuleSet Rules, string ClusterDomain = "")
{
    /// <summary>
    /// Looks at each Service by itself; the result is in the order of namespace and name. Manifests may hold one Service twice: the last
    /// one counts, as it would when they were applied.
    /// </summary>
    public ImmutableArray<Detection> DetectAll(IEnumerable<ServiceRecord> services) =>
        [.. services.GroupBy(s => s.Key).OrderBy(same => same.Key).Select(same => Detect(same.Last()))];

    public Detection Detect(ServiceRecord service)
    {
        if (!service.Annotations.TryGetValue(ToolsetAnnotations.Toolset, out string? wanted))
            return DetectByRule(service);
        return wanted switch
        {
            "true" or "enabled" => new AnnotationReader(Rules, ClusterDomain, service).Detect(),
            "false" => new Detection.OptedOut(service),
            _ => new Detection.Rejected(service, $"{ToolsetAnnotations.Toolset} is neither \"true\" nor \"false\""),
        };
    }

    /// <summary>An ExternalName Service is a name that its owner chose freely: connecting to it would let the owner choose the host.</summary>
    private Detection DetectByRule(ServiceRecord service)
    {
        if (service.Kind == ServiceKind.ExternalName)
            return new Detection.NotMatched(service);
        foreach (DetectorRule rule in Rules.Rules)
        {
            if (ServicePorts.Match(rule, service) is { } port)
                return Match(service, rule, port);
        }

        return new Detection.NotMatched(service);
    }

    private Detection Match(ServiceRecord service, DetectorRule rule, ServicePort port)
    {
        ToolsetType type = Rules.FindType(rule.Type) ?? throw new InvalidOperationException($"Rule {rule.Name} is for the unknown type {rule.Type}.");
        EndpointUrl? endpoint = EndpointUrl.TryCreate(ServicePorts.SchemeOf(port), service.Key, port.Number, ClusterDomain);
        if (endpoint is null)
            return new Detection.Rejected(service, "its name, namespace or port makes no URL");
        var health = new HealthCheckTarget(endpoint, type.HealthPath, type.AcceptsUnauthorized);
        return new Detection.Matched(
            service, type.Name, type.Name, rule.Name, rule.Priority, health, ConfigTemplate.Fill(type.Config, endpoint, service.Key));
    }
}
