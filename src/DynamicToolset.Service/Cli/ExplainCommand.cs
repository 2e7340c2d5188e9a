using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Overrides;
using DynamicToolset.Pipeline;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rules;
using DynamicToolset.Service.Explaining;
using DynamicToolset.Service.Hosting;
using DynamicToolset.Service.Input;
using DynamicToolset.Service.Options;

namespace DynamicToolset.Service.Cli;

/// <summary>What <c>explain</c> was asked to do.</summary>
/// <param name="Service">Null for all of them.</param>
/// <param name="Files">Manifests; none: read the cluster.</param>
/// <param name="Namespace">Of Services in them that name none.</param>
/// <param name="Overrides">In place of the ConfigMap's overrides.yaml, and below it.</param>
/// <param name="Probe">Check the endpoints.</param>
internal sealed record ExplainRequest(
    Settings Settings, ObjectKey? Service, ManifestPaths Files, string Namespace, GivenOverrides Overrides, bool Probe, bool IsJson);

/// <summary>Says why a Service was detected or not, and what to change.</summary>
internal static class ExplainCommand
{
    /// <returns>
    /// 0 with the explanation on standard output; 1 where something in the manifests could not be explained; 2 where a file cannot be read, an input
    /// cannot be used, or there is no such Service.
    /// </returns>
    public static Task<int> ExecuteAsync(ExplainRequest request, CancellationToken stop) =>
        PrintedAnswer.OfAsync("dynamic-toolset explain", () => ExplainAsync(request, stop));

    private static async Task<(string Text, int ExitCode)> ExplainAsync(ExplainRequest request, CancellationToken stop)
    {
        Settings settings = request.Settings;
        var files = AdminFiles.Open(settings);
        using KubeApiClient? api = ClusterAccess.ConnectUnlessGiven(request.Files.Paths, settings);
        var key = new ObjectKey(settings.ConfigMapNamespace, settings.ConfigMapName);
        GenerateInput input = api is null
            ? await GenerateInput.FromFilesAsync(request.Files, request.Namespace, request.Overrides.Key, stop, key)
            : await GenerateInput.FromClusterAsync(api, key, NamespacesToRead(request), request.Overrides.Key, stop);

        ToolsetPipeline pipeline = Controller.ToPipeline(settings, files.Rules.Current.InForce);
        OverrideFiles below = await request.Overrides.ReadBelowAsync(files.Overrides, stop);
        OverrideState overrides = OverrideState.Start.Next(input.ParseOverrides()) with { Files = below };
        foreach (string problem in input.ProblemsWith(overrides))
            await Console.Error.WriteLineAsync($"warning: {problem}; what it says is not shown here");
        foreach (string warning in ProblemLines.Of(input.WarningsOf(overrides)))
            await Console.Error.WriteLineAsync(warning);
        if (!request.Probe && ClusterAccess.TroubleWithAuthorities(settings, TimeProvider.System) is { } trouble)
            await Console.Error.WriteLineAsync($"warning: {trouble}; the service would not start with it");
        Incumbents incumbents = PresentToolsets.ReadHolders(input.Present);
        var known = CheckedEndpoints.In(
            PresentToolsets.Read(input.Present), pipeline.Rules, k => pipeline.Detect(input.Services, k.Find, k.FormOf));
        ImmutableArray<ServiceExplanation> all = pipeline.Explain(input.Services, incumbents, overrides, identities: known.Find, forms: known.FormOf);
        ImmutableArray<ServiceExplanation> explanations = Wanted(request, all);
        ExplainedHealth health = ExplainedHealth.Unasked;
        if (request.Probe && settings.HealthCheckEnabled)
        {
            known = await EndpointChecks.RunAsync(
                settings, pipeline.Rules, api, known, k => Asked(k).Where(e => e.IsConsidered).Select(e => e.Detection).OfType<Detection.Matched>(), stop);
            health = HealthIn(known, pipeline, input, overrides);
            bool IsHealthy(Detection.Matched found) => health.Of(found) is not { IsSuccess: false, Advice: null };
            explanations = Wanted(request, pipeline.Explain(input.Services, incumbents, overrides, IsHealthy, known.Find, known.FormOf));

            ImmutableArray<ServiceExplanation> Asked(CheckedEndpoints soFar)
            {
                ImmutableArray<ServiceExplanation> explained = pipeline.Explain(input.Services, incumbents, overrides, null, soFar.Find, soFar.FormOf);
                ImmutableArray<ServiceExplanation> wanted = Wanted(request, explained);
                return [.. wanted, .. RealOnesBeside(wanted, explained)];
            }
        }

        await new ShownView(settings, files.Rules, MadeWith.Of(pipeline, below), below).TellAsync(key, input);
        return (Print(request, explanations, health), input.Outcome);
    }

