using DynamicToolset.Yaml;

namespace DynamicToolset.Rules;

/// <summary>What is wrong with a rule file, and where.</summary>
public sealed record RuleProblem(string File, YamlPosition Position, string Message)
{
    /// <summary>The first, which says how many others there are; null if there is none.</summary>
    public static RuleProblem? FirstOf(IEnumerable<RuleProblem> problems) => problems.ToList() switch
    {
        [] => null,
        [var only] => only,
        [var first, .. var others] => first with { Message = $"{first.Message} (and {others.Count} more)" },
    };

    /// <summary>In the form that editors and compilers know: <c>file:line:column: message</c>.</summary>
    public override string ToString() => $"{File}:{Position}: {Message}";
}
