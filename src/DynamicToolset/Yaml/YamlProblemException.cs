namespace DynamicToolset.Yaml;

/// <summary>Carries what is wrong with a text out of the depth of it.</summary>
internal sealed class YamlProblemException(YamlProblem problem) : Exception
{
    public YamlProblem Problem { get; } = problem;
}
