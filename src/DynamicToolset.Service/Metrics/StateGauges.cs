using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.HealthCheck;
using DynamicToolset.Holmes.Generation;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rounds;
using DynamicToolset.Rules;
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
        Add(MetricDefinitions.ToolsetsHealthy, s => CountTypes(s, MetricDefinitions.ToolsetsHealthy, s.Result.Endpoints.Select(e => e.Detection.Type)));
        Add(MetricDefinitions.UnhealthyServices, s => CountTypes(s, MetricDefinitions.UnhealthyServices, Unhealthy(s)));
        Add(MetricDefinitions.BackendVerdicts, BackendVerdicts);
        Add(MetricDefinitions.HealthPanic, s => [new(Count(s, ProblemKind.HealthPanic))]);
        Add(MetricDefinitions.MalformedAnnotations, s => [new(Count(s, ProblemKind.MalformedAnnotation))]);
        Add(MetricDefinitions.ServicesRefused, ServicesRefused);
        Add(MetricDefinitions.ConfigMapRefused, Refused);
        Add(MetricDefinitions.ConfigMapBytes, s => s.Observed is null ? [] : [new(ConfigMapSize.Of(s.Observed))]);
        Add(MetricDefinitions.ToolsetsLeftOut, s => [new(s.Result.LeftOut.Length)]);
        Add(MetricDefinitions.OverridesValid, s => [new(Count(s, ProblemKind.MalformedOverrides) == 0 ? 1 : 0)]);
        Add(MetricDefinitions.RulesValid, s => [new(Count(s, ProblemKind.MalformedRules) == 0 ? 1 : 0)]);
        Add(MetricDefinitions.HolmesFileValid, s => s.Result.Holmes is null ? [] : [new(Count(s, ProblemKind.UnfitHolmesFile) == 0 ? 1 : 0)]);
        Add(MetricDefinitions.HolmesFileLeftOut, s => s.Result.Holmes is { } file ? LeftOutOf(file) : []);

        void Add(MetricDefinition definition, Func<ControllerState, IEnumerable<Measurement<double>>> read) =>
            definition.Observe(meter, () => states.Current is { } state ? read(state) : []);
    }

    private static ImmutableArray<Detection.Matched> Matched(ControllerState state) => state.Detected.Matched;

    private static IEnumerable<string> Unhealthy(ControllerState state) =>
        Matched(state).Where(d => state.Health.Checks.StatusOf(d.EndpointKey) == HealthStatus.Unhealthy).Select(d => d.Type);

    /// <summary>Known types are shown even where there is none, so that a graph falls to 0 instead of ending.</summary>
    private static IEnumerable<Measurement<double>> CountTypes(ControllerState state, MetricDefinition definition, IEnumerable<string> types)
    {
        Dictionary<string, int> counts = types.CountBy(type => type).ToDictionary(StringComparer.Ordinal);
        return definition.Labels[0].Values.Union(TypesInForce(state)).Union(counts.Keys)
            .Select(type => new Measurement<double>(counts.GetValueOrDefault(type), ServiceMetrics.Tag("type", type)));
    }

    /// <summary>Under the name that each has, or asked for. Whoever names many Services takes no place from a type's own name.</summary>
    private static IEnumerable<Measurement<double>> ToolsetHealthy(ControllerState state)
    {
        IReadOnlyDictionary<ObjectKey, string> held = state.Result.Names.Holders.ByHolder();
        ImmutableHashSet<ObjectKey> healthy = [.. state.Result.Endpoints.Select(e => e.Detection.Service.Key)];
        return Matched(state)
            .Select(d => (d.Type, Name: held.GetValueOrDefault(d.Service.Key, d.Name), IsHealthy: healthy.Contains(d.Service.Key)))
            .OrderBy(t => t.Name != t.Type)
            .ThenBy(t => t.Name, StringComparer.Ordinal)
            .ThenByDescending(t => t.IsHealthy)
            .DistinctBy(t => t.Name)
            .Take(MetricDefinitions.MostToolsets)
            .Select(t => new Measurement<double>(t.IsHealthy ? 1 : 0, ServiceMetrics.Tag("type", t.Type), ServiceMetrics.Tag("name", t.Name)));
    }

    private static IEnumerable<Measurement<double>> BackendVerdicts(ControllerState state)
    {
        ImmutableHashSet<ObjectKey> unverified = [.. state.Result.CertificatesUnverified.Select(c => c.Service)];
        Dictionary<string, int> counts = Matched(state).CountBy(d => state.VerdictOf(d, unverified)?.Word() ?? "unknown").ToDictionary(StringComparer.Ordinal);
        return MetricDefinitions.BackendVerdicts.Labels[0].Values
            .Select(verdict => new Measurement<double>(counts.GetValueOrDefault(verdict), ServiceMetrics.Tag("verdict", verdict)));
    }

    private static int Count(ControllerState state, ProblemKind kind) => Problems.Of(state).Count(p => p.Kind == kind);

    private static IEnumerable<string> TypesInForce(ControllerState state) => state.Rules.InForce.Types.Select(t => t.Name);

    private static IEnumerable<Measurement<double>> LeftOutOf(HolmesFile file) =>
    [
        new(file.LeftOut.Count(o => o.Path.Length == 0), ServiceMetrics.Tag("part", "entry")),
        new(file.LeftOut.Count(o => o.Path.Length > 0), ServiceMetrics.Tag("part", "key")),
    ];

    private static IEnumerable<Measurement<double>> ServicesRefused(ControllerState state) =>
    [
        new(Count(state, ProblemKind.ServiceTooLarge), ServiceMetrics.Tag("reason", "too_large")),
        new(Count(state, ProblemKind.NamespaceTooLarge), ServiceMetrics.Tag("reason", "namespace")),
    ];

    private static IEnumerable<Measurement<double>> Refused(ControllerState state) =>
    [
        new(Count(state, ProblemKind.ConfigMapImmutable), ServiceMetrics.Tag("reason", "immutable")),
        new(Count(state, ProblemKind.ConfigMapTooLarge), ServiceMetrics.Tag("reason", "too_large")),
    ];
}
