using DynamicToolset.MicroBench.Steps;

namespace DynamicToolset.Tests.Growth;

/// <summary>What is decided in a large cluster costs as much more as there is more of it. Measured in bytes, which are the same on every machine.</summary>
public sealed class PureGrowthTests
{
    public static TheoryData<string> Steps => [.. PureSteps.All.Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(Steps))]
    public void Eight_times_as_much_to_do_allocates_about_eight_times_as_much(string name) =>
        Assert.InRange(Allocation.GrowthOf(PureSteps.All.Single(s => s.Name == name)), 0, Allocation.MostGrowth);
}
