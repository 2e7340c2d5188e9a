using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.HealthCheck;
using DynamicToolset.Holmes.Generation;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Overrides;
using DynamicToolset.Pipeline;
using DynamicToolset.Reconciliation;
using DynamicToolset.Service.Detectors;
using DynamicToolset.Service.Hosting;
using DynamicToolset.Service.Input;
using DynamicToolset.Service.Options;
using DynamicToolset.Toolsets;

namespace DynamicToolset.Service.Cli;

/// <summary>What the service would make of its input. What is left out on the way is told on standard error.</summary>
internal sealed class Forecast
{
    private readonly Settings _settings;
    private readonly ToolsetPipeline _pipeline;

    private Forecast(Settings settings, ToolsetPipeline pipeline)
    {
        _settings = settings;
        _pipeline = pipeline;
    }

    /// <exception cref="InputException">The detector rules cannot be used.</exception>
    public static Forecast Open(Settings settings) =>
        new(settings, Controller.ToPipeline(settings, RuleSource.Open(settings).Current.InForce));

    /// <param name="api">Null without a cluster.</param>
    /// <param name="probe">Check the endpoints; else each counts as healthy.</param>
    /// <exception cref="InputException">The overrides cannot be used, and which were the last good ones nobody knows here.</exception>
    /// <exception cref="ClusterException">The endpoints cannot be checked.</exception>
    public async Task<PipelineResult> MakeAsync(GenerateInput input, KubeApiClient? api, bool probe, CancellationToken stop)
    {
        OverrideSet overrides = input.ParseOverrides();
        if (overrides.Problem is { } problem)
            throw new InputException(input.Describe(problem));

        ImmutableArray<Detection> detections = _pipeline.Detect(input.Services);
        foreach (Detection.Rejected rejected in detections.OfType<Detection.Rejected>())
            await Console.Error.WriteLineAsync($"{rejected.Service.Key}: skipped: {rejected.Problem}");
        ImmutableHashSet<HealthCheckTarget> healthy = probe && _settings.HealthCheckEnabled
            ? await ProbeAsync(api, detections, stop)
            : [.. detections.OfType<Detection.Matched>().Select(d => d.Health)];
        PipelineResult result = _pipeline.Generate(
            [.. detections.OfType<Detection.Matched>()],
            d => healthy.Contains(d.Health),
            PresentToolsets.ReadHolders(input.Present),
            OverrideState.Start.Next(overrides),
            input.PresentWithOverrides,
            input.Overrides);
        foreach (Toolset toolset in result.LeftOut)
            await Console.Error.WriteLineAsync($"{toolset.Name}: left out: the ConfigMap has no room for it");
        await TellAsync(result.Holmes);
        return result;
    }

    private static async Task TellAsync(HolmesFile? file)
    {
        foreach (HolmesOmission omission in file?.LeftOut ?? [])
            await Console.Error.WriteLineAsync($"{ToolsetKey.Holmes}: left out: {omission}");
        foreach (string problem in file?.Problems ?? [])
            await Console.Error.WriteLineAsync($"{ToolsetKey.Holmes}: not written: {problem}");
    }

    private async Task<ImmutableHashSet<HealthCheckTarget>> ProbeAsync(
        KubeApiClient? api, ImmutableArray<Detection> detections, CancellationToken stop)
    {
        ImmutableArray<Detection.Matched> matched = [.. detections.OfType<Detection.Matched>()];
        ImmutableDictionary<HealthCheckTarget, ProbeOutcome> outcomes = await EndpointChecks.RunAsync(_settings, api, matched, stop);
        foreach (Detection.Matched failed in matched.Where(d => !outcomes[d.Health].IsSuccess))
        {
            await Console.Error.WriteLineAsync(
                $"{failed.Service.Key}: skipped: health check of {failed.Endpoint} failed: {outcomes[failed.Health].Reason}");
        }

        return [.. outcomes.Where(o => o.Value.IsSuccess).Select(o => o.Key)];
    }
}
