using DynamicToolset.HealthCheck;
using DynamicToolset.Holmes.Generation;
using DynamicToolset.Pipeline;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rounds;
using DynamicToolset.Rules;
using DynamicToolset.Service.Options;
using DynamicToolset.Toolsets;

namespace DynamicToolset.Service.Hosting;

/// <content>What the settings mean for the decisions.</content>
public sealed partial class Controller
{
    public static ToolsetPipeline ToPipeline(Settings settings, RuleSet rules) =>
        new(rules, settings.Namespaces, settings.PreferredNamespaces, settings.ClusterDomain)
        {
            Credentials = new CredentialScope(settings.CredentialsNamespaces),
            Tokens = new CheckTokens(settings.HealthCheckTokenFiles),
            Holmes = settings.HolmesFormat
                ? new HolmesProfile(settings.HolmesTarget, settings.HolmesBaseToolsets)
                {
                    TakesAnyCertificate = TakesAnyCertificate(settings),
                    TellsCapabilities = settings.HolmesCapabilities,
                }
                : null,
        };

    /// <summary>The API server, as a way to the backends, verifies none of them either. Who checks nothing says nothing of certificates.</summary>
    private static bool TakesAnyCertificate(Settings settings) => settings.HealthCheckEnabled
        && (settings.HealthCheckCaFile.Length == 0 || settings.HealthCheckMode == HealthCheckMode.ApiServerProxy);

    internal static RoundOptions ToRoundOptions(Settings settings, RuleSet rules) => new(ToPipeline(settings, rules), settings.OwnerDeployment)
    {
        AreChecksEnabled = settings.HealthCheckEnabled,
        OwnerRetry = settings.DiscoveryInterval,
    };

    /// <summary>The owner as far as the settings determine it; unknown if the cluster must be asked.</summary>
    internal static OwnerState ToOwnerState(Settings settings)
    {
        if (!settings.OwnerReferenceEnabled)
            return new OwnerState.SwitchedOff();
        bool isElsewhere = settings.PodNamespace.Length > 0 && settings.PodNamespace != settings.ConfigMapNamespace;
        return isElsewhere ? new OwnerState.InOtherNamespace(settings.PodNamespace) : new OwnerState.Unknown();
    }
}
