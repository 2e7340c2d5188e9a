using System.Collections.Immutable;
using DynamicToolset.Discovery;
using DynamicToolset.HealthCheck;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Service.Options;
using DynamicToolset.Service.Probing;
using Microsoft.Extensions.Logging.Abstractions;

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
        ImmutableArray<Detection.Matched> matched = [.. detections];
        HttpProber prober = ClusterAccess.CreateProber(settings, api, TimeProvider.System);
        HealthTable checks = await CheckAsync(settings, prober, matched, stop);
        var outcomes = matched.DistinctBy(d => d.Health).ToImmutableDictionary(d => d.Health, d => checks.Find(d.EndpointKey)!.Last!);
        if (IsOutside(settings, api) && outcomes.Values.OfType<ProbeOutcome.Unanswered>().Any(o => o.Failure == ProbeFailure.NameNotResolved))
            await Console.Error.WriteLineAsync(FromOutside);
        return outcomes;
    }

    private static async Task<HealthTable> CheckAsync(
        Settings settings, HttpProber prober, ImmutableArray<Detection.Matched> matched, CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var loop = new ProbeLoop(
            ProbeLoopOptions.Of(settings), prober.AskAsync, static () => { }, static _ => { }, TimeProvider.System, RunCommand.NewRandom(), NullLogger<ProbeLoop>.Instance);
        loop.SetTargets([.. matched.Select(d => new ProbeTarget(d.Health, d.Type, d.Service.Key, d.Service.ResourceVersion, AssumeHealthy: false))]);
        Task running = loop.RunAsync(end.Token);
        await await Task.WhenAny(loop.FirstRound, running);
        stop.ThrowIfCancellationRequested();
        await end.CancelAsync();
        await running;
        return loop.Table;
    }

    /// <summary>Who has chosen how the checks go out knows.</summary>
    private static bool IsOutside(Settings settings, KubeApiClient? api) =>
        settings.HealthCheckMode == HealthCheckMode.Auto && api?.Connection.IsInCluster != true;
}
