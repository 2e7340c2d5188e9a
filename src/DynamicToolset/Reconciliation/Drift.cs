using DynamicToolset.Cluster;

namespace DynamicToolset.Reconciliation;

/// <param name="Key">The data key, label or annotation; <see cref="OwnerReference.DriftKey"/> for the owners.</param>
/// <param name="Manager">The field manager that wrote it last, be it our own name; null where that is not known.</param>
public sealed record Drift(DriftKind Kind, string Key, string? Manager);
