using DynamicToolset.Cluster;

namespace DynamicToolset.Reconciliation;

/// <param name="Key">The data key, label or annotation; <see cref="OwnerReference.DriftKey"/> for the owners.</param>
/// <param name="Manager">The field manager that wrote it last, where that is somebody else and is known.</param>
public sealed record Drift(DriftKind Kind, string Key, string? Manager);
