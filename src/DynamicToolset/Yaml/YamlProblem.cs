namespace DynamicToolset.Yaml;

/// <summary>What is wrong with a text, and where. The message never quotes the text, which may hold secrets.</summary>
/// <param name="IsReadElsewhere">True where other readers take the text, and only this one wants it written out.</param>
public sealed record YamlProblem(YamlPosition Position, string Message, bool IsReadElsewhere = false)
{
    public override string ToString() => $"{Position}: {Message}";
}
