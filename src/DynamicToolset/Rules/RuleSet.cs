using System.Collections.Immutable;

namespace DynamicToolset.Rules;

/// <summary>The types that are known and the rules that find them.</summary>
/// <param name="Types">In the order in which their toolsets are written.</param>
/// <param name="Rules">The higher priority first, then by name.</param>
public sealed record RuleSet(ImmutableArray<ToolsetType> Types, ImmutableArray<DetectorRule> Rules)
{
    public ToolsetType? FindType(string name) => Types.FirstOrDefault(t => t.Name == name);
}
