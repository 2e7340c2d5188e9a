using System.Text;

namespace DynamicToolset.Service.Tests.EndToEnd;

/// <summary>The setting is not in the documented list: a runtime that drops it must be noticed.</summary>
public sealed class GarbageCollectorTests
{
    [Fact]
    public void The_budget_of_the_youngest_generation_is_kept_by_this_runtime()
    {
        const int Blocks = 1000, BlockBytes = 80_000;
        int before = GC.CollectionCount(0);
        long sum = 0;
        for (int i = 0; i < Blocks; i++)
            sum += new byte[BlockBytes].LongLength;
        Assert.Equal((long)Blocks * BlockBytes, sum);
        Assert.InRange(GC.CollectionCount(0) - before, 20, int.MaxValue);
    }

    [Theory]
    [InlineData("System.GC.Gen0MaxBudget")]
    [InlineData("System.GC.HeapHardLimitPercent")]
    [InlineData("System.GC.ConserveMemory")]
    public async Task The_setting_is_built_into_the_executable(string setting)
    {
        byte[] program = await File.ReadAllBytesAsync(PublishedProgram.Path(), TestContext.Current.CancellationToken);
        Assert.True(program.AsSpan().IndexOf(Encoding.ASCII.GetBytes(setting)) >= 0, $"{setting} is not in it.");
    }
}
