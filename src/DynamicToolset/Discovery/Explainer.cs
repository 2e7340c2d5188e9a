using System.Collections.Immutable;
using DynamicToolset.Cluster;
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
    public ImmutableArray<ServiceExplanation> ExplainAll(
        IEnumerable<ServiceRecord> services, Func<ServiceRecord, bool> isConsidered, Incumbents incumbents)
    {
        ILookup<bool, ServiceRecord> byConsidered = services.ToLookup(isConsidered);
        ImmutableArray<Detection> detections = Detector.DetectAll(byConsidered[true]);
        ImmutableArray<NamedEndpoint> named = Names.Resolve(detections.OfType<Detection.Matched>(), incumbents);
        Dictionary<string, Detection.Matched> holderOf = named.ToDictionary(e => e.Name, e => e.Detection, StringComparer.Ordinal);
        Dictionary<ObjectKey, NamedEndpoint> nameOf = named.ToDictionary(e => e.Detection.Service.Key);
        IEnumerable<ServiceExplanation> considered = detections.Select(d =>
        {
            NamedEndpoint? endpoint = nameOf.GetValueOrDefault(d.Service.Key);
            return Explain(d) with { Toolset = endpoint?.Name, Lost = endpoint is null ? null : Names.ExplainLoss(endpoint, holderOf, incumbents) };
        });
        IEnumerable<ServiceExplanation> others = Detector.DetectAll(byConsidered[false]).Select(d => Explain(d) with { IsConsidered = false });
        return [.. considered.Concat(others).OrderBy(e => e.Service.Key)];
    }

    private ServiceExplanation Explain(Detection detection)
    {
        ServiceRecord service = detection.Service;
        ImmutableArray<RuleVerdict> verdicts =
        [
            .. Rules.Rules
                .Select(r => RuleVerdict.Of(r, service))
                .Where(v => v.IsMatched || v.Closeness > 0)
                .OrderByDescending(v => v.IsMatched)
                .ThenByDescending(v => v.Closeness),
        ];
        var explanation = new ServiceExplanation(detection, IsConsidered: true, null, null, null, verdicts, null);
        return explanation with
        {
            SchemeReason = explanation.Match is { } match ? ReasonOfScheme(match) : null,
            Advice = detection is Detection.Matched ? null : AnnotationAdvice.For(Detector, service, TypeToAdvise(explanation)),
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
        DetectorRule? rule = Rules.Rules.FirstOrDefault(r => r.Name == match.Rule);
        return rule is { Scheme: not SchemeChoice.Auto }
            ? $"rule {rule.Name} says so"
            : ServicePorts.SignOfHttps(match.Service, match.Port) ?? (match.Port.AppProtocol == "http" ? "its appProtocol is http" : "nothing shows https");
    }
}
