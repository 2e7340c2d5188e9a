namespace DynamicToolset.MicroBench.Steps;

/// <summary>What a step takes from the heap: unlike its time that is the same on every machine.</summary>
internal static class Allocation
{
    /// <summary>
    /// Of <see cref="GrowthOf"/>: eight, and half of it for what a tree or a search by halves takes more for each. To copy all for each would make it
    /// sixty-four.
    /// </summary>
    public const double MostGrowth = 12;

    private const int Times = 8;

    /// <summary>The least of so many: an expression that was let go to make room is made again in one of them.</summary>
    private const int Runs = 3;

    /// <returns>In bytes, of this thread alone.</returns>
    public static long Of(Action step)
    {
        // What is made once in the life of the program is made now.
        step();
        return Enumerable.Range(0, Runs).Min(_ => OfOne(step));
    }

    /// <summary>So many times as much is allocated where there is eight times as much to do.</summary>
    public static double GrowthOf(Step step)
    {
        // The small one first: what has run often is compiled anew, and may allocate less.
        long few = Of(step.Prepare(step.Usual));
        return (double)Of(step.Prepare(Times * step.Usual)) / few;
    }

    private static long OfOne(Action step)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        step();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
