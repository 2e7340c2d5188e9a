using System.Collections.Concurrent;
using System.Collections.Immutable;
using DynamicToolset.Capabilities;
using DynamicToolset.Discovery;
using DynamicToolset.HealthCheck;
using DynamicToolset.Holmes.Generation;
using DynamicToolset.Identification;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Pipeline;
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
    /// <param name="detect">What is to be checked, by what is known so far of what answers.</param>
    /// <exception cref="ClusterException">The prober cannot be set up.</exception>
    public static async Task<CheckedEndpoints> RunAsync(
        Settings settings,
        RuleSet rules,
        KubeApiClient? api,
        Func<Func<EndpointKey, BackendIdentity?>, IEnumerable<Detection.Matched>> detect,
        CancellationToken stop)
    {
        IProber prober = ClusterAccess.CreateProber(settings, api, TimeProvider.System);
        CheckedEndpoints known = CheckedEndpoints.None;
        while (true)
        {
            ImmutableArray<Detection.Matched> all = [.. detect(known.Find)];
            ImmutableArray<Detection.Matched> next = [.. all.Where(d => !known.Outcomes.ContainsKey(d.Health))];
            // Two Services may share a target.
            ImmutableArray<CompletedCheck> checks = next.IsEmpty ? [] : [.. (await CheckAsync(settings, prober, next, stop)).DistinctBy(c => c.Target.Target)];
            known = known with { Outcomes = known.Outcomes.AddRange(checks.Select(c => KeyValuePair.Create(c.Target.Target, c.Outcome))) };
            ImmutableArray<IdentityTarget> well =
                [.. all.Where(d => known.Outcomes[d.Health].IsSuccess && !known.IsVisited(d.EndpointKey)).Select(d => TargetOf(settings, d, rules))];
            if (well.IsEmpty)
                break;
            known = known.With(await VisitAsync(settings, prober, well, stop));
        }

        foreach (string advice in known.Outcomes.Values.Select(o => o.Advice).OfType<string>().Distinct())
            await Console.Error.WriteLineAsync($"{char.ToUpperInvariant(advice[0])}{advice[1..]}.");
        return known;
    }

    private static IdentityTarget TargetOf(Settings settings, Detection.Matched found, RuleSet rules) =>
        new(found.EndpointKey, found.Endpoint, found.Fingerprint, "", IsWanted: true, IsInPlace: false)
        {
            Question = found.Question,
            Kind = settings is { HolmesFormat: true, HolmesCapabilities: true } ? found.FoundAs : null,
            Product = found.Product,
            Rules = rules,
        };

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

/// <summary>What checks and visits found.</summary>
/// <param name="Outcomes">One for each target; two Services may share one.</param>
/// <param name="Identities">Of those that told what they are.</param>
internal sealed record CheckedEndpoints(
    ImmutableDictionary<HealthCheckTarget, ProbeOutcome> Outcomes, ImmutableDictionary<EndpointKey, BackendIdentity> Identities)
{
    private ImmutableDictionary<EndpointKey, Inquiry> _visits = ImmutableDictionary<EndpointKey, Inquiry>.Empty;

    public static CheckedEndpoints None { get; } =
        new(ImmutableDictionary<HealthCheckTarget, ProbeOutcome>.Empty, ImmutableDictionary<EndpointKey, BackendIdentity>.Empty);

    /// <summary>What those say of themselves that told.</summary>
    public ImmutableDictionary<EndpointKey, CapabilityLine> Lines { get; init; } = ImmutableDictionary<EndpointKey, CapabilityLine>.Empty;

    /// <summary>What answered; null where it did not tell.</summary>
    public BackendIdentity? Find(EndpointKey endpoint) => Identities.GetValueOrDefault(endpoint);

    /// <summary>Once is enough: what it turns out to be does not change what it is asked.</summary>
    public bool IsVisited(EndpointKey endpoint) => _visits.ContainsKey(endpoint);

    /// <summary>What HolmesGPT will meet; null where nothing is known of it.</summary>
    public QuestionVerdict? VerdictOf(EndpointKey endpoint, HealthCheckTarget check) => QuestionVerdicts.WithHealth(
        Outcomes.GetValueOrDefault(check) is ProbeOutcome.WantsCredentials, _visits.GetValueOrDefault(endpoint)?.Found.Verdict);

    /// <summary>Where HolmesGPT will get nothing out of what answers, and what mends it.</summary>
    public ImmutableArray<Shortfall> Shortfalls(PipelineResult result) =>
        result.Shortfalls(s => s.Check is { } check ? VerdictOf(new EndpointKey(s.Key, check.Endpoint.Port), check) : null);

    public CheckedEndpoints With(IEnumerable<Inquiry> visits)
    {
        ImmutableArray<Inquiry> all = [.. visits];
        return this with
        {
            Identities = Identities.SetItems(all.Where(v => v.Found.Identity is not null).Select(v => KeyValuePair.Create(v.Target.Key, v.Found.Identity!))),
            Lines = Lines.SetItems(all.Where(v => v.Found.Says is not null).Select(v => KeyValuePair.Create(v.Target.Key, v.Found.Says!))),
            _visits = _visits.SetItems(all.Select(v => KeyValuePair.Create(v.Target.Key, v))),
        };
    }
}
