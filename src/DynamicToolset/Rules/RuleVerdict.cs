using DynamicToolset.Cluster;
using DynamicToolset.Messages;

namespace DynamicToolset.Rules;

/// <summary>How one rule fared with one Service. All texts are for a person and fit on one line.</summary>
/// <param name="Rule">The rule's name.</param>
/// <param name="Type">What it looks for.</param>
/// <param name="Closeness">0 where nothing of what the rule looks for is there. Among rules that do not match, the highest came closest.</param>
/// <param name="Held">What was met; null where nothing was that is worth saying.</param>
/// <param name="Failed">The first condition that failed, and what is there instead; null if the rule matches.</param>
/// <param name="Remedy">What to change about it; null where nothing can be, or nothing has to.</param>
public sealed record RuleVerdict(string Rule, string Type, int Closeness, string? Held, string? Failed, string? Remedy)
{
    public bool IsMatched => Failed is null;

    /// <summary>Something that the rule looks for is there, even if it is only a port number that others use too.</summary>
    public bool IsClose => Closeness >= Evidence.KnownPort;

    /// <summary>Its name or its labels speak of what the rule looks for.</summary>
    public bool IsNear => Closeness >= Evidence.Almost;

    public static RuleVerdict Of(DetectorRule rule, ServiceRecord service)
    {
        ConditionOutcome match = Explain(rule, service);
        return Of(rule, service, match, ClosenessOf(rule, service, match));
    }

    /// <summary>The same of a rule that matches or comes close; null of any other, of which no word need be made.</summary>
    public static RuleVerdict? OfClose(DetectorRule rule, ServiceRecord service)
    {
        ConditionOutcome match = Explain(rule, service);
        int closeness = ClosenessOf(rule, service, match);
        return closeness > Evidence.None ? Of(rule, service, match, closeness) : null;
    }

    private static ConditionOutcome Explain(DetectorRule rule, ServiceRecord service) =>
        rule.Match.Explain(service, new TextCondition(TextOperator.HasWord, [rule.Name, rule.Type]));

    private static int ClosenessOf(DetectorRule rule, ServiceRecord service, ConditionOutcome match) =>
        match.Evidence + EvidenceOfName(rule, service) + EvidenceOfPort(rule, service) + (match.IsMet ? Evidence.Identified : 0)
        + (IsLeftOutByItsSwitchAlone(rule, service, match) ? Evidence.Identified : 0);

    private static RuleVerdict Of(DetectorRule rule, ServiceRecord service, ConditionOutcome match, int closeness)
    {
        (string? failed, string? remedy) = Failure(rule, service, match);
        return new RuleVerdict(rule.Name, rule.Type, closeness, match.Held, failed, remedy);
    }

    /// <summary>
    /// The last word of a name says what a Service is, an earlier one often whose it is: <c>prometheus-grafana</c> is a Grafana. Where
    /// several rules find one type, the one that the name is about comes before those that only share the type.
    /// </summary>
    private static int EvidenceOfName(DetectorRule rule, ServiceRecord service)
    {
        string name = service.Key.Name;
        if (TextCondition.EndsWithWord(name, rule.Name))
            return Evidence.Named;
        if (TextCondition.HasWord(name, rule.Name) || Spelling.IsSlipOf(name, rule.Name))
            return Evidence.Almost;
        return TextCondition.HasWord(name, rule.Type) ? Evidence.Related : Evidence.None;
    }

    private static int EvidenceOfPort(DetectorRule rule, ServiceRecord service) =>
        rule.Ports.Where(p => p.Find(service) is not null).Select(Evidence.Of).DefaultIfEmpty(Evidence.None).Max();

    private static (string? Failed, string? Remedy) Failure(DetectorRule rule, ServiceRecord service, ConditionOutcome match)
    {
        if (service.Kind == ServiceKind.ExternalName)
            return ("it is an ExternalName Service, which is never connected to", "use a Service with a selector or EndpointSlices instead");
        if (!rule.IsEnabled)
            return FailureOfDisabled(rule, service, match);
        if (!match.IsMet)
            return (match.Failed, UnlessKept(service, match.Remedy));
        if (rule.ExclusionOf(service) is { } exclusion)
            return ($"it is left out on purpose: {exclusion.Tell(service)}", null);
        return rule.Choose(service) is null
            ? (PortCondition.MissOf(rule.Ports, service), UnlessKept(service, PortCondition.RemedyOf(rule.Ports)))
            : default;
    }

    /// <summary>If only the switch excludes a Service, the user is told that it looks like one, not just that the rule is off.</summary>
    private static (string? Failed, string? Remedy) FailureOfDisabled(DetectorRule rule, ServiceRecord service, ConditionOutcome match)
    {
        if (!IsLeftOutByItsSwitchAlone(rule, service, match))
            return ("the rule is disabled", "enable the rule in DETECTORS_DIR");
        return (
            "it looks like one, but the rule of this type is disabled by default",
            $"enable it with a file in DETECTORS_DIR: metadata: {{name: {rule.Name}}}, spec: {{enabled: true}}");
    }

    private static bool IsLeftOutByItsSwitchAlone(DetectorRule rule, ServiceRecord service, ConditionOutcome match) =>
        !rule.IsEnabled && match.IsMet && service.Kind != ServiceKind.ExternalName && rule.ExclusionOf(service) is null && rule.Choose(service) is not null;

    /// <summary>What somebody else puts back is no advice.</summary>
    private static string? UnlessKept(ServiceRecord service, string? remedy) => ServiceKeeper.Of(service) is null ? remedy : null;
}
