using DynamicToolset.Cluster;

namespace DynamicToolset.Reconciliation;

/// <summary>Somebody else keeps undoing our corrections.</summary>
/// <param name="Key">As in <see cref="Drift.Key"/>; <see cref="WholeObject"/> where it is the ConfigMap itself that is deleted.</param>
/// <param name="Manager">
/// The other field manager, our own name where a second copy of this service writes; null where the API server does not tell, as it never does
/// of what was removed.
/// </param>
/// <param name="IsSlowed">True where corrections wait by now, ever longer.</param>
public sealed record Fight(string Key, string? Manager, bool IsSlowed)
{
    /// <summary>The key under which a deleted ConfigMap is counted as fought over.</summary>
    public const string WholeObject = "";

    public bool IsWithSecondCopy => Manager == FieldManager.Ours;
}
