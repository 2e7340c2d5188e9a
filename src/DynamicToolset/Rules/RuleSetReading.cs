using System.Collections.Immutable;

namespace DynamicToolset.Rules;

/// <summary>A rule set, or all that is wrong with the rules: never both.</summary>
public sealed record RuleSetReading
{
    private RuleSetReading(RuleSet? ruleSet, ImmutableArray<RuleProblem> problems)
    {
        RuleSet = ruleSet;
        Problems = problems;
    }

    /// <summary>Null where there is a problem.</summary>
    public RuleSet? RuleSet { get; }

    public ImmutableArray<RuleProblem> Problems { get; }

    public static RuleSetReading Of(RuleSet ruleSet) => new(ruleSet, []);

    public static RuleSetReading Failed(ImmutableArray<RuleProblem> problems) => new(null, problems);
}
