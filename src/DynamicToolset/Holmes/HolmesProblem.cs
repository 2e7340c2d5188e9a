using DynamicToolset.Yaml;

namespace DynamicToolset.Holmes;

/// <summary>A place in a file where HolmesGPT would not do what the file says.</summary>
/// <param name="Subject">What has the mistake: names and keys, fit for a terminal, and never a value, which may be a secret.</param>
public sealed record HolmesProblem(HolmesRule Rule, YamlPosition Position, string Subject)
{
    public string Message => Rule.MessageAbout(Subject);

    public override string ToString() => $"{Position}: {Message}";
}
