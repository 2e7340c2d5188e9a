using System.Collections.Immutable;
using DynamicToolset.HealthCheck;
using DynamicToolset.Identification;
using DynamicToolset.Reconciliation;

namespace DynamicToolset.Rounds;

/// <summary>What a round came to.</summary>
/// <param name="Plan">What would make the ConfigMap right.</param>
/// <param name="Step">What of it is done now: <see cref="ConfigMapPlan.None"/> where it waits.</param>
/// <param name="Drift">What of the plan undoes somebody else's change.</param>
/// <param name="Targets">What is to be checked from now on.</param>
/// <param name="Asked">What is to be asked what it is.</param>
/// <param name="LookAgainAt">When the same inputs lead to another decision; null where they never do.</param>
/// <param name="State">What to publish if nothing is carried out.</param>
/// <param name="Memory">For the next round if nothing is carried out.</param>
public sealed record Decision(
    ConfigMapPlan Plan,
    ConfigMapPlan Step,
    ImmutableArray<Drift> Drift,
    DesiredConfigMap Desired,
    ImmutableArray<ProbeTarget> Targets,
    ImmutableArray<IdentityTarget> Asked,
    TimeSpan? LookAgainAt,
    ControllerState State,
    RoundMemory Memory);
