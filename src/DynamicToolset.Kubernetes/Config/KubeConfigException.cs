namespace DynamicToolset.Kubernetes.Config;

/// <summary>The settings of the connection are not usable. The message names the place, what is wrong there and what to do; it holds no secret.</summary>
public sealed class KubeConfigException(string place, string problem, string remedy, Exception? inner = null)
    : Exception($"{place}: {problem}; {remedy}", inner)
{
    /// <summary>The file, with line and column where they are known, or the variable or command.</summary>
    public string Place { get; } = place;
}
