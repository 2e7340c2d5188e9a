using System.Collections.Immutable;
using System.Text.Json.Nodes;

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

/// <summary>One field of an object.</summary>
/// <param name="Number">In the protobuf form; 0 where there is none.</param>
/// <param name="Always">The field is part of every object, even when empty, so nobody comes to own it as such.</param>
/// <param name="Default">The text that server-side apply assumes in a key of an associative list.</param>
internal sealed record Field(string Name, int Number, FieldSchema Schema, bool Always = false, string? Default = null)
{
    /// <summary>The name in FieldsV1.</summary>
    public string OwnedAs { get; } = "f:" + Name;

    public JsonNode? DefaultNode => Default is null ? null : JsonValue.Create(Default);
}

/// <summary>How a list is merged, see https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy.</summary>
internal enum ListKind
{
    /// <summary>As a whole.</summary>
    Atomic,

    /// <summary>Values, each at most once.</summary>
    Set,

    /// <summary>Items told apart by key fields.</summary>
    Associative,
}

internal enum ScalarKind
{
    Text,
    Integer,
    Boolean,

    /// <summary>A whole number or the name of a port.</summary>
    IntegerOrText,

    /// <summary>RFC 3339.</summary>
    Time,

    /// <summary>RFC 3339 with exactly six digits of a second: fewer are refused, as by the API server.</summary>
    MicroTime,

    /// <summary>Bytes as base64.</summary>
    Bytes,
}
