using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using DynamicToolset.HealthCheck;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Config;
using DynamicToolset.Messages;
using DynamicToolset.Service.HolmesReload;
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

    /// <summary>With HEALTH_CHECK_MODE=auto resolved: texts about certificates depend on it.</summary>
    public static Settings WithMode(Settings settings, KubeApiClient api) => settings.HealthCheckMode != HealthCheckMode.Auto
        ? settings
        : settings with { HealthCheckMode = api.Connection.IsInCluster ? HealthCheckMode.Direct : HealthCheckMode.ApiServerProxy };

    /// <summary>What is wrong with HEALTH_CHECK_CA_FILE, for commands that check nothing; null if nothing is, or the file is not needed.</summary>
    public static string? TroubleWithAuthorities(Settings settings, TimeProvider time)
    {
        if (!settings.HealthCheckEnabled || settings.HealthCheckMode == HealthCheckMode.ApiServerProxy)
            return null;
        try
        {
            ReadAuthorities("HEALTH_CHECK_CA_FILE", settings.HealthCheckCaFile, time);
            return null;
        }
        catch (ClusterException e)
        {
            return e.Message;
        }
    }

    /// <summary>By HEALTH_CHECK_MODE.</summary>
    /// <param name="api">Whose addresses are never probed directly; null without a cluster.</param>
    /// <param name="resolve">Asked where HEALTH_CHECK_RESOLVE does not say, and before the DNS, and knows all backends; null for nobody.</param>
    /// <exception cref="ClusterException">The CA file, or one with a token, cannot be used.</exception>
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
            Authorities = ReadAuthorities("HEALTH_CHECK_CA_FILE", settings.HealthCheckCaFile, time),
            Tokens = ReadTokens(settings.HealthCheckTokenFiles, time),
            Resolve = (host, port) => resolved.GetValueOrDefault((host, port)) ?? resolve?.Invoke(host, port),
        };
        return new HttpProber(options, time);
    }

    /// <summary>By HOLMES_RELOAD_CA_FILE, HOLMES_RELOAD_CERT_FILE and HOLMES_RELOAD_KEY_FILE.</summary>
    /// <exception cref="ClusterException">One of the files cannot be used, or is of no use.</exception>
    public static ReloadTls CreateReloadTls(Settings settings, TimeProvider time)
    {
        if (WhyOfNoUse(settings) is { } problem)
            throw new ClusterException(problem, null);
        CertificateAuthorities? authorities = ReadAuthorities("HOLMES_RELOAD_CA_FILE", settings.HolmesReloadCaFile, time);
        if (settings.HolmesReloadCertFile.Length == 0)
            return new ReloadTls(authorities, Identity: null);
        (string certificate, RotatingFile? certificateFile) =
            Read("HOLMES_RELOAD_CERT_FILE", settings.HolmesReloadCertFile, "a PEM file with a client certificate", ConnectionBounds.Certificates, time);
        (string key, RotatingFile? keyFile) =
            Read("HOLMES_RELOAD_KEY_FILE", settings.HolmesReloadKeyFile, "a PEM file with its key", ConnectionBounds.Certificates, time);
        try
        {
            return new ReloadTls(authorities, new ClientIdentity(certificate, key, certificateFile, keyFile));
        }
        catch (CryptographicException e)
        {
            throw new ClusterException(
                $"HOLMES_RELOAD_CERT_FILE and HOLMES_RELOAD_KEY_FILE: \"{settings.HolmesReloadCertFile}\" and \"{settings.HolmesReloadKeyFile}\" cannot be used: "
                + $"{e.Message}; a certificate and its key in PEM form are needed, the key without a password",
                e);
        }
    }

    private static string? WhyOfNoUse(Settings settings)
    {
        (string Name, string Path) ca = ("HOLMES_RELOAD_CA_FILE", settings.HolmesReloadCaFile),
            certificate = ("HOLMES_RELOAD_CERT_FILE", settings.HolmesReloadCertFile),
            key = ("HOLMES_RELOAD_KEY_FILE", settings.HolmesReloadKeyFile);
        (string Name, string Path)[] given = [.. new[] { ca, certificate, key }.Where(f => f.Path.Length > 0)];
        if (given.Length > 0 && !settings.HolmesReloadUrl.StartsWith("https:", StringComparison.OrdinalIgnoreCase))
            return $"{given[0].Name} has no effect unless HOLMES_RELOAD_URL is an https URL: write https there, or leave the file out";
        return certificate.Path.Length > 0 == key.Path.Length > 0
            ? null
            : $"{(key.Path.Length > 0 ? key : certificate).Name} has no effect without {(key.Path.Length > 0 ? certificate : key).Name}: set both, or none";
    }

    private static CertificateAuthorities? ReadAuthorities(string variable, string path, TimeProvider time)
    {
        const string Needed = "a PEM file with CA certificates";
        if (path.Length == 0)
            return null;
        (string text, RotatingFile? following) = Read(variable, path, Needed, ConnectionBounds.Certificates, time);
        try
        {
            return new CertificateAuthorities(text, following);
        }
        catch (CryptographicException e)
        {
            throw new ClusterException($"{variable}: \"{path}\" cannot be used: {e.Message}; {Needed} is needed", e);
        }
    }

    private static TokenFiles ReadTokens(ImmutableArray<CheckToken> tokens, TimeProvider time)
    {
        const string Variable = "HEALTH_CHECK_TOKEN_FILES", Needed = "a file with a bearer token";
        var files = ImmutableDictionary.CreateBuilder<string, RotatingFile>();
        foreach (string path in tokens.Select(t => t.File).Distinct())
        {
            (string text, RotatingFile? following) = Read(Variable, path, Needed, ConnectionBounds.Token, time);
            if (following is null || !TokenFiles.IsToken(text.Trim()))
                throw new ClusterException($"{Variable}: \"{path}\" cannot be used: {Needed}, and nothing else, is needed", null);
            files.Add(path, following);
        }

        return new TokenFiles(files.ToImmutable());
    }

    /// <returns>The file to look into later is null where there will be nothing new, as with a pipe.</returns>
    private static (string Text, RotatingFile? Following) Read(string variable, string path, string needed, Bound longest, TimeProvider time)
    {
        try
        {
            string text = InputFile.ReadWithin(path, longest, time);
            return (text, InputFile.OddityOf(path) is null ? new RotatingFile(path, longest, time) : null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ClusterException($"{variable}: \"{path}\": {InputFile.WhyUnreadable(e, path)}; {needed} is needed", e);
        }
        catch (DecoderFallbackException e)
        {
            throw new ClusterException($"{variable}: \"{path}\" cannot be used: {e.Message}; {needed} is needed", e);
        }
    }
}

/// <summary>The cluster, or something else outside the program, cannot be used as the settings say.</summary>
internal sealed class ClusterException(string message, Exception? inner) : Exception(message, inner);
