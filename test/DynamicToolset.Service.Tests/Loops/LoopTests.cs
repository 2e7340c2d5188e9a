using DynamicToolset.Service.Cli;
using DynamicToolset.Service.Loops;

namespace DynamicToolset.Service.Tests.Loops;

public sealed class LoopTests
{
    private static readonly CancellationToken Stopped = new(canceled: true);

    [Fact]
    public async Task A_loop_that_just_returns_ends_the_process_with_70()
    {
        (int exitCode, string error) = await RunAsync(_ => Task.CompletedTask, CancellationToken.None);
        Assert.Equal(70, exitCode);
        Assert.Contains("The probe loop ended unexpectedly.", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_loop_that_is_cancelled_by_its_own_doing_ends_the_process_with_70()
    {
        (int exitCode, string error) = await RunAsync(_ => Task.FromCanceled(Stopped), CancellationToken.None);
        Assert.Equal(70, exitCode);
        Assert.Contains("The probe loop was cancelled unexpectedly.", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_loop_that_fails_while_it_is_being_stopped_ends_the_process_with_70()
    {
        (int exitCode, string error) = await RunAsync(_ => Task.FromException(new NotSupportedException("broken")), Stopped);
        Assert.Equal(70, exitCode);
        Assert.Contains("broken", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_loop_that_was_told_to_stop_ends_in_order_be_it_by_cancellation_or_not()
    {
        Assert.Equal((0, ""), await RunAsync(Task.FromCanceled, Stopped));
        Assert.Equal((0, ""), await RunAsync(_ => Task.CompletedTask, Stopped));
    }

    /// <returns>How a command ends that runs this loop, and what it says.</returns>
    private static async Task<(int ExitCode, string Error)> RunAsync(Func<CancellationToken, Task> run, CancellationToken stop)
    {
        var error = new StringWriter();
        int exitCode = await InternalError.GuardAsync(
            async () =>
            {
                await new Loop("probe", run).RunAsync(stop);
                return ExitCode.Success;
            },
            () => 0,
            error,
            withStack: false);
        return (exitCode, error.ToString());
    }
}
