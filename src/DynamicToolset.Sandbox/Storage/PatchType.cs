namespace DynamicToolset.Sandbox.Storage;

internal enum PatchType
{
    /// <summary>application/json-patch+json</summary>
    Json,

    /// <summary>application/merge-patch+json</summary>
    Merge,

    /// <summary>application/strategic-merge-patch+json</summary>
    StrategicMerge,

    /// <summary>application/apply-patch+yaml</summary>
    Apply,
}
