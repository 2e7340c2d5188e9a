using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.HealthCheck;
using DynamicToolset.Rules;

namespace DynamicToolset.Discovery;

/// <summary>Follows the annotations of one Service, or says which of them cannot be followed.</summary>
internal sealed class AnnotationReader(RuleSet rules, string clusterDomain, ServiceRecord service)
{
    private const string OfAnotherName = $"; for any other product write custom, and its toolset name in {ToolsetAnnotations.Name}";

    private static readonly string[] OfHttp = [ToolsetAnnotations.Scheme, ToolsetAnnotations.HealthEndpoint];

    public Detection Detect()
    {
        if (service.Kind == ServiceKind.ExternalName)
            return Rejected($"{ToolsetAnnotations.Toolset} is set on an ExternalName Service, which is never connected to");
        if (Read(ToolsetAnnotations.Type) is not { } typeName)
            return Rejected($"{ToolsetAnnotations.Type} is missing: set it to one of {KnownTypes()}{OfAnotherName}");
        ToolsetType? type = typeName == BuiltInRules.Custom.Name ? BuiltInRules.Custom : rules.FindType(typeName);
        if (type is null)
            return Rejected($"{ToolsetAnnotations.Type} is none of {KnownTypes()}{OfAnotherName}");
        return ProblemWithName(type) is { } problem ? Rejected(problem) : DetectPort(type);
    }

    private Detection DetectPort(ToolsetType type)
    {
        if (Read(ToolsetAnnotations.Port) is { } wanted)
        {
            return ServicePorts.Find(service, wanted) is { } port
                ? DetectEndpoint(type, port)
                : Rejected($"{ToolsetAnnotations.Port} is neither the name nor the number of a TCP port of this Service");
        }

        if (PreferredPort(type) is { } preferred)
            return DetectEndpoint(type, preferred);
        ImmutableArray<ServicePort> fitting = ServicePorts.Fitting(service);
        return fitting switch
        {
            [] => Rejected("this Service has no TCP port"),
            [var only] => DetectEndpoint(type, only),
            _ => Rejected($"several ports fit: choose one with {ToolsetAnnotations.Port}"),
        };
    }

    private Detection DetectEndpoint(ToolsetType type, ServicePort port)
    {
        DetectorRule? rule = rules.Rules.FirstOrDefault(r => r.Type == type.Name && r.FindIn(service) is not null);
        HealthCheckSpec spec = rule?.Health ?? type.Health;
        if (spec.IsConnection && OfHttp.FirstOrDefault(a => Read(a) is not null) is { } unused)
            return Rejected($"{unused} has no effect: a backend of type {type.Name} does not speak HTTP, and is checked by a connection");
        if (Read(ToolsetAnnotations.Scheme) is not (null or "http" or "https"))
            return Rejected($"{ToolsetAnnotations.Scheme} is neither http nor https");
        string scheme = Read(ToolsetAnnotations.Scheme) ?? ServicePorts.SchemeOf(service, port, rule?.Scheme ?? SchemeChoice.Auto, spec);
        string path = Read(ToolsetAnnotations.HealthEndpoint) ?? spec.Path;
        if (!spec.IsConnection && !UrlPath.IsPlain(path))
            return Rejected($"{ToolsetAnnotations.HealthEndpoint} is not a plain path such as /health");
        if (EndpointUrl.TryCreate(scheme, service.Key, port.Number, clusterDomain, rule?.Path ?? "") is not { } endpoint)
            return Rejected("its name, namespace or port makes no URL");
        var health = new HealthCheckTarget(endpoint, path, spec.Accepts);
        return new Detection.Matched(
            service,
            type.Name,
            NameFor(type),
            rule?.Name,
            rule?.Priority ?? 0,
            rule?.IsCompatible ?? false,
            IsAskedFor: true,
            health,
            ConfigTemplate.Fill(rule?.Config ?? type.Config, endpoint, service.Key))
        {
            Ways = WaysOf(health, port, rule ?? rules.FindRule(type.Name)),
            Template = rule?.Config ?? type.Config,
            Fingerprint = endpoint.IsTcp ? null : rule?.Fingerprint ?? type.Fingerprint,
            Question = endpoint.IsTcp ? null : rule?.Question ?? type.Question,
        };
    }

    /// <summary>What its owner says stands above all that answers.</summary>
    private CheckWays WaysOf(HealthCheckTarget health, ServicePort port, DetectorRule? rule) => health.Endpoint.IsTcp
        ? new CheckWays(health)
        : new CheckWays(health)
        {
            MayBeHttps = Read(ToolsetAnnotations.Scheme) is null && ServicePorts.MayBeHttps(service, port, rule?.Scheme ?? SchemeChoice.Auto),
            Prefixes = Read(ToolsetAnnotations.HealthEndpoint) is null ? rule?.Paths ?? [] : [],
        };

    /// <summary>A type that is known by name competes for its own key; a custom one is called after its Service.</summary>
    private string NameFor(ToolsetType type) =>
        Read(ToolsetAnnotations.Name) ?? (IsCustom(type) ? service.Key.Name : type.Name);

    private string? ProblemWithName(ToolsetType type)
    {
        if (Read(ToolsetAnnotations.Name) is not { } name)
            return null;
        if (!DnsName.IsLabel(name))
            return $"{ToolsetAnnotations.Name} is not of the form [a-z0-9]([-a-z0-9]*[a-z0-9])? with at most 63 characters";
        bool isOwnType = name == type.Name && !IsCustom(type);
        return ToolsetName.IsReserved(name, rules) && !isOwnType
            ? $"{ToolsetAnnotations.Name} is a built-in name: choose another one"
            : null;
    }

    private ServicePort? PreferredPort(ToolsetType type) => rules.Rules
        .Where(r => r.Type == type.Name)
        .Select(r => r.Choose(service))
        .FirstOrDefault(p => p is not null);

    private string KnownTypes() => string.Join(", ", rules.Types.Select(t => t.Name).Append(BuiltInRules.Custom.Name));

    private static bool IsCustom(ToolsetType type) => type.Name == BuiltInRules.Custom.Name;

    private string? Read(string annotation) => service.Annotations.GetValueOrDefault(annotation);

    private Detection.Rejected Rejected(string problem) => new(service, problem);
}
