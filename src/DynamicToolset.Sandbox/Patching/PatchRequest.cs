using System.Text.Json.Nodes;

namespace DynamicToolset.Sandbox.Patching;

/// <param name="Force">Of a server-side apply: take over fields of others.</param>
internal sealed record PatchRequest(PatchType Type, JsonNode? Body, bool Force = false);

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

/// <summary>A patch that cannot be read (<paramref name="IsMalformed"/>) or that does not fit the object.</summary>
internal sealed class PatchException(string message, bool IsMalformed = false) : Exception(message)
{
    public bool IsMalformed { get; } = IsMalformed;
}
