using System.Collections.Immutable;
using System.Diagnostics;

namespace DynamicToolset.Reconciliation;

/// <summary>A write that the API server took.</summary>
/// <param name="Set">Data keys that were written.</param>
/// <param name="Removed">Data keys that were removed.</param>
/// <param name="Drift">The changes of others that it repaired.</param>
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
    TimeSpan Took)
{
    /// <param name="wasThere">True where a ConfigMap that is missing now was there before.</param>
    public static ConfigMapWrite Of(ConfigMapPlan step, ImmutableArray<Drift> drift, bool wasThere, DateTimeOffset at, TimeSpan took) => step switch
    {
        ConfigMapPlan.Create create => new ConfigMapWrite(at, [.. create.KeysSet], [], [], IsCreation: true, IsRecreation: wasThere, took),
        ConfigMapPlan.Patch patch => new ConfigMapWrite(at, [.. patch.KeysSet], [.. patch.KeysRemoved], drift, IsCreation: false, IsRecreation: false, took),
        _ => throw new UnreachableException(),
    };
}
