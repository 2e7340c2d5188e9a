using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Config;
using DynamicToolset.Service.Input;
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
            KubeConnection connection = KubeConnectionResolver.Resolve(
                KubeEnvironment.OfProcess, settings.Kubeconfig, settings.KubeContext.Length > 0 ? settings.KubeContext : null);
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

    /// <summary>By HEALTH_CHECK_MODE.</summary>
    /// <param name="api">Whose addresses are never probed directly; null without a cluster.</param>
    /// <param name="resolve">Asked where HEALTH_CHECK_RESOLVE does not say, and before the DNS, and knows all backends; null for nobody.</param>
    /// <exception cref="ClusterException">The CA file cannot be used.</exception>
    public static IProber CreateProber(Settings settings, KubeApiClient? api, TimeProvider time, Func<string, int, IPEndPoint?>? resolve = null)
    {
        bool isOutside = api?.Connection.IsInCluster != true;
        if (api is not null && (settings.HealthCheckMode == HealthCheckMode.ApiServerProxy || (settings.HealthCheckMode == HealthCheckMode.Auto && isOutside)))
            return new ApiServerProber(api, time);
        Dictionary<(string, int), IPEndPoint> resolved = settings.HealthCheckResolve
            .GroupBy(r => (r.Host, r.Port))
            .ToDictionary(r => r.Key, r => new IPEndPoint(r.Last().Address, r.Last().AddressPort));
        var options = new HttpProberOptions
        {
            IsOutside = isOutside && resolve is null,
            AllowedNetworks = settings.HealthCheckAllowedNetworks,
            ApiServer = api is null ? ApiServerAddresses.None : new ApiServerAddresses(api.ResolveServerAsync, api.Connection.Proxy is not null, time),
            Authorities = settings.HealthCheckCaFile.Length == 0 ? null : ReadAuthorities(settings.HealthCheckCaFile, time),
            Resolve = (host, port) => resolved.GetValueOrDefault((host, port)) ?? resolve?.Invoke(host, port),
        };
        return new HttpProber(options, time);
    }

    private static CertificateAuthorities ReadAuthorities(string path, TimeProvider time)
    {
        try
        {
            string text = InputFile.ReadWithin(path, ConnectionBounds.Certificates, time);
            return new CertificateAuthorities(text, InputFile.OddityOf(path) is null ? new RotatingFile(path, ConnectionBounds.Certificates, time) : null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ClusterException(
                $"HEALTH_CHECK_CA_FILE: \"{path}\": {InputFile.WhyUnreadable(e, path)}; a PEM file with CA certificates is needed", e);
        }
        catch (Exception e) when (e is CryptographicException or DecoderFallbackException)
        {
            throw new ClusterException(
                $"HEALTH_CHECK_CA_FILE: \"{path}\" cannot be used: {e.Message}; a PEM file with CA certificates is needed", e);
        }
    }
}

/// <summary>The cluster, or something else outside the program, cannot be used as the settings say.</summary>
internal sealed class ClusterException(string message, Exception inner) : Exception(message, inner);
