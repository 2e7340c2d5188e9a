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
        ProbeOutcome.BadStatus bad => $"unhealthy, it answers {bad.Code}",
        ProbeOutcome.Unanswered { Failure.Denial: { } denial } => $"unhealthy, its address is never connected to ({denial})",
        { Advice: not null } => $"not known, {outcome.Reason}",
        _ => $"unhealthy, {outcome.Reason}",
    };

    /// <summary>What the rule in force, or the annotations, found.</summary>
    public static string FoundBy(Detection.Matched match) => (match.IsAskedFor, match.Rule) switch
    {
        (true, null) => "its annotations",
        (true, _) => $"its annotations, and rule {match.Rule}",
        _ => $"rule {match.Rule}",
    };
}
