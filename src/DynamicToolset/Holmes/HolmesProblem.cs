using DynamicToolset.Yaml;

namespace DynamicToolset.Holmes;

/// <summary>A place in a file where HolmesGPT would not do what the file says.</summary>
/// <param name="Subject">What has the mistake: names and keys, fit for a terminal, and never a value, which may be a secret.</param>
public sealed record HolmesProblem(HolmesRule Rule, YamlPosition Position, string Subject)
{
    /// <summary>What is wrong, what HolmesGPT does then, what to write instead, and the rule's id.</summary>
    public string Message => $"{Subject} {Rule.Found}. {Rule.Consequence}. {Rule.Instead}. [{Rule.Id}]";

    public override string ToString() => $"{Position}: {Message}";
}
