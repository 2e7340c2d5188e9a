using System.Collections.Immutable;

namespace DynamicToolset.Sandbox.Schema;

/// <summary>
/// What a field of a Kubernetes object may hold, and how it is merged: the one description behind pruning, patching, field
/// ownership and the published OpenAPI document.
/// </summary>
internal abstract record FieldSchema
{
    private FieldSchema()
    {
    }

    /// <summary>A single value. A zero value (empty text, 0, false) is left out when stored, unless <paramref name="KeepsZero"/>.</summary>
    public sealed record Scalar(ScalarKind Kind, bool KeepsZero = false) : FieldSchema;

    /// <summary>Any number of names with values of one kind; owned name by name.</summary>
    public sealed record Map(Scalar Values) : FieldSchema;

    /// <summary>A list. <paramref name="Keys"/> tell the items of an associative list apart for server-side apply, <paramref name="PatchKey"/> for
    /// a strategic merge patch.</summary>
    public sealed record List(FieldSchema Items, ListKind Kind = ListKind.Atomic, string? PatchKey = null, params ImmutableArray<string> Keys)
        : FieldSchema;

    /// <summary>An object with known fields, in the order in which they are written. <paramref name="Definition"/> is its OpenAPI name.</summary>
    public sealed record Struct(string Definition, params ImmutableArray<Field> Fields) : FieldSchema;

    /// <summary>An object kept as it comes.</summary>
    public sealed record Anything : FieldSchema;
}
