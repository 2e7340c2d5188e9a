using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.HealthCheck;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Overrides;
using DynamicToolset.Pipeline;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rules;
using DynamicToolset.Service.Detectors;
using DynamicToolset.Service.Hosting;
using DynamicToolset.Service.Input;
using DynamicToolset.Service.Options;

namespace DynamicToolset.Service.Cli;

/// <summary>What <c>explain</c> was asked to do.</summary>
/// <param name="Service">Null for all of them.</param>
/// <param name="Files">Manifest files and directories, <c>-</c> for standard input; empty: read the cluster.</param>
/// <param name="Probe">Check the endpoints.</param>
internal sealed record ExplainRequest(Settings Settings, ObjectKey? Service, ImmutableArray<string> Files, bool Probe, bool IsJson);

/// <summary>Says why a Service was detected or not, and what to change.</summary>
internal static class ExplainCommand
{
    /// <returns>0 with the explanation on standard output; 2 where an input cannot be used, or there is no such Service.</returns>
    public static Task<int> ExecuteAsync(ExplainRequest request, CancellationToken stop) =>
        PrintedAnswer.OfAsync("dynamic-toolset explain", async () => (await ExplainAsync(request, stop), ExitCode.Success));

    private static async Task<string> ExplainAsync(ExplainRequest request, CancellationToken stop)
    {
        Settings settings = request.Settings;
        RuleSet rules = RuleSource.Open(settings).Current.InForce;
        using KubeApiClient? api = ClusterAccess.ConnectUnlessGiven(request.Files, settings);
        var key = new ObjectKey(settings.ConfigMapNamespace, settings.ConfigMapName);
        GenerateInput input = api is null
            ? await GenerateInput.FromFilesAsync(request.Files, "", stop)
            : await GenerateInput.FromClusterAsync(api, key, NamespacesToRead(request), "", stop);

        ToolsetPipeline pipeline = Controller.ToPipeline(settings, rules);
        var explanations = Wanted(request, pipeline.Explain(input.Services, PresentToolsets.ReadHolders(input.Present)));
        ExplainedHealth health = request.Probe && settings.HealthCheckEnabled
            ? await CheckAsync(settings, pipeline, input, api, explanations, stop)
            : ExplainedHealth.Unasked;
        if (request.IsJson)
            return ExplanationJson.Of(explanations, health);
        return request.Service is null ? ExplanationTable.Of(explanations, health) : ExplanationText.Of(explanations[0], health);
    }

    /// <summary>One that is asked for is looked at where the service would not look, to say so.</summary>
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
            throw new InputException($"Service {wanted} is not looked at, should it be there: see dynamic-toolset explain {crowd.Service.Key}");
        ObjectKey elsewhere = all.Select(e => e.Service.Key).FirstOrDefault(k => k.Name == wanted.Name);
        string hint = elsewhere.Name is null
            ? Suggestion.For($"{wanted}", all.Select(e => $"{e.Service.Key}"))
            : $" (did you mean {elsewhere}?)";
        throw new InputException($"there is no Service {wanted}{hint}; dynamic-toolset explain --all shows those that may be backends");
    }

    private static async Task<ExplainedHealth> CheckAsync(
        Settings settings,
        ToolsetPipeline pipeline,
        GenerateInput input,
        KubeApiClient? api,
        ImmutableArray<ServiceExplanation> explanations,
        CancellationToken stop)
    {
        ImmutableArray<Detection.Matched> asked = [.. explanations.Where(e => e.IsConsidered).Select(e => e.Detection).OfType<Detection.Matched>()];
        ImmutableDictionary<HealthCheckTarget, ProbeOutcome> outcomes = await EndpointChecks.RunAsync(settings, api, asked, stop);
        // As the toolsets would be if all of them answered, which is how names are told too.
        PipelineResult result = pipeline.Generate(
            [.. pipeline.Detect(input.Services).OfType<Detection.Matched>()],
            _ => true,
            PresentToolsets.ReadHolders(input.Present),
            OverrideState.Start.Next(input.ParseOverrides()),
            input.PresentWithOverrides,
            input.Overrides);
        return new ExplainedHealth(outcomes, EndpointChecks.CredentialsMissing(result, outcomes).ToImmutableDictionary(m => m.Service));
    }
}
