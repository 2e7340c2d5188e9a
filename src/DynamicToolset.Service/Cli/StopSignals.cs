using System.Runtime.InteropServices;

namespace DynamicToolset.Service.Cli;

/// <summary>
/// SIGTERM and SIGINT. The first asks for an orderly stop, the second ends the process at once: whoever sends it has waited
/// long enough.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration _terminate;
    private readonly PosixSignalRegistration _interrupt;
    private int _exitCode;

    public StopSignals()
    {
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => OnSignal(context, Cli.ExitCode.Terminated));
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => OnSignal(context, Cli.ExitCode.Interrupted));
    }

    public CancellationToken Token => _stop.Token;

    /// <summary>What a command that could not end in order exits with after the first signal; 0 before it.</summary>
    public int ExitCode => Volatile.Read(ref _exitCode);

    public void Dispose()
    {
        _terminate.Dispose();
        _interrupt.Dispose();
        _stop.Dispose();
    }

    private void OnSignal(PosixSignalContext context, int exitCode)
    {
        context.Cancel = true;
        if (Interlocked.CompareExchange(ref _exitCode, exitCode, 0) == 0)
            _stop.Cancel();
        else
            Environment.Exit(exitCode);
    }
}
