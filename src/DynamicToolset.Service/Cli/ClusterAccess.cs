using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Config;
using DynamicToolset.Service.Options;
using DynamicToolset.Service.Probing;

namespace DynamicToolset.Service.Cli;

/// <summary>Connects to what the settings name.</summary>
internal static class ClusterAccess
{
    /// <param name="onRequest">See <see cref="KubeApiClientOptions.OnRequest"/>.</param>
    /// <exception cref="ClusterException">There is no usable kubeconfig.</exception>
    public static KubeApiClient Connect(Settings settings, TimeProvider time, Action<string, string, int>? onRequest = null)
    {
        try
        {
            KubeConnection connection = KubeConnectionResolver.Resolve(KubeEnvironment.OfProcess, settings.Kubeconfig);
            return new KubeApiClient(connection, time, new KubeApiClientOptions { OnRequest = onRequest });
        }
        catch (KubeConfigException e)
        {
            throw new ClusterException(e.Message, e);
        }
    }

    /// <summary>For a command that reads Services from manifests too: null where it is given some.</summary>
    /// <exception cref="ClusterException">There is no usable kubeconfig.</exception>
    public static KubeApiClient? ConnectUnlessGiven(ImmutableArray<string> manifests, Settings settings)
    {
        if (!manifests.IsEmpty)
            return null;
        try
        {
            return Connect(settings, TimeProvider.System);
        }
        catch (ClusterException e)
        {
            throw new ClusterException($"{e.Message}; or read Services from manifests with -f", e);
        }
    }

    /// <param name="api">Whose addresses are never probed; null without a cluster.</param>
    /// <param name="resolve">Asked where HEALTH_CHECK_RESOLVE does not say, and before the DNS; null for nobody.</param>
    /// <exception cref="ClusterException">A name does not resolve, or the CA file cannot be used.</exception>
    public static async Task<HttpProber> CreateProberAsync(
        Settings settings, KubeApiClient? api, TimeProvider time, CancellationToken stop, Func<string, int, IPEndPoint?>? resolve = null)
    {
        Dictionary<(string, int), IPEndPoint> resolved = settings.HealthCheckResolve
            .GroupBy(r => (r.Host, r.Port))
            .ToDictionary(r => r.Key, r => new IPEndPoint(r.Last().Address, r.Last().AddressPort));
        var options = new HttpProberOptions
        {
            AllowedNetworks = settings.HealthCheckAllowedNetworks,
            ApiServers = api is null ? [] : await ResolveAsync(api, stop),
            CertificateAuthorities = ReadCertificates(settings.HealthCheckCaFile),
            Resolve = (host, port) => resolved.GetValueOrDefault((host, port)) ?? resolve?.Invoke(host, port),
        };
        return new HttpProber(options, time);
    }

    private static async Task<ImmutableArray<IPEndPoint>> ResolveAsync(KubeApiClient api, CancellationToken stop)
    {
        try
        {
            return [.. await api.ResolveServerAsync(stop)];
        }
        catch (SocketException) when (api.Connection.Proxy is not null)
        {
            // The proxy resolves it. A probe, which uses no proxy, cannot get there by a name that does not resolve here.
            return [];
        }
        catch (SocketException e)
        {
            throw new ClusterException(
                $"The API server's name {api.Server.Host} does not resolve: {e.Message}; mend the kubeconfig or the DNS", e);
        }
    }

    private static ImmutableArray<X509Certificate2> ReadCertificates(string path)
    {
        if (path.Length == 0)
            return [];
        try
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPem(BoundedInput.ReadText(path, ConnectionBounds.Certificates));
            return certificates.Count > 0 ? [.. certificates] : throw new CryptographicException("there is no certificate in it");
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new ClusterException(
                $"HEALTH_CHECK_CA_FILE: \"{path}\" cannot be used: {e.Message}; a PEM file with CA certificates is needed", e);
        }
    }
}

/// <summary>The cluster, or something else outside the program, cannot be used as the settings say.</summary>
internal sealed class ClusterException(string message, Exception inner) : Exception(message, inner);