    private static string Print(ExplainRequest request, ImmutableArray<ServiceExplanation> explanations, ExplainedHealth health)
    {
        if (request.IsJson)
            return ExplainedServices.Of(explanations, health).ToJson();
        return request.Service is null ? ExplanationTable.Of(explanations, health) : ExplanationText.Of(explanations[0], health);
    }

    /// <summary>A Service that the user names is evaluated even if the service would skip it, to say so.</summary>
    private static ImmutableArray<string> NamespacesToRead(ExplainRequest request)
    {
        ImmutableArray<string> considered = request.Settings.Namespaces;
        return considered.IsEmpty || request.Service is null || considered.Contains(request.Service.Value.Namespace)
            ? considered
            : considered.Add(request.Service.Value.Namespace);
    }

    private static ImmutableArray<ServiceExplanation> Wanted(ExplainRequest request, ImmutableArray<ServiceExplanation> all)
    {
        if (request.Service is not { } wanted)
            return all;
        ImmutableArray<ServiceExplanation> found = [.. all.Where(e => e.Service.Key == wanted)];
        if (!found.IsEmpty)
            return found;
        var refused = all.Where(e => e.Service.Beyond == ServiceBounds.Share && e.Service.Key.Namespace == wanted.Namespace);
        if (refused.FirstOrDefault(e => e.Service.Key < wanted) is { } crowd)
            throw new InputException($"Service {wanted} is skipped if it exists: see dynamic-toolset explain {crowd.Service.Key}");
        ObjectKey elsewhere = all.Select(e => e.Service.Key).FirstOrDefault(k => k.Name == wanted.Name);
        string hint = elsewhere.Name is null
            ? Suggestion.For($"{wanted}", all.Select(e => $"{e.Service.Key}"))
            : $" (did you mean {elsewhere}?)";
        throw new InputException($"there is no Service {wanted}{hint}; dynamic-toolset explain --all shows those that may be backends");
    }

    /// <summary>Only the health checks show whether one stands in now.</summary>
    private static IEnumerable<ServiceExplanation> RealOnesBeside(ImmutableArray<ServiceExplanation> asked, ImmutableArray<ServiceExplanation> all)
    {
        ILookup<(string, string?), ServiceExplanation> beside = all.ToLookup(e => (e.Service.Key.Namespace, e.Match?.Type));
        return asked.Where(e => e.StandsInFor is not null).SelectMany(e => beside[(e.Service.Key.Namespace, e.Match?.Type)]).Except(asked);
    }

    private static ExplainedHealth HealthIn(CheckedEndpoints known, ToolsetPipeline pipeline, GenerateInput input, OverrideState overrides)
    {
        // The toolsets as if all of them answered; names are shown the same way.
        PipelineResult result = pipeline.Generate(
            [.. pipeline.Detect(input.Services, known.Find, known.FormOf).OfType<Detection.Matched>()],
            _ => true,
            PresentToolsets.ReadHolders(input.Present),
            overrides,
            input.PresentWithOverrides,
            input.Overrides);
        ImmutableHashSet<ObjectKey> unverified = [.. result.CertificatesUnverified.Select(c => c.Service)];
        return new ExplainedHealth(known.Outcomes, known.Shortfalls(result).ToImmutableDictionary(s => s.Service))
        {
            Identities = known.Identities,
            Lines = known.Lines,
            VerdictOf = found => known.VerdictOf(found.EndpointKey, found.Health).WithCertificate(isVerified: !unverified.Contains(found.Service.Key)),
            Tried = known.Tried,
        };
    }
}
