namespace DynamicToolset.Holmes;

/// <summary>What HolmesGPT takes an entry for.</summary>
internal enum EntryKind
{
    /// <summary>The name is one of HolmesGPT's own: the entry switches that toolset on and configures it.</summary>
    BuiltIn,

    /// <summary>Commands of its own.</summary>
    Commands,

    Mcp,

    /// <summary>One of the kinds that need no commands: http, database, mongodb.</summary>
    Typed,
}
