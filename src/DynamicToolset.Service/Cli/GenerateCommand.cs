using System.Collections.Immutable;
using DynamicToolset.Discovery;
using DynamicToolset.HealthCheck;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Manifests;
using DynamicToolset.Overrides;
using DynamicToolset.Pipeline;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rules;
using DynamicToolset.Service.Detectors;
using DynamicToolset.Service.Hosting;
using DynamicToolset.Service.Options;
using DynamicToolset.Toolsets;

namespace DynamicToolset.Service.Cli;

/// <summary>Prints the ConfigMap that the service would write, and writes nothing to the cluster.</summary>
internal static class GenerateCommand
{
    /// <returns>0 with the ConfigMap on standard output; 2 where an input cannot be used, and then with nothing on it.</returns>
    public static Task<int> ExecuteAsync(GenerateRequest request, CancellationToken stop) =>
        PrintedAnswer.OfAsync("generate", () => GenerateAsync(request, stop));

    private static async Task<string> GenerateAsync(GenerateRequest request, CancellationToken stop)
    {
        Settings settings = request.Settings;
        RuleSet rules = RuleSource.Open(settings).Current.InForce;
        var key = new ObjectKey(settings.ConfigMapNamespace, settings.ConfigMapName);
        using KubeApiClient? api = request.Files.IsEmpty ? ClusterAccess.Connect(settings, TimeProvider.System) : null;
        GenerateInput input = api is null
            ? await GenerateInput.FromFilesAsync(request.Files, request.OverridesFile, stop)
            : await GenerateInput.FromClusterAsync(api, key, settings.Namespaces, request.OverridesFile, stop);
        OverrideSet overrides = input.ParseOverrides();
        if (overrides.Problem is { } problem)
            throw new InputException(input.Describe(problem));

        ToolsetPipeline pipeline = Controller.ToPipeline(settings, rules);
        ImmutableArray<Detection> detections = pipeline.Detect(input.Services);
        foreach (Detection.Rejected rejected in detections.OfType<Detection.Rejected>())
            await Console.Error.WriteLineAsync($"{rejected.Service.Key}: skipped: {rejected.Problem}");
        ImmutableHashSet<HealthCheckTarget> healthy = request.Probe && settings.HealthCheckEnabled
            ? await ProbeAsync(settings, api, detections, stop)
            : [.. detections.OfType<Detection.Matched>().Select(d => d.Health)];
        PipelineResult result = pipeline.Generate(
            detections, d => healthy.Contains(d.Health), PresentToolsets.Read(input.Present), OverrideState.Start.Next(overrides));
        return Print(request.Output, key, result.Desired, input.Overrides);
    }

    private static async Task<ImmutableHashSet<HealthCheckTarget>> ProbeAsync(
        Settings settings, KubeApiClient? api, ImmutableArray<Detection> detections, CancellationToken stop)
    {
        ImmutableArray<Detection.Matched> matched = [.. detections.OfType<Detection.Matched>()];
        ImmutableDictionary<HealthCheckTarget, ProbeOutcome> outcomes = await EndpointChecks.RunAsync(settings, api, matched, stop);
        foreach (Detection.Matched detection in matched.Where(d => !outcomes[d.Health].IsSuccess))
            await Console.Error.WriteLineAsync($"{detection.Service.Key}: skipped: health check of {detection.Endpoint} failed: {outcomes[detection.Health].Reason}");
        return [.. outcomes.Where(o => o.Value.IsSuccess).Select(o => o.Key)];
    }

    private static string Print(OutputFormat format, ObjectKey key, DesiredConfigMap desired, string? overrides)
    {
        var plan = ConfigMapPlanner.Plan(desired, new Observed<ConfigMapRecord>(true, null), overrides);
        if (plan is not ConfigMapPlan.Create { Content: var content })
            throw new InputException(((ConfigMapPlan.Refuse)plan).Detail);
        ImmutableArray<KeyValuePair<string, string>> data = overrides is null
            ? desired.Data
            : desired.Data.Add(KeyValuePair.Create(ToolsetKey.Overrides, overrides));
        var manifest = new ConfigMapManifest(key, content.Labels, content.Annotations, data);
        return format == OutputFormat.Json ? manifest.ToJson() : manifest.ToYaml();
    }
}
