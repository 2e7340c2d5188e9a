using System.Collections.Immutable;
using DynamicToolset.Reconciliation;

namespace DynamicToolset.Service.State;

/// <summary>A write that the API server took.</summary>
/// <param name="Set">Data keys that were written.</param>
/// <param name="Removed">Data keys that were removed.</param>
/// <param name="Drift">What of it undid somebody else's change.</param>
/// <param name="IsCreation">True where there was no ConfigMap.</param>
/// <param name="IsRecreation">True where there had been one.</param>
/// <param name="Took">From the moment the round began.</param>
public sealed record ConfigMapWrite(
    DateTimeOffset At,
    ImmutableArray<string> Set,
    ImmutableArray<string> Removed,
    ImmutableArray<Drift> Drift,
    bool IsCreation,
    bool IsRecreation,
    TimeSpan Took);
