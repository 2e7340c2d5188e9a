using DynamicToolset.MicroBench.Steps;

namespace DynamicToolset.Kubernetes.Tests.Growth;

/// <summary>What the API server sends costs as much more as there is more of it. Measured in bytes, which are the same on every machine.</summary>
public sealed class DecoderGrowthTests
{
    public static TheoryData<string> Steps => [.. DecoderSteps.All.Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(Steps))]
    public void Eight_times_as_much_to_read_allocates_about_eight_times_as_much(string name) =>
        Assert.InRange(Allocation.GrowthOf(DecoderSteps.All.Single(s => s.Name == name)), 0, Allocation.MostGrowth);
}
