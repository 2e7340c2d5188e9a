using System.Collections.Concurrent;
using System.Collections.Immutable;
using DynamicToolset.Discovery;
using DynamicToolset.HealthCheck;
using DynamicToolset.Identification;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Rules;
using DynamicToolset.Service.Options;
using DynamicToolset.Service.Probing;
using Microsoft.Extensions.Logging.Abstractions;

namespace DynamicToolset.Service.Cli;

/// <summary>Checks endpoints once, for the commands that look and write nothing.</summary>
internal static class EndpointChecks
{
    /// <summary>
    /// Asks each for its health, and visits those that are well. What they answer may bring others, which are asked then. What is in the way of the checks is
    /// told on standard error.
    /// </summary>
    /// <param name="rules">By which it is known what to ask of what answers.</param>
    /// <param name="api">The way to the backends, or whose addresses are never connected to; null without a cluster.</param>
    /// <param name="known">What is known before; nothing of health.</param>
    /// <param name="detect">What is to be checked, by what is known so far of what answers.</param>
    /// <exception cref="ClusterException">The prober cannot be set up.</exception>
    public static async Task<CheckedEndpoints> RunAsync(
        Settings settings,
        RuleSet rules,
        KubeApiClient? api,
        CheckedEndpoints known,
        Func<CheckedEndpoints, IEnumerable<Detection.Matched>> detect,
        CancellationToken stop)
    {
        IProber prober = ClusterAccess.CreateProber(settings, api, TimeProvider.System);
        while (true)
        {
            ImmutableArray<Detection.Matched> next = [.. detect(known).Where(d => !known.Outcomes.ContainsKey(d.Health))];
            if (!next.IsEmpty)
            {
                (IEnumerable<CompletedCheck> checks, HealthTable table) = await CheckAsync(settings, prober, next, stop);
                known = known.With(checks, table);
            }

            // In the form that answered.
            ImmutableArray<IdentityTarget> well = [.. detect(known).Where(known.IsWorthAVisit).Select(d => TargetOf(settings, d, rules))];
            if (well.IsEmpty)
                break;
            known = known.With(await VisitAsync(settings, prober, well, stop));
        }

        foreach (string advice in known.Outcomes.Values.Select(o => o.Advice).OfType<string>().Distinct())
            await Console.Error.WriteLineAsync($"{char.ToUpperInvariant(advice[0])}{advice[1..]}.");
        return known;
    }

    private static IdentityTarget TargetOf(Settings settings, Detection.Matched found, RuleSet rules) =>
        IdentityTarget.Of(found, rules, isTelling: settings is { HolmesFormat: true, HolmesCapabilities: true });

    private static async Task<(IEnumerable<CompletedCheck> Checks, HealthTable Table)> CheckAsync(
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
        loop.SetTargets([.. matched.Select(d => d.ToProbe(inPlace: null))]);
        Task running = loop.RunAsync(end.Token);
        await await Task.WhenAny(loop.FirstRound, running);
        stop.ThrowIfCancellationRequested();
        await end.CancelAsync();
        await running;
        return (checks, loop.Table);
    }

    private static async Task<IEnumerable<Inquiry>> VisitAsync(Settings settings, IProber prober, ImmutableArray<IdentityTarget> well, CancellationToken stop)
    {
        IdentityLoopOptions options = IdentityLoopOptions.Of(settings);
        var visits = new ConcurrentQueue<Inquiry>();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Concurrency, CancellationToken = stop };
        await Parallel.ForEachAsync(well, parallel, async (target, end) =>
        {
            long begun = TimeProvider.System.GetTimestamp();
            var inquiry = new Inquiry(target);
            while (inquiry.Next(options.Timeout - TimeProvider.System.GetElapsedTime(begun)) is { } request)
                inquiry = inquiry.With(await prober.AskAsync(request, end));
            visits.Enqueue(inquiry);
        });
        return visits;
    }
}
