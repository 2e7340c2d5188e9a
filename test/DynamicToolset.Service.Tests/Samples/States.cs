using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.HealthCheck;
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
        HealthTable.Empty,
        OverrideState.Start,
        new ToolsetPipeline(BuiltInRules.All, [], [], "").Generate([], static _ => true, Incumbents.None, OverrideState.Start, null, null),
        Observed: null,
        WasThere: false,
        LastWrite: null,
        Refusal: null,
        new OwnerState.SwitchedOff(),
        OwnerWarning: null,
        Fights: [],
        IsConverged: true);

    public static ControllerState WithLeftOut(ImmutableArray<string> names) => Empty with
    {
        Result = Empty.Result with
        {
            LeftOut = [.. names.Select(n => new Toolset(n, "custom", ToolsetValue.Map.Empty, new ToolsetSource.Service(new ObjectKey("n", n))))],
        },
    };
}
