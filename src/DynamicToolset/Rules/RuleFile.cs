namespace DynamicToolset.Rules;

/// <summary>The text of one file with rules.</summary>
/// <param name="Name">For problems; a path or a name.</param>
public sealed record RuleFile(string Name, string Text);
