using System.Collections.Immutable;
using DynamicToolset.Rules;

namespace DynamicToolset.Discovery;

/// <summary>Answers "why is my Grafana missing?", and "why is this one there?".</summary>
/// <param name="Names">Who gets which toolset name, were all of them healthy.</param>
public sealed record Explainer(RuleSet Rules, NameResolver Names)
{
    /// <param name="detections">Of all Services: which name one gets depends on the others.</param>
    public ImmutableArray<ServiceExplanation> ExplainAll(ImmutableArray<Detection> detections, Incumbents incumbents)
    {
        Dictionary<ObjectKey, string> nameOf = Names
            .Resolve(detections.OfType<Detection.Matched>(), incumbents)
            .ToDictionary(e => e.Detection.Service.Key, e => e.Name);
        return [.. detections.Select(d => new ServiceExplanation(d, nameOf.GetValueOrDefault(d.Service.Key), Verdicts(d.Service)))];
    }

    private ImmutableArray<RuleVerdict> Verdicts(ServiceRecord service) =>
        [.. Rules.Rules.Select(r => RuleVerdict.Of(r, service)).OrderByDescending(v => v.IsMatched).ThenByDescending(v => v.Closeness)];
}
