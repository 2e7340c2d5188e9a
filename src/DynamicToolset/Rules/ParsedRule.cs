using DynamicToolset.Values;
using DynamicToolset.Yaml;

namespace DynamicToolset.Rules;

/// <summary>A rule and its place in a file.</summary>
/// <param name="Position">That of its name.</param>
/// <param name="Content">The whole document, word for word and without comments, by which two versions of a rule are compared.</param>
public sealed record ParsedRule(DetectorRule Rule, string File, YamlPosition Position, ToolsetValue Content)
{
    public RuleProblem Problem(string message) => new(File, Position, message);
}
