namespace DynamicToolset.Service.Cli;

/// <summary>What a line of a unified diff is.</summary>
internal enum DiffLineKind
{
    /// <summary>Names the text.</summary>
    Name,

    /// <summary>Says where in the two texts the lines below are.</summary>
    Place,

    /// <summary>On both sides, or a note about the line above.</summary>
    Same,

    Removed,

    Added,
}
