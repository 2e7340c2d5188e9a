using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Toolsets;
using DynamicToolset.Values;

namespace DynamicToolset.Holmes.Generation;

/// <summary>An https backend whose certificate neither the checks nor, for that reason, HolmesGPT verifies.</summary>
public sealed record UnverifiedCertificate(string Toolset, ObjectKey Service)
{
    /// <summary>What to do, to be read after what is not verified.</summary>
    public const string Remedy =
        "set HEALTH_CHECK_CA_FILE and make HolmesGPT's pod trust that CA too, or write config: {verify_ssl: true} in " + ToolsetKey.Overrides + " if it does already"
        + " (with HEALTH_CHECK_MODE=apiserver-proxy the CA file has no effect: the API server connects, and verifies nothing)";

    public static string Advice => $"its certificate is verified neither by the checks nor by HolmesGPT, which is told verify_ssl: false: {Remedy}";

    /// <summary>For one that the checks do verify. HolmesGPT does as well, by its own authorities.</summary>
    public static string WhereVerified =>
        "verified against HEALTH_CHECK_CA_FILE; HolmesGPT verifies it too, so its pod must trust that CA (CERTIFICATE; in its chart the value certificate)";

    /// <summary>
    /// In the order of the toolsets. Where an admin says what is to be verified, or another URL, or HolmesGPT does not ask, there is nothing to tell.
    /// </summary>
    /// <param name="file">Null if no file is written; then there is no warning.</param>
    public static ImmutableArray<UnverifiedCertificate> In(ImmutableArray<Toolset> toolsets, HolmesFile? file)
    {
        if (file?.Profile.TakesAnyCertificate != true)
            return [];
        HashSet<string> notAsked = [.. file.LeftOut.Where(o => o.Path.Length == 0).Select(o => o.Toolset)];
        return
        [
            .. toolsets.Where(t => t is { IsEnabled: true, Source: ToolsetSource.Service { Check.Endpoint.Scheme: "https" } } && !notAsked.Contains(t.Name))
                .Where(t => Backend.TryRead(t, new LeftOut(t.Name)) is { Check: not null } backend && !Says(backend.Config))
                .Select(t => new UnverifiedCertificate(t.Name, ((ToolsetSource.Service)t.Source).Key)),
        ];
    }

    private static bool Says(ToolsetValue.Map config) => config["verify_ssl"] is ToolsetValue.Flag || config["prometheus_ssl_enabled"] is ToolsetValue.Flag;
}
