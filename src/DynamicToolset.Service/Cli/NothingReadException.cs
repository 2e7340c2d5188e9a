namespace DynamicToolset.Service.Cli;

/// <summary>All that was given has faults, which are told. An answer without it would look like that of an empty cluster.</summary>
internal sealed class NothingReadException(int exitCode) : Exception
{
    /// <summary>By what the faults are.</summary>
    public int ExitCode => exitCode;
}
