using CsCheck;
using DynamicToolset.HealthCheck;
using DynamicToolset.Tests.Properties;

namespace DynamicToolset.Tests.HealthCheck;

public sealed class ProbeScheduleTests(ITestOutputHelper output)
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly ProbeOutcome Passed = new ProbeOutcome.Success(200);
    private static readonly ProbeOutcome Failed = new ProbeOutcome.Unanswered(ProbeFailure.Timeout);

    [Theory]
    [InlineData("steady", 1, 30, 30)]
    [InlineData("steady", 9, 30, 30)]
    [InlineData("failing", 1, 30, 2)]
    [InlineData("failing", 2, 30, 4)]
    [InlineData("failing", 3, 30, 8)]
    [InlineData("failing", 4, 30, 16)]
    [InlineData("failing", 5, 30, 30)]
    [InlineData("failing", 1_000_000, 30, 30)]
    [InlineData("failing", 1, 1, 1)]
    [InlineData("settling", 1, 30, 2)]
    [InlineData("settling", 2, 30, 4)]
    [InlineData("first failure", 1, 30, 2)]
    [InlineData("obstructed", 0, 30, 30)]
    public void A_failing_or_new_endpoint_is_checked_sooner_than_a_steady_one(string endpoint, int streak, int interval, int seconds)
    {
        HealthState state = endpoint switch
        {
            "steady" => new HealthState(HealthStatus.Healthy, streak, Now, Passed, Now),
            "settling" => new HealthState(HealthStatus.Unknown, streak, Now, Passed, Now),
            "obstructed" => new HealthState(HealthStatus.Unknown, 0, Now, null, null) { Obstacle = "mend it" },
            "first failure" => new HealthState(HealthStatus.Healthy, streak, Now, Failed, Now),
            _ => new HealthState(HealthStatus.Unhealthy, streak, Now, Failed, Now),
        };

        Assert.Equal(TimeSpan.FromSeconds(seconds), ProbeSchedule.DelayAfter(state, TimeSpan.FromSeconds(interval), random: 0.5));
    }

    [Fact]
    public void The_delay_is_spread_over_a_tenth_to_either_side() =>
        Gen.Select(Gen.Double[0, 0.999], Gen.Int[1, 600]).Holds(1_000, output, input =>
        {
            (double random, int seconds) = input;
            HealthState steady = new(HealthStatus.Healthy, 3, Now, Passed, Now);
            TimeSpan interval = TimeSpan.FromSeconds(seconds);
            TimeSpan delay = ProbeSchedule.DelayAfter(steady, interval, random);
            return delay >= interval * 0.9 && delay < interval * 1.1;
        });

    [Fact]
    public void The_whole_width_of_the_spread_is_used()
    {
        HealthState steady = new(HealthStatus.Healthy, 3, Now, Passed, Now);

        Assert.Equal(TimeSpan.FromSeconds(27), ProbeSchedule.DelayAfter(steady, TimeSpan.FromSeconds(30), 0));
        Assert.Equal(32.99, ProbeSchedule.DelayAfter(steady, TimeSpan.FromSeconds(30), 0.999).TotalSeconds, 0.01);
    }
}
