using System.Globalization;
using DynamicToolset.MicroBench.Steps;

namespace DynamicToolset.MicroBench;

/// <summary>What grows faster than the work is found by doubling the work.</summary>
internal static class Growth
{
    private const int Doublings = 3;

    /// <summary>Twice the work, and what a sort or a tree takes more for each, and what comes and goes.</summary>
    private const double Most = 2.5;

    /// <summary>The fastest of so many runs, or of those that there is time for, is least disturbed by what else goes on.</summary>
    private const int Runs = 15;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    public static void Print(IEnumerable<Step> steps)
    {
        Row("each time twice as much to do", "at first", "CPU, ms", "and so many times as much", "KiB", "and so many times as much", "");
        foreach (Step step in steps)
        {
            (double Milliseconds, double Kib)[] costs = [.. Enumerable.Range(0, Doublings + 1).Select(d => CostOf(step.Prepare(step.Usual << d)))];
            double[] times = Ratios([.. costs.Select(c => c.Milliseconds)]), bytes = Ratios([.. costs.Select(c => c.Kib)]);
            string remark = bytes.Any(r => r > Most) || times.Count(r => r > Most) > 1 ? "GROWS FASTER THAN THE WORK" : times.Any(r => r > Most) ? "once" : "";
            Row(step.Name, $"{step.Usual}", Number(costs[0].Milliseconds), Joined(times), Number(costs[0].Kib), Joined(bytes), remark);
        }
    }

    private static (double Milliseconds, double Kib) CostOf(Action step)
    {
        double kib = Allocation.Of(step) / 1024.0;
        var fastest = TimeSpan.MaxValue;
        long begun = TimeProvider.System.GetTimestamp();
        for (int run = 0; run < Runs && TimeProvider.System.GetElapsedTime(begun) < Longest; run++)
        {
            // Of the processor: others who use it count for nothing.
            TimeSpan before = Environment.CpuUsage.TotalTime;
            step();
            TimeSpan took = Environment.CpuUsage.TotalTime - before;
            fastest = took < fastest ? took : fastest;
        }

        return (fastest.TotalMilliseconds, kib);
    }

    private static double[] Ratios(double[] costs) => [.. costs.Zip(costs.Skip(1), (one, next) => next / one)];

    private static string Joined(double[] ratios) => string.Join("  ", ratios.Select(r => r.ToString("F2", CultureInfo.InvariantCulture)));

    private static string Number(double value) => value.ToString(value < 10 ? "F2" : "F0", CultureInfo.InvariantCulture);

    private static void Row(string name, string size, string time, string times, string kib, string bytes, string remark) =>
        Console.Out.WriteLine($"{name,-44}{size,8}{time,10}  {times,-26}{kib,10}  {bytes,-26}{remark}".TrimEnd());
}
