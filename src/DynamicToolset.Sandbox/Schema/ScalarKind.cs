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

    /// <summary>RFC 3339 with exactly six digits of a second: fewer are refused, as by the API server.</summary>
    MicroTime,

    /// <summary>Bytes as base64.</summary>
    Bytes,
}
