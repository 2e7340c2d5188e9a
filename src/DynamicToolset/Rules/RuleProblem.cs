using DynamicToolset.Yaml;

namespace DynamicToolset.Rules;

/// <summary>What is wrong with a rule file, and where.</summary>
public sealed record RuleProblem(string File, YamlPosition Position, string Message)
{
    /// <summary>In the form that editors and compilers know: <c>file:line:column: message</c>.</summary>
    public override string ToString() => $"{File}:{Position}: {Message}";
}
