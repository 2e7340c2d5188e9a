using System.Collections.Immutable;
using DynamicToolset.Discovery;
using DynamicToolset.HealthCheck;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Service.Options;
using DynamicToolset.Service.Probing;

namespace DynamicToolset.Service.Cli;

/// <summary>Checks endpoints once, for the commands that look and write nothing.</summary>
internal static class EndpointChecks
{
    private const string FromOutside =
        "The checks went out from here, outside of the cluster, where names of Services do not resolve: "
        + "HEALTH_CHECK_RESOLVE says where a backend is reached.";

    /// <param name="api">Whose addresses are never connected to; null without a cluster.</param>
    /// <returns>One outcome for each; two Services may share a target.</returns>
    /// <exception cref="ClusterException">The prober cannot be set up.</exception>
    public static async Task<ImmutableDictionary<HealthCheckTarget, ProbeOutcome>> RunAsync(
        Settings settings, KubeApiClient? api, IEnumerable<Detection.Matched> detections, CancellationToken stop)
    {
        HttpProber prober = await ClusterAccess.CreateProberAsync(settings, api, TimeProvider.System, stop);
        using var slots = new SemaphoreSlim(settings.HealthCheckConcurrency);
        KeyValuePair<HealthCheckTarget, ProbeOutcome>[] checks = await Task.WhenAll(
            detections.Select(d => d.Health).Distinct().Select(target => CheckAsync(target, prober, slots, stop)));
        if (IsOutside(settings, api) && checks.Any(c => c.Value is ProbeOutcome.NameNotResolved))
            await Console.Error.WriteLineAsync(FromOutside);
        return checks.ToImmutableDictionary();
    }

    /// <summary>Who has chosen how the checks go out knows.</summary>
    private static bool IsOutside(Settings settings, KubeApiClient? api) =>
        settings.HealthCheckMode == HealthCheckMode.Auto && api?.Connection.IsInCluster != true;

    private static async Task<KeyValuePair<HealthCheckTarget, ProbeOutcome>> CheckAsync(
        HealthCheckTarget target, HttpProber prober, SemaphoreSlim slots, CancellationToken stop)
    {
        await slots.WaitAsync(stop);
        try
        {
            return KeyValuePair.Create(target, await prober.CheckAsync(target, stop));
        }
        finally
        {
            slots.Release();
        }
    }
}
