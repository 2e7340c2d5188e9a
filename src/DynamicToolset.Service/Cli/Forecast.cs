using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.HealthCheck;
using DynamicToolset.Holmes.Generation;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Overrides;
using DynamicToolset.Pipeline;
using DynamicToolset.Reconciliation;
using DynamicToolset.Service.Explaining;
using DynamicToolset.Service.Hosting;
using DynamicToolset.Service.Input;
using DynamicToolset.Service.Options;

namespace DynamicToolset.Service.Cli;

/// <summary>What the service would generate from its input. Anything left out is reported on standard error.</summary>
internal sealed class Forecast
{
    private readonly Settings _settings;
    private readonly ToolsetPipeline _pipeline;
    private readonly OverrideFiles _below;
    private readonly ShownView _view;

    private Forecast(Settings settings, ToolsetPipeline pipeline, OverrideFiles below, ShownView view)
    {
        _settings = settings;
        _pipeline = pipeline;
        _below = below;
        _view = view;
    }

    /// <summary>Files lie below the key.</summary>
    public bool HasOverridesBelow => !_below.Files.IsEmpty;

    /// <exception cref="InputException">The detector rules, or files with overrides, cannot be used.</exception>
    public static async Task<Forecast> OpenAsync(Settings settings, GivenOverrides overrides, CancellationToken stop)
    {
        var files = AdminFiles.Open(settings);
        ToolsetPipeline pipeline = Controller.ToPipeline(settings, files.Rules.Current.InForce);
        OverrideFiles below = await overrides.ReadBelowAsync(files.Overrides, stop);
        return new Forecast(settings, pipeline, below, new ShownView(settings, files.Rules, MadeWith.Of(pipeline, below), below));
    }

    /// <inheritdoc cref="ShownView.TellAsync"/>
    public Task TellViewAsync(ObjectKey configMap, GenerateInput input) => _view.TellAsync(configMap, input);

    /// <param name="api">Null without a cluster.</param>
    /// <param name="probe">Check the endpoints; else each counts as healthy.</param>
    /// <exception cref="InputException">The overrides cannot be used, and which were the last good ones nobody knows here.</exception>
    /// <exception cref="ClusterException">The endpoints cannot be checked.</exception>
    public async Task<PipelineResult> MakeAsync(GenerateInput input, KubeApiClient? api, bool probe, CancellationToken stop)
    {
        OverrideState overrides = OverrideState.Start.Next(input.ParseOverrides()) with { Files = _below };
        string[] problems = [.. input.ProblemsWith(overrides)];
        if (problems.Length > 0)
            throw new InputException(string.Join('\n', problems));
        await TellAsync(input.WarningsOf(overrides));
        if (!probe && ClusterAccess.TroubleWithAuthorities(_settings, TimeProvider.System) is { } trouble)
            await TellAsync([$"warning: {trouble}; the service would not start with it"]);

        ImmutableArray<Detection> detections = _pipeline.Detect(input.Services);
        await TellAsync(detections.OfType<Detection.Rejected>().Select(r => $"{r.Service.Key}: skipped: {r.Problem}"));
        var present = PresentToolsets.Read(input.Present);
        var known = CheckedEndpoints.In(present, _pipeline.Rules, k => _pipeline.Detect(input.Services, k.Find, k.FormOf));
        if (probe && _settings.HealthCheckEnabled)
        {
            known = await EndpointChecks.RunAsync(
                _settings, _pipeline.Rules, api, known, k => _pipeline.Detect(input.Services, k.Find, k.FormOf).OfType<Detection.Matched>(), stop);
        }

        ImmutableDictionary<HealthCheckTarget, ProbeOutcome> outcomes = known.Outcomes;
        detections = _pipeline.Detect(input.Services, known.Find, known.FormOf);
        await TellAsync(detections.OfType<Detection.Contradicted>().Select(c => $"{c.Service.Key}: skipped: found as {c.Match.Type}, but answers as {c.Identity}"));
        ImmutableHashSet<HealthCheckTarget> healthy = await HealthyAsync(present, detections, known);
        PipelineResult result = _pipeline.Generate(
            [.. detections.OfType<Detection.Matched>()],
            d => healthy.Contains(d.Health),
            PresentToolsets.ReadHolders(input.Present),
            overrides,
            input.PresentWithOverrides,
            input.Overrides,
            // As the service does: content of the ConfigMap is believed until its backend was checked.
            says: _settings.HealthCheckEnabled ? d => known.Lines.GetValueOrDefault(d.EndpointKey) ?? present.SaysOf(d) : null);
        await TellAsync(result.LeftOut.Select(t => $"{t.Name}: left out: it does not fit into the ConfigMap"));
        await TellAsync(result.Toolsets.Withheld.Select(w => $"{w}: left out: a reference to a secret, and the namespace is not one of CREDENTIALS_NAMESPACES"));
        await TellAsync(known.Shortfalls(result).Select(s => $"{s.Service}: {s.Matter}: {s.Advice}"));
        await TellAsync(result.CertificatesUnverified.Select(c => $"{c.Service}: {UnverifiedCertificate.Advice}"));
        await TellAsync(result.Holmes?.LeftOut.Select(o => $"{ToolsetKey.Holmes}: left out: {o}") ?? []);
        await TellAsync(result.Holmes?.Problems.Select(p => $"{ToolsetKey.Holmes}: not written: {p}") ?? []);
        return result;
    }

    private static async Task TellAsync(IEnumerable<string> lines)
    {
        foreach (string line in ProblemLines.Of(lines))
            await Console.Error.WriteLineAsync(line);
    }

    /// <param name="known">Without outcomes where nothing was checked, and then all are.</param>
    private static async Task<ImmutableHashSet<HealthCheckTarget>> HealthyAsync(
        PresentToolsets present, ImmutableArray<Detection> detections, CheckedEndpoints known)
    {
        ImmutableDictionary<HealthCheckTarget, ProbeOutcome> outcomes = known.Outcomes;
        ImmutableArray<Detection.Matched> matched = [.. detections.OfType<Detection.Matched>()];
        if (outcomes.IsEmpty)
            return [.. matched.Select(d => d.Health)];
        await TellAsync(matched.Where(d => !outcomes[d.Health].IsSuccess).Select(d => IsKept(d)
            ? $"{d.Service.Key}: stays: health check of {d.Endpoint} learned nothing: {outcomes[d.Health].Reason}"
            : $"{d.Service.Key}: skipped: health check of {d.Endpoint} failed: {outcomes[d.Health].Reason}{TriedAt(d)}"));
        return [.. matched.Where(d => outcomes[d.Health].IsSuccess || IsKept(d)).Select(d => d.Health)];

        string TriedAt(Detection.Matched detection) =>
            known.Tried.GetValueOrDefault(detection.EndpointKey) is { } tried ? $"; tried too: {ExplanationWords.Of(tried)}" : "";

        // As the service has it: what it knew stays.
        bool IsKept(Detection.Matched detection) => outcomes[detection.Health].Advice is not null && present.Knows(detection) == true;
    }
}
