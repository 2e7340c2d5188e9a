using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.HealthCheck;
using DynamicToolset.Messages;
using DynamicToolset.Rules;

namespace DynamicToolset.Discovery;

/// <summary>The one place that decides what a Service is.</summary>
/// <param name="ClusterDomain">Empty for URLs of the form <c>service.namespace</c>, else for example <c>cluster.local</c>.</param>
public sealed record Detector(RuleSet Rules, string ClusterDomain = "")
{
    public CheckTokens Tokens { get; init; } = CheckTokens.None;

    /// <summary>Each is checked every half a minute and has a key in the ConfigMap, where about 700 toolsets of other kinds fit.</summary>
    public static Bound Backends { get; } = new(
        "the Services of a namespace", 1000, "backends", "the first in the order of names are used; the others are refused, and the first of them is reported");

    /// <summary>
    /// Looks at each Service by itself, then at those of one type together: of twins one stays. The result is in the order of namespace
    /// and name. Manifests may hold one Service twice: the last one counts, as it would when they were applied.
    /// </summary>
    /// <param name="identities">What the endpoints answered when they were asked what they are; null where they were not.</param>
    /// <param name="forms">In which form each is known to answer; null where they were not asked.</param>
    public ImmutableArray<Detection> DetectAll(
        IEnumerable<ServiceRecord> services,
        Func<EndpointKey, BackendIdentity?>? identities = null,
        Func<EndpointKey, EndpointForm?>? forms = null) => Together(
        [.. services.GroupBy(s => s.Key).OrderBy(same => same.Key).Select(same => Detect(same.Last()))],
        identities ?? (static _ => null),
        forms ?? (static _ => null));

    /// <param name="alone">What each Service is by itself, in the order of namespace and name.</param>
    /// <param name="identities">See <see cref="DetectAll"/>, as for the forms.</param>
    /// <returns>The same in the same order, as what they answer; of twins all but one as what they are, and of a crowd the first.</returns>
    internal ImmutableArray<Detection> Together(
        ImmutableArray<Detection> alone, Func<EndpointKey, BackendIdentity?> identities, Func<EndpointKey, EndpointForm?> forms) =>
        WithoutCrowds(WithTwins(
        [
            .. alone.Select(d => d is Detection.Matched match ? AsAnswered(match.In(forms(match.EndpointKey)), identities(match.EndpointKey)) : d),
        ]));

    /// <summary>
    /// What a Service is once its backend has said what that is. Only another product than the rule's contradicts, and then the rule of that product takes
    /// it, where there is one. Whose owner says what it is has spoken: that a backend speaks the API of another is no secret to whoever runs it.
    /// </summary>
    /// <param name="identity">Null where it did not say, which contradicts nothing.</param>
    public Detection AsAnswered(Detection.Matched found, BackendIdentity? identity)
    {
        if (identity is null || found.IsAskedFor || found.Rule is null || Rules.FindRule(found.Rule)?.Product == identity.Name)
            return found;
        // By a rule that has been replaced since: nothing that is asked now could take it back.
        if (found.Fingerprint?.Names.Contains(identity.Name) != true)
            return found;
        return Rules.FindRuleOf(identity.Name) is { } rule ? As(found, rule, identity.Name) : new Detection.Contradicted(found, identity);
    }

    /// <summary>Its URL stays: that is where it answered. Below it, the API of the product may have a path that is always the same.</summary>
    private Detection.Matched As(Detection.Matched found, DetectorRule rule, string product)
    {
        ToolsetType type = TypeOf(rule);
        HealthCheckSpec health = rule.Health ?? type.Health;
        EndpointUrl shown = Below(found.Ways.First.Endpoint, rule.Path);
        CheckWays ways = found.Ways with { First = new HealthCheckTarget(shown, health.Path, health.Accepts) };
        HealthCheckTarget check = ways.In(Below(found.Endpoint, rule.Path).Form) ?? ways.First;
        return found with
        {
            AskedAt = found.Endpoint,
            Ways = ways,
            Template = rule.Config ?? type.Config,
            Type = type.Name,
            Name = type.Name,
            Rule = rule.Name,
            Priority = rule.Priority,
            IsCompatible = rule.IsCompatible,
            Health = check,
            Config = ConfigTemplate.Fill(rule.Config ?? type.Config, check.Endpoint, found.Service.Key),
            AnswersAs = product,
            FoundAs = found.FoundAs,
        };
    }

    private static EndpointUrl Below(EndpointUrl endpoint, string path) => path.Length == 0 ? endpoint : endpoint.In(endpoint.Form with { Path = path });

    private static ImmutableArray<Detection> WithoutCrowds(ImmutableArray<Detection> all)
    {
        // What answers as something else is asked again from time to time, as the others are, and counts like them.
        ImmutableArray<Detection> backends = [.. all.Where(d => d is Detection.Matched or Detection.Contradicted)];
        var byNamespace = backends.CountBy(d => d.Service.Key.Namespace);
        HashSet<string> crowded = [.. byNamespace.Where(n => n.Value > Backends.Most).Select(n => n.Key)];
        if (crowded.Count == 0)
            return all;
        ILookup<string, Detection> matched = backends.ToLookup(d => d.Service.Key.Namespace);
        HashSet<ObjectKey> beyond = [.. crowded.SelectMany(ns => matched[ns].Skip((int)Backends.Most)).Select(d => d.Service.Key)];
        return [.. all.Select(d => beyond.Contains(d.Service.Key) ? BeyondBound(d.Service, Backends) : d)];
    }

