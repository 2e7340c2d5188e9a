namespace DynamicToolset.Holmes;

/// <summary>What a mistake costs, the worst first.</summary>
public enum HolmesEffect
{
    /// <summary>HolmesGPT refuses the whole file: every toolset is lost, also those without a mistake.</summary>
    FileLost,

    /// <summary>The toolsets load, and then the language model's API refuses each request that lists them.</summary>
    RequestsFail,

    /// <summary>HolmesGPT drops this entry; the others stay.</summary>
    EntryLost,

    /// <summary>The entry loads and fails its check, and the model is told that it failed.</summary>
    EntryFails,

    /// <summary>HolmesGPT says nothing, and does something else than the file says.</summary>
    Unnoticed,

    /// <summary>It works, and lets a stranger run commands, read secrets or steer the model.</summary>
    Unsafe,
}
