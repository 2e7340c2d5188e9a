using DynamicToolset.Messages;

namespace DynamicToolset.Service.Input;

/// <summary>How much of what is given to a command is read.</summary>
internal static class FileBounds
{
    private const int MiB = 1024 * 1024;
    private const string Ends = "the command ends with exit code 2";

    /// <summary>Ten thousand Services with all that the API server keeps of who wrote them have 30 MiB.</summary>
    public static Bound Manifests { get; } = new("`-f`", 256 * MiB, "bytes in all files together", Ends);

    /// <summary>A ConfigMap takes no more.</summary>
    public static Bound Overrides { get; } = new("`--overrides`", MiB, "bytes", Ends);

    public static Bound Checked { get; } = new("the files of `validate`", 16 * MiB, "bytes in all files together", Ends);

    /// <summary>All files of JOURNAL_DIR together have no more.</summary>
    public static Bound Journal { get; } = new("the file of `replay`", 64 * MiB, "bytes", Ends);

    /// <summary>More than JOURNAL_DIR has in one file: each takes a decision, and is kept until it is shown.</summary>
    public static Bound Rounds { get; } = new("the file of `replay`", 40_000, "rounds", Ends);

    public static Bound Settings { get; } = new("`--config`", MiB, "bytes", Ends);
}