    private ImmutableArray<Detection> WithTwins(ImmutableArray<Detection> alone)
    {
        Dictionary<ObjectKey, ObjectKey> twinOf = alone
            .Select(CandidateOf)
            .OfType<(string Type, TwinCandidate Candidate)>()
            .GroupBy(c => c.Type, c => c.Candidate)
            .SelectMany(Twins.Find)
            .ToDictionary();
        return
        [
            .. alone.Select(d => d is Detection.Matched match && twinOf.TryGetValue(d.Service.Key, out ObjectKey twin) ? new Detection.Twin(match, twin) : d),
        ];
    }

    /// <summary>What a Service is by itself.</summary>
    public Detection Detect(ServiceRecord service) => DetectAlone(service) switch
    {
        // By the rule that finds it: what it answers as, which it may choose, decides nothing here.
        Detection.Matched match when Tokens.FileFor(match.Rule, service.Key.Namespace) is { } file =>
            match with { Ways = match.Ways with { TokenFile = file } },
        var detection => detection,
    };

    private Detection DetectAlone(ServiceRecord service)
    {
        if (service.Beyond is { } bound)
            return BeyondBound(service, bound);
        if (!service.Annotations.TryGetValue(ToolsetAnnotations.Toolset, out string? wanted))
            return DetectByRule(service);
        return wanted switch
        {
            "true" or "enabled" => new AnnotationReader(Rules, ClusterDomain, service).Detect(),
            "false" => new Detection.OptedOut(service),
            _ => new Detection.Rejected(service, $"{ToolsetAnnotations.Toolset} is neither \"true\" nor \"false\""),
        };
    }

    private static Detection.Rejected BeyondBound(ServiceRecord service, Bound bound) => new(service, ProblemOf(bound)) { Beyond = bound };

    private static string ProblemOf(Bound bound) => bound == ServiceBounds.Share || bound == Backends
        ? $"its namespace has more than {bound}: this Service and those after it in the order of names are skipped"
        : $"it has more than {bound}, more than any backend has: it is skipped";

    /// <summary>As what a rule finds it, else as what its owner calls it. Null where it is neither, or skipped for what its owner wrote.</summary>
    private (string Type, TwinCandidate Candidate)? CandidateOf(Detection detection)
    {
        Detection.Matched? match = detection switch
        {
            Detection.Matched { IsAskedFor: false } byRule => byRule,
            Detection.Matched asked => DetectByRule(asked.Service) as Detection.Matched ?? asked,
            Detection.OptedOut => DetectByRule(detection.Service) as Detection.Matched,
            _ => null,
        };
        if (match is null)
            return null;
        TwinRule twins = Rules.TwinsOf(match.Type, match.Rule);
        int preference = twins.PreferenceOf(match.Service);
        OwnerWish wish = detection switch
        {
            Detection.Matched { IsAskedFor: true } asked => asked.Type == match.Type ? OwnerWish.Toolset : OwnerWish.OptOut,
            Detection.OptedOut => OwnerWish.OptOut,
            _ => OwnerWish.None,
        };
        return (match.Type, new TwinCandidate(
            match.Service, match.Priority, match.IsCompatible, twins.RoleKeys, preference, twins.IsBeforeAll(match.Service), wish));
    }

    /// <summary>An ExternalName Service is a name that its owner chose freely: connecting to it would let the owner choose the host.</summary>
    private Detection DetectByRule(ServiceRecord service)
    {
        if (service.Kind == ServiceKind.ExternalName)
            return new Detection.NotMatched(service);
        foreach (DetectorRule rule in Rules.Rules)
        {
            if (rule.FindIn(service) is { } port)
                return Match(service, rule, port);
        }

        return new Detection.NotMatched(service);
    }

    private Detection Match(ServiceRecord service, DetectorRule rule, ServicePort port)
    {
        ToolsetType type = TypeOf(rule);
        HealthCheckSpec health = rule.Health ?? type.Health;
        string scheme = ServicePorts.SchemeOf(service, port, rule.Scheme, health);
        EndpointUrl? endpoint = EndpointUrl.TryCreate(scheme, service.Key, port.Number, ClusterDomain, rule.Path);
        if (endpoint is null)
            return new Detection.Rejected(service, "its name, namespace or port makes no URL");
        var check = new HealthCheckTarget(endpoint, health.Path, health.Accepts);
        return new Detection.Matched(
            service,
            type.Name,
            type.Name,
            rule.Name,
            rule.Priority,
            rule.IsCompatible,
            IsAskedFor: false,
            check,
            ConfigTemplate.Fill(rule.Config ?? type.Config, endpoint, service.Key))
        {
            Ways = endpoint.IsTcp
                ? new CheckWays(check)
                : new CheckWays(check) { MayBeHttps = ServicePorts.MayBeHttps(service, port, rule.Scheme), Prefixes = rule.Paths },
            Template = rule.Config ?? type.Config,
            // What speaks no HTTP is not asked anything by it.
            Fingerprint = endpoint.IsTcp ? null : rule.Fingerprint ?? type.Fingerprint,
            Question = endpoint.IsTcp ? null : Rules.QuestionOf(rule),
            Product = rule.Product,
        };
    }

    private ToolsetType TypeOf(DetectorRule rule) =>
        Rules.FindType(rule.Type) ?? throw new InvalidOperationException($"Rule {rule.Name} is for the unknown type {rule.Type}.");
}
