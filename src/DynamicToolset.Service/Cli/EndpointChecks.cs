using System.Collections.Concurrent;
using System.Collections.Immutable;
using DynamicToolset.Backends;
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
    /// Asks each for its health, and those that are well what they are. What they answer may bring others, which are asked then. What is in the way of the
    /// checks is told on standard error.
    /// </summary>
    /// <param name="api">The way to the backends, or whose addresses are never connected to; null without a cluster.</param>
    /// <param name="detect">What is to be checked, by what is known so far of what answers.</param>
    /// <exception cref="ClusterException">The prober cannot be set up.</exception>
    public static async Task<CheckedEndpoints> RunAsync(
        Settings settings, KubeApiClient? api, Func<Func<EndpointKey, BackendIdentity?>, IEnumerable<Detection.Matched>> detect, CancellationToken stop)
    {
        IProber prober = ClusterAccess.CreateProber(settings, api, TimeProvider.System);
        CheckedEndpoints known = CheckedEndpoints.None;
        while (true)
        {
            ImmutableArray<Detection.Matched> next = [.. detect(known.Find).Where(d => !known.Outcomes.ContainsKey(d.Health))];
            if (next.IsEmpty)
                break;
            // Two Services may share a target.
            ImmutableArray<CompletedCheck> checks = [.. (await CheckAsync(settings, prober, next, stop)).DistinctBy(c => c.Target.Target)];
            known = known with { Outcomes = known.Outcomes.AddRange(checks.Select(c => KeyValuePair.Create(c.Target.Target, c.Outcome))) };
            // One that answered as another product has not been asked what that would say of itself.
            ImmutableArray<Detection.Matched> well =
                [.. next.Where(d => known.Outcomes[d.Health].IsSuccess && (known.Find(d.EndpointKey) is null || !known.Lines.ContainsKey(d.EndpointKey)))];
            ImmutableArray<KeyValuePair<EndpointKey, Findings>> found = await VisitAsync(settings, prober, well, stop);
            known = known with
            {
                Identities = known.Identities.SetItems(found.Where(f => f.Value.Identity is not null).Select(f => KeyValuePair.Create(f.Key, f.Value.Identity!))),
                Lines = known.Lines.SetItems(found.Where(f => f.Value.Says is not null).Select(f => KeyValuePair.Create(f.Key, f.Value.Says!))),
            };
        }

        foreach (string advice in known.Outcomes.Values.Select(o => o.Advice).OfType<string>().Distinct())
            await Console.Error.WriteLineAsync($"{char.ToUpperInvariant(advice[0])}{advice[1..]}.");
        return known;
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

    private static async Task<ImmutableArray<KeyValuePair<EndpointKey, Findings>>> VisitAsync(
        Settings settings, IProber prober, ImmutableArray<Detection.Matched> well, CancellationToken stop)
    {
        IdentityLoopOptions options = IdentityLoopOptions.Of(settings);
        var findings = new ConcurrentDictionary<EndpointKey, Findings>();
        bool areTold = settings is { HolmesFormat: true, HolmesCapabilities: true };
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Concurrency, CancellationToken = stop };
        await Parallel.ForEachAsync(well, parallel, async (found, end) =>
        {
            long begun = TimeProvider.System.GetTimestamp();
            var inquiry = new Inquiry(new IdentityTarget(found.EndpointKey, found.Endpoint, found.Fingerprint, "", IsWanted: true, IsInPlace: false)
            {
                Capabilities = areTold ? BackendKinds.Of(found.Type).Capabilities : [],
                Product = found.Product,
            });
            while (inquiry.Next(options.Timeout - TimeProvider.System.GetElapsedTime(begun)) is { } request)
                inquiry = inquiry.With(await prober.AskAsync(request, end));
            findings[found.EndpointKey] = inquiry.Found;
        });
        return [.. findings];
    }
}

/// <summary>What checks found.</summary>
/// <param name="Outcomes">One for each target; two Services may share one.</param>
/// <param name="Identities">Of those that told.</param>
internal sealed record CheckedEndpoints(
    ImmutableDictionary<HealthCheckTarget, ProbeOutcome> Outcomes, ImmutableDictionary<EndpointKey, BackendIdentity> Identities)
{
    public static CheckedEndpoints None { get; } =
        new(ImmutableDictionary<HealthCheckTarget, ProbeOutcome>.Empty, ImmutableDictionary<EndpointKey, BackendIdentity>.Empty);

    /// <summary>What those say of themselves that told.</summary>
    public ImmutableDictionary<EndpointKey, CapabilityLine> Lines { get; init; } = ImmutableDictionary<EndpointKey, CapabilityLine>.Empty;

    /// <summary>What answered; null where it did not tell.</summary>
    public BackendIdentity? Find(EndpointKey endpoint) => Identities.GetValueOrDefault(endpoint);
}
