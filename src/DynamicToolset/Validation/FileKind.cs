namespace DynamicToolset.Validation;

/// <summary>What a file is for, by what stands in it.</summary>
public enum FileKind
{
    /// <summary>No YAML: it could be either.</summary>
    Unknown,

    DetectorRules,

    Overrides,
}
