namespace DynamicToolset.Reconciliation;

/// <summary>How something of ours differs from what it should be.</summary>
public enum DriftKind
{
    /// <summary>A key of ours is not there.</summary>
    Missing,

    /// <summary>A key of ours has another content.</summary>
    Modified,

    /// <summary>A key with a name of ours that should not be there, be it under <c>data</c> or <c>binaryData</c>.</summary>
    Extra,

    /// <summary>A label, an annotation or an owner of ours differs.</summary>
    Metadata,
}
