namespace DynamicToolset.Service.Cli;

/// <summary>All input had errors, which are reported. An answer would look like that of an empty cluster.</summary>
internal sealed class NothingReadException(int exitCode) : Exception
{
    /// <summary>By what the faults are.</summary>
    public int ExitCode => exitCode;
}
