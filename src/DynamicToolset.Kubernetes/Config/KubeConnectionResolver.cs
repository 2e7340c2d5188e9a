using System.Diagnostics.CodeAnalysis;

namespace DynamicToolset.Kubernetes.Config;

/// <summary>
/// Finds the API server as other clients do: an explicit kubeconfig, else the pod's own ServiceAccount, else <c>~/.kube/config</c>.
/// https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/
/// </summary>
public static class KubeConnectionResolver
{
    /// <param name="kubeconfig">The KUBECONFIG setting: a path, or several with colons between them; null or empty where it is not set.</param>
    /// <param name="context">A context of the kubeconfig; null means its <c>current-context</c>.</param>
    /// <exception cref="KubeConfigException">There is no connection, or its settings are not usable.</exception>
    public static KubeConnection Resolve(KubeEnvironment environment, string? kubeconfig, string? context = null)
    {
        if (!string.IsNullOrEmpty(kubeconfig))
            return KubeConfigReader.Read(KubeConfigFiles.Load(kubeconfig), context, environment);
        if (context is null && TryInCluster(environment, out KubeConnection? connection))
            return connection;
        string home = Path.Combine(environment.Home, ".kube", "config");
        if (environment.Home.Length > 0 && File.Exists(home))
            return KubeConfigReader.Read(KubeConfigFiles.Load(home), context, environment);
        throw new KubeConfigException("KUBECONFIG", "no Kubernetes API server is configured", "set it to a kubeconfig file, or run inside a cluster");
    }

    private static bool TryInCluster(KubeEnvironment environment, [NotNullWhen(true)] out KubeConnection? connection)
    {
        connection = null;
        string token = Path.Combine(environment.ServiceAccountDirectory, "token");
        if (environment.Variable("KUBERNETES_SERVICE_HOST") is not { Length: > 0 } host
            || environment.Variable("KUBERNETES_SERVICE_PORT") is not { Length: > 0 } port
            || !File.Exists(token))
        {
            return false;
        }

        connection = InCluster(environment, host, port, token);
        return true;
    }

    private static KubeConnection InCluster(KubeEnvironment environment, string host, string port, string token)
    {
        string url = $"https://{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{port}";
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? server))
            throw new KubeConfigException("KUBERNETES_SERVICE_HOST, KUBERNETES_SERVICE_PORT", "are no host and port", "do not change what the kubelet sets");
        string authority = Path.Combine(environment.ServiceAccountDirectory, "ca.crt");
        return new KubeConnection
        {
            Server = server,
            Credentials = new KubeCredentials.TokenFile(token),
            Tls = new KubeTls { CertificateAuthority = File.Exists(authority) ? new PemSource.File(authority) : null },
            Proxy = ProxyEnvironment.For(server, environment.Variable),
            DefaultNamespace = NamespaceOfPod(environment),
            IsInCluster = true,
            Origin = "in-cluster",
        };
    }

    private static string NamespaceOfPod(KubeEnvironment environment)
    {
        string path = Path.Combine(environment.ServiceAccountDirectory, "namespace");
        return File.Exists(path) && ReadName(path) is { Length: > 0 } name ? name : "default";
    }

    private static string ReadName(string path)
    {
        try
        {
            return BoundedInput.ReadText(path, ConnectionBounds.Namespace).Trim();
        }
        catch (InputTooLargeException e)
        {
            throw new KubeConfigException(path, e.Message, "do not change what the kubelet creates", e);
        }
    }
}
