using DynamicToolset.Yaml;

namespace DynamicToolset.Rules;

/// <summary>A rule and where it stands.</summary>
/// <param name="Position">That of its name.</param>
public sealed record ParsedRule(DetectorRule Rule, string File, YamlPosition Position)
{
    public RuleProblem Problem(string message) => new(File, Position, message);
}
