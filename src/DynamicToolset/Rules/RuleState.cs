using System.Collections.Immutable;

namespace DynamicToolset.Rules;

/// <summary>The rules in force. While the present files cannot be understood, the last good ones stay.</summary>
/// <param name="Problems">What is wrong with the present files; empty where nothing is.</param>
public sealed record RuleState(RuleSet InForce, ImmutableArray<RuleProblem> Problems)
{
    /// <summary>A set that says the same keeps the old one in force, so that nothing is detected anew for a comment.</summary>
    public RuleState Next(RuleSetReading present)
    {
        if (present.RuleSet is not { } rules)
            return this with { Problems = present.Problems };
        return new RuleState(rules.ChangesSince(InForce).IsEmpty ? InForce : rules, []);
    }
}
