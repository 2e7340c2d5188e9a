namespace DynamicToolset.Sandbox.Schema;

internal enum ScalarKind
{
    Text,
    Integer,
    Boolean,

    /// <summary>A whole number or the name of a port.</summary>
    IntegerOrText,

    /// <summary>RFC 3339.</summary>
    Time,

    /// <summary>Bytes as base64.</summary>
    Bytes,
}
