using DynamicToolset.Yaml;

namespace DynamicToolset.Holmes;

/// <summary>A place in a file where HolmesGPT would not do what the file says.</summary>
/// <param name="Subject">What has the mistake: names and keys, fit for a terminal, and never a value, which may be a secret.</param>
public sealed record HolmesProblem(HolmesRule Rule, YamlPosition Position, string Subject)
{
    /// <summary>What to write at this place, where the rule alone does not say it.</summary>
    public string? Instead { get; init; }

    /// <summary>True where HolmesGPT takes it, though it is surely not meant.</summary>
    public bool IsWarning => Rule.Effect is HolmesEffect.Unnoticed or HolmesEffect.Unsafe;

    public string Message => Rule.MessageAbout(Subject, Instead);

    public override string ToString() => $"{Position}: {Message}";
}
