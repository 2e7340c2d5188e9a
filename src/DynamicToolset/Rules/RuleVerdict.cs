using DynamicToolset.Discovery;

namespace DynamicToolset.Rules;

/// <summary>How one rule fared with one Service.</summary>
/// <param name="Closeness">0 where nothing of what the rule looks for is there. Among rules that do not match, the highest came closest.</param>
/// <param name="Failed">The first condition that was not met, and what stands there instead; null where the rule matches.</param>
public sealed record RuleVerdict(string Rule, bool IsMatched, int Closeness, string? Failed)
{
    /// <summary>What is the rule's product, and fails by port or exclusion, came closer than whatever is not.</summary>
    private const int Identified = 1000;

    public static RuleVerdict Of(DetectorRule rule, ServiceRecord service)
    {
        ConditionOutcome match = rule.Match.Explain(service);
        bool hasPort = rule.Choose(service) is not null;
        bool hasName = new TextCondition(TextOperator.HasWord, [rule.Type]).IsMetBy(service.Key.Name);
        int met = match.Met + (hasPort ? 1 : 0) + (hasName ? 1 : 0) + (match.IsMet ? Identified : 0);
        string? failed = Failure(rule, service, match, hasPort);
        return new RuleVerdict(rule.Name, failed is null, met, failed);
    }

    private static string? Failure(DetectorRule rule, ServiceRecord service, ConditionOutcome match, bool hasPort)
    {
        if (service.Kind == ServiceKind.ExternalName)
            return "it is an ExternalName Service, which is never connected to";
        if (!rule.IsEnabled)
            return "the rule is disabled";
        if (!match.IsMet)
            return match.Failed;
        if (rule.ExclusionOf(service) is { } exclusion)
            return $"it is left out on purpose: {exclusion.Describe()}";
        return hasPort ? null : $"there is not {string.Join(", nor ", rule.Ports.Select(p => p.Demand()))}";
    }
}
