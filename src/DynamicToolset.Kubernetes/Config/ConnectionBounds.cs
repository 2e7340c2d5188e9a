using DynamicToolset.Messages;
using DynamicToolset.Yaml;

namespace DynamicToolset.Kubernetes.Config;

/// <summary>How much is read of what says where the API server is, and who asks.</summary>
public static class ConnectionBounds
{
    private const int KiB = 1024;
    private const string Unusable = "the connection fails; if the file was valid before, its last good content stays in force";

    public static Bound Kubeconfig { get; } = new("a kubeconfig file", 4096 * KiB, "bytes", "there is no connection");

    public static Bound KubeconfigNodes { get; } = YamlReader.Bounded("a kubeconfig file", 100_000);

    /// <summary>The bundle of all public authorities has 230 KiB.</summary>
    public static Bound Certificates { get; } = new("a file with certificates or a key", 1024 * KiB, "bytes", Unusable);

    public static Bound Token { get; } = new("a token file", 64 * KiB, "bytes", Unusable);

    /// <summary>A name has 63 characters.</summary>
    public static Bound Namespace { get; } = new("the file with the pod's namespace", KiB, "bytes", "there is no connection");

    /// <summary>No request waits for so long, but the next one finds what came meanwhile.</summary>
    public static Bound PluginTime { get; } = new("a run of a credential plugin", 60, "seconds", "it is stopped with everything that it started, and the connection fails");

    public static Bound PluginOutput { get; } = new("what a credential plugin prints", 1024 * KiB, "bytes", "it is stopped with everything that it started, and the connection fails");

    public static Bound PluginComplaint { get; } =
        new("what a credential plugin prints on standard error", 64 * KiB, "bytes", "it is stopped with everything that it started, and the connection fails");
}
