namespace DynamicToolset.Service.Cli;

/// <summary>
/// What the process says when it ends. A stop by signal that did not end in order adds the signal's number to 128, as shells do.
/// </summary>
public static class ExitCode
{
    public const int Success = 0;

    /// <summary>The command worked, and the answer is no.</summary>
    public const int No = 1;

    /// <summary>Something to mend outside of the program: arguments, settings, files, rights.</summary>
    public const int Usage = 2;

    /// <summary>A defect of the program (EX_SOFTWARE of sysexits.h).</summary>
    public const int InternalError = 70;

    public const int Interrupted = 130;

    public const int Terminated = 143;
}
