namespace DynamicToolset.Cluster;

/// <summary>By these annotations owners speak to this service, and in the sandbox to its sample backends.</summary>
public static class OwnAnnotation
{
    public const string Prefix = "kubernaut.io/";

    public const string SandboxPrefix = "sandbox.dynamic-toolset/";

    public static bool IsOne(string key) => key.StartsWith(Prefix, StringComparison.Ordinal) || key.StartsWith(SandboxPrefix, StringComparison.Ordinal);
}
