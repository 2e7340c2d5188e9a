using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.HealthCheck;
using DynamicToolset.LeaderElection;
using DynamicToolset.Overrides;
using DynamicToolset.Pipeline;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rounds;
using DynamicToolset.Rules;
using DynamicToolset.Toolsets;
using DynamicToolset.Values;

namespace DynamicToolset.Service.Tests.Samples;

/// <summary>States of a controller that has found nothing, to be changed by the tests of who is told of them.</summary>
internal static class States
{
    public static ControllerState Empty { get; } = new(
        DateTimeOffset.UnixEpoch,
        new RuleState(BuiltInRules.All, []),
        DetectedServices.None,
        JudgedHealth.Empty,
        OverrideState.Start,
        new ToolsetPipeline(BuiltInRules.All, [], [], "").Generate([], static _ => true, Incumbents.None, OverrideState.Start, null, null),
        Observed: null,
        WasThere: false,
        LastWrite: null,
        Refusal: null,
        new OwnerState.SwitchedOff(),
        OwnerWarning: null,
        Fights: [],
        IsConverged: true,
        new Leadership.Alone());

    /// <param name="services">Each as <c>namespace/name</c>, with the toolset name of its annotations; all of them Grafanas.</param>
    /// <param name="isHealthy">By the name of the toolset.</param>
    public static ControllerState WithGrafanas(Func<string, bool> isHealthy, params IEnumerable<(string Service, string Toolset)> services)
    {
        var pipeline = new ToolsetPipeline(BuiltInRules.All, [], [], "");
        var there = services.Select(s => Grafana(s.Service, s.Toolset)).ToImmutableDictionary(s => s.Key);
        DetectedServices detected = DetectedServices.None.Next(pipeline.Detector, pipeline.IsConsidered, new ServiceSnapshot([there]), 1);
        PipelineResult result = pipeline.Generate(detected.Matched, d => isHealthy(d.Name), Incumbents.None, OverrideState.Start, null, null);
        return Empty with { Detected = detected, Result = result };
    }

    private static ServiceRecord Grafana(string service, string toolset)
    {
        var annotations = new Dictionary<string, string>
        {
            [ToolsetAnnotations.Toolset] = "true",
            [ToolsetAnnotations.Type] = "grafana",
            [ToolsetAnnotations.Name] = toolset,
        };
        string[] key = service.Split('/');
        var none = new Dictionary<string, string>();
        return new ServiceRecord(new ObjectKey(key[0], key[1]), "u", "1", ServiceKind.ClusterIP, none, annotations, [new ServicePort("http", 3000, "TCP", null, null)], none);
    }

    public static ControllerState WithLeftOut(ImmutableArray<string> names) => Empty with
    {
        Result = Empty.Result with
        {
            LeftOut = [.. names.Select(n => new Toolset(n, "custom", ToolsetValue.Map.Empty, new ToolsetSource.Service(new ObjectKey("n", n))))],
        },
    };
}
