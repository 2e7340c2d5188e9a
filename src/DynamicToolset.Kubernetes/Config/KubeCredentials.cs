namespace DynamicToolset.Kubernetes.Config;

/// <summary>How requests are authenticated, beside or instead of a client certificate.</summary>
public abstract record KubeCredentials
{
    private KubeCredentials()
    {
    }

    /// <summary>The kind alone: the values must not get into a log by being printed.</summary>
    public sealed override string ToString() => GetType().Name;

    /// <summary>No header is sent.</summary>
    public sealed record None : KubeCredentials;

    public sealed record Token(string Value) : KubeCredentials;

    /// <summary>
    /// A token in a file that is replaced from time to time, as the kubelet does: https://kubernetes.io/docs/concepts/storage/projected-volumes/.
    /// </summary>
    public sealed record TokenFile(string Path) : KubeCredentials;

    public sealed record Basic(string UserName, string Password) : KubeCredentials;

    /// <summary>A program that prints a token or a client certificate.</summary>
    public sealed record Exec(ExecPlugin Plugin) : KubeCredentials;
}
