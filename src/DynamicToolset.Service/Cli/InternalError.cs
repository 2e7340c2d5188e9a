namespace DynamicToolset.Service.Cli;

/// <summary>What is said about a defect of the program itself.</summary>
internal static class InternalError
{
    /// <summary>
    /// The command's exit code, whatever happens: a command that a signal ended half-way exits as shells expect, and a defect
    /// exits with 70, never with 0.
    /// </summary>
    /// <param name="signalled">What to exit with after a signal; 0 while there was none.</param>
    public static async Task<int> GuardAsync(Func<Task<int>> command, Func<int> signalled, TextWriter error, bool withStack)
    {
        try
        {
            return await command();
        }
        catch (OperationCanceledException) when (signalled() != 0)
        {
            return signalled();
        }
        catch (Exception e)
        {
            await error.WriteLineAsync(Describe(e, withStack));
            return ExitCode.InternalError;
        }
    }

    /// <summary>One line, or the whole stack for those who asked for details.</summary>
    public static string Describe(Exception exception, bool withStack) => withStack
        ? $"dynamic-toolset: internal error: {exception}"
        : $"dynamic-toolset: internal error: {exception.GetType().Name}: {FirstLine(exception.Message)}; " +
            "run it with --log-level debug for the details, and report them";

    /// <summary>
    /// Asked of arguments and environment, since the settings may be what could not be read; a level in the settings file is
    /// not seen here.
    /// </summary>
    public static bool WantsStack(IReadOnlyList<string> arguments, string? logLevel) =>
        string.Equals(logLevel, "debug", StringComparison.OrdinalIgnoreCase)
        || arguments.Contains("--log-level=debug")
        || arguments.Zip(arguments.Skip(1)).Contains(("--log-level", "debug"));

    private static string FirstLine(string text) => text.Split('\n', 2)[0].TrimEnd();
}
