using System.Diagnostics.Metrics;
using DynamicToolset.Discovery;
using DynamicToolset.HealthCheck;
using DynamicToolset.Holmes.Generation;
using DynamicToolset.Reconciliation;
using DynamicToolset.Service.State;

namespace DynamicToolset.Service.Metrics;

/// <summary>The gauges that show the last round. Before the first round there are none.</summary>
internal static class StateGauges
{
    public static void AddTo(Meter meter, StateStore states)
    {
        Add(MetricDefinitions.ServicesDiscovered, s => CountTypes(s, MetricDefinitions.ServicesDiscovered, Matched(s).Select(d => d.Type)));
        Add(MetricDefinitions.Toolsets, s => CountTypes(s, MetricDefinitions.Toolsets, s.Result.Toolsets.Toolsets.Select(t => t.Type)));
        Add(MetricDefinitions.ToolsetHealthy, ToolsetHealthy);
        Add(MetricDefinitions.UnhealthyServices, s => CountTypes(s, MetricDefinitions.UnhealthyServices, Unhealthy(s)));
        Add(MetricDefinitions.MalformedAnnotations, s => [new(s.Detections.OfType<Detection.Rejected>().Count())]);
        Add(MetricDefinitions.ConfigMapRefused, Refused);
        Add(MetricDefinitions.ConfigMapBytes, s => s.Observed is null ? [] : [new(ConfigMapSize.Of(s.Observed))]);
        Add(MetricDefinitions.ToolsetsLeftOut, s => [new(s.Result.LeftOut.Length)]);
        Add(MetricDefinitions.OverridesValid, s => [new(s.Overrides.Problem is null ? 1 : 0)]);
        Add(MetricDefinitions.RulesValid, s => [new(s.Rules.Problems.IsEmpty ? 1 : 0)]);
        Add(MetricDefinitions.HolmesFileValid, s => s.Result.Holmes is { } file ? [new(file.IsRefused ? 0 : 1)] : []);
        Add(MetricDefinitions.HolmesFileLeftOut, s => s.Result.Holmes is { } file ? LeftOutOf(file) : []);

        void Add(MetricDefinition definition, Func<ControllerState, IEnumerable<Measurement<double>>> read) =>
            meter.CreateObservableGauge(definition.Name, () => states.Current is { } state ? read(state) : []);
    }

    private static IEnumerable<Detection.Matched> Matched(ControllerState state) => state.Detections.OfType<Detection.Matched>();

    private static IEnumerable<string> Unhealthy(ControllerState state) =>
        Matched(state).Where(d => state.Health.Find(d.EndpointKey)?.Status == HealthStatus.Unhealthy).Select(d => d.Type);

    /// <summary>Known types are shown even where there is none, so that a graph falls to 0 instead of ending.</summary>
    private static IEnumerable<Measurement<double>> CountTypes(ControllerState state, MetricDefinition definition, IEnumerable<string> types)
    {
        Dictionary<string, int> counts = types.CountBy(type => type).ToDictionary(StringComparer.Ordinal);
        return definition.Labels[0].Values.Union(TypesInForce(state)).Union(counts.Keys)
            .Select(type => new Measurement<double>(counts.GetValueOrDefault(type), ServiceMetrics.Tag("type", type)));
    }

    private static IEnumerable<Measurement<double>> ToolsetHealthy(ControllerState state) => TypesInForce(state)
        .Where(name => Matched(state).Any(d => d.Type == name))
        .Select(name => new Measurement<double>(state.Result.Endpoints.Any(e => e.Name == name) ? 1 : 0, ServiceMetrics.Tag("name", name)));

    private static IEnumerable<string> TypesInForce(ControllerState state) => state.Rules.InForce.Types.Select(t => t.Name);

    private static IEnumerable<Measurement<double>> LeftOutOf(HolmesFile file) =>
    [
        new(file.LeftOut.Count(o => o.Path.Length == 0), ServiceMetrics.Tag("part", "entry")),
        new(file.LeftOut.Count(o => o.Path.Length > 0), ServiceMetrics.Tag("part", "key")),
    ];

    private static IEnumerable<Measurement<double>> Refused(ControllerState state) =>
    [
        new(state.Refusal?.Reason == RefuseReason.Immutable ? 1 : 0, ServiceMetrics.Tag("reason", "immutable")),
        new(state.Refusal?.Reason == RefuseReason.TooLarge ? 1 : 0, ServiceMetrics.Tag("reason", "too_large")),
    ];
}
