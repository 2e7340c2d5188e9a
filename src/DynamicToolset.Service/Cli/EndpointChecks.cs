using System.Collections.Concurrent;
using System.Collections.Immutable;
using DynamicToolset.Discovery;
using DynamicToolset.HealthCheck;
using DynamicToolset.Holmes.Generation;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Pipeline;
using DynamicToolset.Service.Options;
using DynamicToolset.Service.Probing;
using Microsoft.Extensions.Logging.Abstractions;

namespace DynamicToolset.Service.Cli;

/// <summary>Checks endpoints once, for the commands that look and write nothing.</summary>
internal static class EndpointChecks
{
    /// <summary>What is in the way of the checks is told on standard error.</summary>
    /// <param name="api">The way to the backends, or whose addresses are never connected to; null without a cluster.</param>
    /// <returns>One outcome for each; two Services may share a target.</returns>
    /// <exception cref="ClusterException">The prober cannot be set up.</exception>
    public static async Task<ImmutableDictionary<HealthCheckTarget, ProbeOutcome>> RunAsync(
        Settings settings, KubeApiClient? api, IEnumerable<Detection.Matched> detections, CancellationToken stop)
    {
        ImmutableArray<Detection.Matched> matched = [.. detections];
        IProber prober = ClusterAccess.CreateProber(settings, api, TimeProvider.System);
        var outcomes = (await CheckAsync(settings, prober, matched, stop))
            .DistinctBy(c => c.Target.Target)
            .ToImmutableDictionary(c => c.Target.Target, c => c.Outcome);
        foreach (string advice in outcomes.Values.Select(o => o.Advice).OfType<string>().Distinct())
            await Console.Error.WriteLineAsync($"{char.ToUpperInvariant(advice[0])}{advice[1..]}.");
        return outcomes;
    }

    /// <summary>Credentials that backends want by these outcomes, and that HolmesGPT is not given.</summary>
    public static ImmutableArray<MissingCredentials> CredentialsMissing(
        PipelineResult result, ImmutableDictionary<HealthCheckTarget, ProbeOutcome> outcomes) =>
        result.CredentialsMissing(s => s.Check is { } check && outcomes.GetValueOrDefault(check) is ProbeOutcome.WantsCredentials);

    private static async Task<IEnumerable<CompletedCheck>> CheckAsync(
        Settings settings, IProber prober, ImmutableArray<Detection.Matched> matched, CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var checks = new ConcurrentQueue<CompletedCheck>();
        var loop = new ProbeLoop(
            ProbeLoopOptions.Of(settings),
            prober.AskAsync,
            static () => { },
            checks.Enqueue,
            TimeProvider.System,
            RunCommand.NewRandom(),
            NullLogger<ProbeLoop>.Instance);
        loop.SetTargets([.. matched.Select(d => new ProbeTarget(d.Health, d.Type, d.Service.Key, d.Service.ResourceVersion, InPlace: null))]);
        Task running = loop.RunAsync(end.Token);
        await await Task.WhenAny(loop.FirstRound, running);
        stop.ThrowIfCancellationRequested();
        await end.CancelAsync();
        await running;
        return checks;
    }
}
