using DynamicToolset.Kubernetes.Config;

namespace DynamicToolset.Kubernetes.Tests.Contract;

/// <summary>An API server under test, as those see it who run it.</summary>
public interface IContractServer : IAsyncDisposable
{
    /// <summary>How the client under test finds it.</summary>
    KubeConnection Connection { get; }

    /// <summary>A client that is not the one under test, and may do everything. The caller disposes of it.</summary>
    HttpClient CreateAdmin();

    /// <summary>Makes the versions before the present one too old to continue a list from.</summary>
    Task ExpireListsAsync();

    /// <summary>Breaks all watches off, and makes the versions before the present one too old to watch from.</summary>
    Task ExpireWatchesAsync();
}
