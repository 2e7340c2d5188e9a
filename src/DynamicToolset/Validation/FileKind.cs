namespace DynamicToolset.Validation;

/// <summary>What a file is for, by what stands in it.</summary>
public enum FileKind
{
    /// <summary>No YAML: it could be either.</summary>
    Unknown,

    DetectorRules,

    Overrides,

    /// <summary>Nothing in it says so: only who asks for it has it checked as such.</summary>
    HolmesToolsets,
}
