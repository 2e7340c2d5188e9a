namespace DynamicToolset.Reconciliation;

/// <summary>Somebody else keeps undoing our corrections, and the next ones wait.</summary>
/// <param name="Key">As in <see cref="Drift.Key"/>; empty where it is the ConfigMap itself that is deleted.</param>
/// <param name="Manager">The other field manager; null where the API server does not tell, as it never does of what was removed.</param>
/// <param name="PausedUntil">When the next correction may be made.</param>
public sealed record Fight(string Key, string? Manager, DateTimeOffset PausedUntil);
