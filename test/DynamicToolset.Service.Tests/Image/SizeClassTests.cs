using System.Globalization;
using System.Net;
using DynamicToolset.Sandbox.SampleBackends;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Image;

/// <summary>
/// The sizes of docs/image.md, with limits of the kernel: Services change, watches break off, lists grow too old, keys are edited and a backend fails.
/// The process lives, and says so each time that it is asked. IMAGE_CHURN_MINUTES is how long each goes on; once through unless it is set.
/// </summary>
public sealed class SizeClassTests(ContainerEngine engine) : IClassFixture<ContainerEngine>
{
    private const int Steps = 12, ChangesPerStep = 25;

    private static TimeSpan Duration => TimeSpan.FromMinutes(
        int.TryParse(Environment.GetEnvironmentVariable("IMAGE_CHURN_MINUTES"), CultureInfo.InvariantCulture, out int minutes) ? minutes : 0);

    [Theory]
    [InlineData(0.05, 64, 20)]
    [InlineData(0.1, 128, 100)]
    [InlineData(0.2, 256, 10_000)]
    public async Task It_lives_within_its_limits_and_says_so(double cpu, int mebibytes, int services)
    {
        await using Pod pod = await Pod.StartAsync(engine, new ContainerLimits(cpu, mebibytes), services);
        Assert.Equal((cpu, mebibytes * 1024L * 1024), (pod.CpuLimit, pod.MemoryLimit));
        await pod.HasAllToolsetsAsync();
        long begun = TimeProvider.System.GetTimestamp();
        int step = 0;
        do
        {
            for (int end = step + Steps; step < end; step++)
                await StepAsync(pod, step);
        }
        while (TimeProvider.System.GetElapsedTime(begun) < Duration);

        await pod.HasAllToolsetsAsync();
        Assert.Equal(0, pod.Killed);
        double seconds = TimeProvider.System.GetElapsedTime(begun).TotalSeconds;
        TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant(
            $"{services} Services, {cpu} CPU, {mebibytes} MiB: {step} steps in {seconds:0} s, peak {pod.PeakMemory / 1048576.0:0.0} MiB"));
        Assert.Equal(0, await pod.Program.TerminateAsync());
    }

    /// <summary>The next one begins when it has answered, so that a slow machine makes for a long test and no other result.</summary>
    private static async Task StepAsync(Pod pod, int step)
    {
        for (int i = 0; i < ChangesPerStep; i++)
            pod.Change((step * ChangesPerStep) + i, step);
        switch (step % 6)
        {
            case 1 when step < Steps:
                pod.Edit(step % 4);
                await pod.HasToolsetAsync(step % 4);
                break;
            case 1:
                // Another key each time: one that is edited again and again is fought over, and repaired ever later.
                pod.AddKey(step);
                await pod.HasNoKeyAsync(step);
                break;
            case 3:
                // Everything is listed anew.
                pod.Api.ExpireHistory();
                pod.Api.DropWatches(abort: true);
                break;
            case 4:
                pod.SetAnswer(0, SampleAnswer.Unavailable);
                await pod.HasNoToolsetAsync(0);
                break;
            case 5:
                pod.SetAnswer(0, SampleAnswer.Right);
                await pod.HasToolsetAsync(0);
                break;
        }

        HttpStatusCode code = await pod.AskAsync("/livez").WithPatienceAsync();
        Assert.True(code == HttpStatusCode.OK, $"/livez answers {code}\n{string.Join('\n', pod.Program.Output.TakeLast(5))}");
    }
}
