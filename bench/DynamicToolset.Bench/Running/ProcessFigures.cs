using System.Globalization;

namespace DynamicToolset.Bench.Running;

/// <summary>What the kernel counts of a process, https://man7.org/linux/man-pages/man5/proc.5.html.</summary>
/// <param name="ResidentMiB">VmRSS: shared and file-backed pages too.</param>
/// <param name="AnonymousMiB">RssAnon: what no file backs, and no other process shares.</param>
/// <param name="PeakResidentMiB">VmHWM.</param>
/// <param name="CpuSeconds">In user and kernel mode, in steps of 10 ms.</param>
internal sealed record ProcessFigures(double ResidentMiB, double AnonymousMiB, double PeakResidentMiB, double CpuSeconds)
{
    private const double TicksPerSecond = 100;
    private const double KibPerMib = 1024;

    public static ProcessFigures Of(int process)
    {
        string[] status = File.ReadAllLines($"/proc/{process}/status");
        return new ProcessFigures(MiB(status, "VmRSS:"), MiB(status, "RssAnon:"), MiB(status, "VmHWM:"), CpuSecondsOf(process));
    }

    private static double MiB(string[] status, string name)
    {
        string line = status.Single(l => l.StartsWith(name, StringComparison.Ordinal));
        return double.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) / KibPerMib;
    }

    private static double CpuSecondsOf(int process)
    {
        string stat = File.ReadAllText($"/proc/{process}/stat");
        // The second field is a name in parentheses, which may hold anything; utime and stime are fields 14 and 15.
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }
}
