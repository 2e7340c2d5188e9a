using System.Collections.Immutable;

namespace DynamicToolset.Yaml;

/// <summary>The documents of a text, or the first thing that is wrong with it: never both, so nothing half read is used.</summary>
public sealed record YamlReading
{
    private YamlReading(ImmutableArray<YamlNode> documents, YamlProblem? problem)
    {
        Documents = documents;
        Problem = problem;
    }

    /// <summary>Empty where there is a problem. Documents without content are left out.</summary>
    public ImmutableArray<YamlNode> Documents { get; }

    public YamlProblem? Problem { get; }

    public static YamlReading Of(ImmutableArray<YamlNode> documents) => new(documents, null);

    public static YamlReading Failed(YamlProblem problem) => new([], problem);
}
