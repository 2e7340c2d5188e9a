using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.HealthCheck;
using DynamicToolset.Rules;

namespace DynamicToolset.Discovery;

/// <summary>Answers "why is my Grafana missing?", and "why is this one there?".</summary>
/// <param name="Names">Who gets which toolset name, were all of them healthy.</param>
public sealed record Explainer(Detector Detector, NameResolver Names)
{
    private RuleSet Rules => Detector.Rules;

    /// <summary>The result is in the order of namespace and name.</summary>
    /// <param name="services">All of them: which name one gets, and whose twin it is, depends on the others.</param>
    /// <param name="isConsidered">Those that are not are explained too, and take nothing from the others.</param>
    /// <param name="isHealthy">Tells who stands in now; the other names are those that they get while all of them answer.</param>
    public ImmutableArray<ServiceExplanation> ExplainAll(
        IEnumerable<ServiceRecord> services,
        Func<ServiceRecord, bool> isConsidered,
        Incumbents incumbents,
        Func<Detection.Matched, bool> isHealthy,
        Func<EndpointKey, BackendIdentity?>? identities = null,
        Func<EndpointKey, EndpointForm?>? forms = null)
    {
        ILookup<bool, ServiceRecord> byConsidered = services.ToLookup(isConsidered);
        ImmutableArray<Detection> detections = Detector.DetectAll(byConsidered[true], identities, forms);
        IEnumerable<ServiceExplanation> considered = Explain(detections, detections, incumbents, isHealthy);
        IEnumerable<ServiceExplanation> others = Detector.DetectAll(byConsidered[false]).Select(d => Explain(d) with { IsConsidered = false });
        return [.. considered.Concat(others).OrderBy(e => e.Service.Key)];
    }

    /// <summary>The same of one of them, for those who have looked at all: to put the others into words takes most of the time.</summary>
    /// <param name="detections">Of all that are considered; those that no rule fits may be missing.</param>
    public ServiceExplanation ExplainOne(
        ServiceRecord service,
        bool isConsidered,
        ImmutableArray<Detection> detections,
        Incumbents incumbents,
        Func<Detection.Matched, bool> isHealthy)
    {
        if (!isConsidered)
            return Explain(Detector.Detect(service)) with { IsConsidered = false };
        Detection detection = detections.FirstOrDefault(d => d.Service.Key == service.Key) ?? Detector.Detect(service);
        return Explain([detection], detections, incumbents, isHealthy).Single();
    }

    private IEnumerable<ServiceExplanation> Explain(
        IEnumerable<Detection> wanted, ImmutableArray<Detection> all, Incumbents incumbents, Func<Detection.Matched, bool> isHealthy)
    {
        ImmutableArray<Detection.Matched> matched = [.. all.OfType<Detection.Matched>()];
        GivenNames names = Names.Resolve(matched, static _ => true, incumbents);
        GivenNames now = names.StandingBy.IsEmpty ? names : Names.Resolve(matched, isHealthy, incumbents);
        Dictionary<ObjectKey, string> standsInAs = now.Endpoints
            .Where(e => names.StandingBy.ContainsKey(e.Detection.Service.Key))
            .ToDictionary(e => e.Detection.Service.Key, e => e.Name);
        Dictionary<string, Detection.Matched> holderOf = names.Endpoints.ToDictionary(e => e.Name, e => e.Detection, StringComparer.Ordinal);
        Dictionary<ObjectKey, NamedEndpoint> nameOf = names.Endpoints.ToDictionary(e => e.Detection.Service.Key);
        return wanted.Select(d =>
        {
            NamedEndpoint? endpoint = nameOf.GetValueOrDefault(d.Service.Key);
            bool isStandIn = names.StandingBy.TryGetValue(d.Service.Key, out ObjectKey real);
            // Of several real ones it waits for the one that answers.
            ObjectKey? standsInFor = isStandIn ? now.StandingBy.GetValueOrDefault(d.Service.Key, real) : null;
            return Explain(d, standsInFor) with
            {
                Toolset = endpoint?.Name ?? standsInAs.GetValueOrDefault(d.Service.Key),
                Lost = endpoint is null ? null : Names.ExplainLoss(endpoint, holderOf, incumbents),
            };
        });
    }

    private ServiceExplanation Explain(Detection detection, ObjectKey? standsInFor = null)
    {
        ServiceRecord service = detection.Service;
        ImmutableArray<RuleVerdict> verdicts =
        [
            .. Rules.Rules
                .Select(r => RuleVerdict.OfClose(r, service))
                .OfType<RuleVerdict>()
                .OrderByDescending(v => v.IsMatched)
                .ThenByDescending(v => v.Closeness),
        ];
        var explanation = new ServiceExplanation(detection, IsConsidered: true, null, null, null, verdicts, null);
        return explanation with
        {
            SchemeReason = explanation.Match is { } match ? ReasonOfScheme(match) : null,
            StandsInFor = standsInFor,
            Advice = detection is Detection.Matched && standsInFor is null ? null : AnnotationAdvice.For(Detector, service, TypeToAdvise(explanation)),
        };
    }

    /// <summary>What its owner says it is, where that is a type, else what it looks like most.</summary>
    private string TypeToAdvise(ServiceExplanation explanation)
    {
        string? asked = explanation.Service.Annotations.GetValueOrDefault(ToolsetAnnotations.Type);
        bool isType = asked is not null && (asked == BuiltInRules.Custom.Name || Rules.FindType(asked) is not null);
        return isType ? asked! : explanation.Closest?.Type ?? BuiltInRules.Custom.Name;
    }

    private string ReasonOfScheme(Detection.Matched match)
    {
        if (match.IsAskedFor && match.Service.Annotations.ContainsKey(ToolsetAnnotations.Scheme))
            return $"{ToolsetAnnotations.Scheme} says so";
        if (match.Endpoint.IsTcp)
            return "it does not speak HTTP";
        if (match.Endpoint.Scheme != match.Ways.First.Endpoint.Scheme)
            return "as probed: nothing shows https, but it answers that way";
        DetectorRule? rule = Rules.Rules.FirstOrDefault(r => r.Name == match.Rule);
        return rule is { Scheme: not SchemeChoice.Auto }
            ? $"rule {rule.Name} says so"
            : ServicePorts.SignOfHttps(match.Service, match.Port) ?? (match.Port.AppProtocol == "http" ? "its appProtocol is http" : "nothing shows https");
    }
}
