using System.Globalization;
using System.Runtime.InteropServices;

namespace DynamicToolset.Bench;

/// <summary>What figures depend on.</summary>
internal static class Machine
{
    /// <summary>Its kind, not its name.</summary>
    public static string Describe() =>
        $"{Environment.ProcessorCount} cores of {ProcessorName()}, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}";

    /// <summary>Of the last 1, 5 and 15 minutes: processes that run or want to.</summary>
    public static string LoadAverage() => string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ')[..3]);

    public static string Today() => TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string ProcessorName() =>
        File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim()
        ?? RuntimeInformation.ProcessArchitecture.ToString();
}
