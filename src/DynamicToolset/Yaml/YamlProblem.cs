namespace DynamicToolset.Yaml;

/// <summary>What is wrong with a text, and where. The message never quotes the text, which may hold secrets.</summary>
public sealed record YamlProblem(YamlPosition Position, string Message)
{
    public override string ToString() => $"{Position}: {Message}";
}
