using DynamicToolset.Discovery;
using DynamicToolset.HealthCheck;

namespace DynamicToolset.Service.Cli;

/// <summary>The words that the explanations of one Service and of all have in common.</summary>
internal static class ExplanationWords
{
    public const string NotConsidered = "its namespace is not one of NAMESPACES";

    public static string Of(ProbeOutcome outcome) => outcome switch
    {
        ProbeOutcome.Success success => $"healthy, it answers {success.Code}",
        ProbeOutcome.WantsCredentials wants => $"healthy, it answers {wants.Code} and wants credentials",
        ProbeOutcome.BadStatus bad => $"unhealthy, it answers {bad.Code}",
        ProbeOutcome.Unanswered { Failure.Denial: { } denial } => $"unhealthy, its address is never connected to ({denial})",
        { Advice: not null } => $"not known, {outcome.Reason}",
        _ => $"unhealthy, {outcome.Reason}",
    };

    /// <summary>Which answers are healthy.</summary>
    public static string Of(AcceptedStatuses accepted)
    {
        ILookup<bool, int> codes = accepted.Codes.ToLookup(AcceptedStatuses.MeanCredentials);
        string healthy = string.Join(" or ", codes[false]), wanting = string.Join(" or ", codes[true]);
        return (healthy, wanting) switch
        {
            (_, "") => healthy,
            ("", _) => $"{wanting}, for want of credentials",
            _ => $"{healthy}, or {wanting} for want of credentials",
        };
    }

    /// <summary>What the rule in force, or the annotations, found.</summary>
    public static string FoundBy(Detection.Matched match) => (match.IsAskedFor, match.Rule) switch
    {
        (true, null) => "its annotations",
        (true, _) => $"its annotations, and rule {match.Rule}",
        _ => $"rule {match.Rule}",
    };
}
