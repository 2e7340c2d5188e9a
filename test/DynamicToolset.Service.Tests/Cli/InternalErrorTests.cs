using DynamicToolset.Service.Cli;

namespace DynamicToolset.Service.Tests.Cli;

public sealed class InternalErrorTests
{
    [Fact]
    public async Task A_defect_ends_with_70_and_one_line()
    {
        var error = new StringWriter();
        int exitCode = await InternalError.GuardAsync(() => throw new InvalidOperationException("broken\nin two"), () => 0, error, withStack: false);

        Assert.Equal(70, exitCode);
        Assert.Equal(
            "dynamic-toolset: internal error: InvalidOperationException: broken; run it with --log-level debug for the details, and report them\n",
            error.ToString());
    }

    [Fact]
    public async Task A_defect_after_a_signal_is_still_a_defect()
    {
        var error = new StringWriter();
        Assert.Equal(70, await InternalError.GuardAsync(() => throw new InvalidOperationException("broken"), () => 143, error, withStack: false));
    }

    [Fact]
    public async Task A_command_that_a_signal_ended_half_way_does_not_claim_success()
    {
        var error = new StringWriter();
        Assert.Equal(143, await InternalError.GuardAsync(() => throw new OperationCanceledException(), () => 143, error, withStack: false));
        Assert.Equal("", error.ToString());
    }

    [Fact]
    public async Task A_cancellation_that_no_signal_asked_for_is_a_defect() =>
        Assert.Equal(70, await InternalError.GuardAsync(() => throw new OperationCanceledException(), () => 0, TextWriter.Null, withStack: false));

    [Theory]
    [InlineData("", "debug", true)]
    [InlineData("", "DEBUG", true)]
    [InlineData("--log-level debug", null, true)]
    [InlineData("run --log-level=debug", "info", true)]
    [InlineData("--log-level info", null, false)]
    [InlineData("", null, false)]
    public void The_stack_is_for_those_who_debug(string arguments, string? logLevel, bool expected) =>
        Assert.Equal(expected, InternalError.WantsStack(arguments.Split(' '), logLevel));
}
