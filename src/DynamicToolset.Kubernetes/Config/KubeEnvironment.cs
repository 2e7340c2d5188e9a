namespace DynamicToolset.Kubernetes.Config;

/// <summary>The surroundings from which a connection is found.</summary>
/// <param name="Variable">An environment variable's value; null where it is not set.</param>
/// <param name="Home">The home directory; empty where there is none.</param>
/// <param name="ServiceAccountDirectory">Where the kubelet mounts token, CA bundle and namespace.</param>
public sealed record KubeEnvironment(
    Func<string, string?> Variable,
    string Home,
    string ServiceAccountDirectory = "/var/run/secrets/kubernetes.io/serviceaccount")
{
    /// <summary>Of this process.</summary>
    public static KubeEnvironment OfProcess { get; } =
        new(Environment.GetEnvironmentVariable, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));
}
