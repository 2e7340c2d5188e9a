using System.Collections.Immutable;

namespace DynamicToolset.Rules;

/// <summary>The rules of some files, or all that is wrong with them: never both, so nothing half read is used.</summary>
public sealed record RuleReading
{
    private RuleReading(ImmutableArray<ParsedRule> rules, ImmutableArray<RuleProblem> problems)
    {
        Rules = rules;
        Problems = problems;
    }

    /// <summary>Empty where there is a problem.</summary>
    public ImmutableArray<ParsedRule> Rules { get; }

    public ImmutableArray<RuleProblem> Problems { get; }

    public static RuleReading Of(ImmutableArray<ParsedRule> rules, IReadOnlyCollection<RuleProblem> problems) =>
        problems.Count == 0 ? new RuleReading(rules, []) : new RuleReading([], [.. problems]);
}
