using DynamicToolset.Kubernetes.Config;

namespace DynamicToolset.Testing;

/// <summary>An API server for tests, as those see it who run it.</summary>
public interface IApiServer : IAsyncDisposable
{
    /// <summary>How a client of this program finds it.</summary>
    KubeConnection Connection { get; }

    /// <summary>A file that leads there as an admin.</summary>
    string Kubeconfig { get; }

    /// <summary>A client that is not of this program, and may do everything. The caller disposes of it.</summary>
    HttpClient CreateAdmin();

    /// <summary>Makes the versions before the present one too old to continue a list from.</summary>
    Task ExpireListsAsync();

    /// <summary>Breaks all watches off, and makes the versions before the present one too old to watch from.</summary>
    Task ExpireWatchesAsync();
}
