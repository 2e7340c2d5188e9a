namespace DynamicToolset.Reconciliation;

/// <summary>Somebody else keeps undoing our corrections.</summary>
/// <param name="Key">As in <see cref="Drift.Key"/>; <see cref="WholeObject"/> where it is the ConfigMap itself that is deleted.</param>
/// <param name="Manager">
/// The other field manager, our own name where a second copy of this service writes; null where the API server does not tell, as it never does
/// of what was removed.
/// </param>
/// <param name="PausedUntil">When the next correction may be made, on the clock of <see cref="FightTracker"/>; null where that is at once.</param>
public sealed record Fight(string Key, string? Manager, TimeSpan? PausedUntil)
{
    /// <summary>The key under which a deleted ConfigMap is counted as fought over.</summary>
    public const string WholeObject = "";

    public bool IsWithSecondCopy => Manager == DesiredConfigMap.ManagedBy;
}
