using System.Globalization;

namespace DynamicToolset.Bench.Running;

/// <summary>What the kernel counts of a process, https://man7.org/linux/man-pages/man5/proc.5.html.</summary>
/// <param name="ResidentMiB">VmRSS: shared and file-backed pages too.</param>
/// <param name="ProportionalMiB">PSS: of pages that other processes have too only this one's part.</param>
/// <param name="AnonymousMiB">RssAnon: what no file backs, and no other process shares.</param>
/// <param name="PeakResidentMiB">VmHWM.</param>
/// <param name="CpuSeconds">In user and kernel mode, in steps of 10 ms.</param>
/// <param name="Handles">Open file descriptors, sockets among them.</param>
/// <param name="Sockets">Of TCP, those that listen too.</param>
internal sealed record ProcessFigures(
    double ResidentMiB, double ProportionalMiB, double AnonymousMiB, double PeakResidentMiB, double CpuSeconds, int Threads, int Handles, int Sockets)
{
    private const double TicksPerSecond = 100;
    private const double KibPerMib = 1024;

    public static ProcessFigures Of(int process)
    {
        string[] status = File.ReadAllLines($"/proc/{process}/status");
        string?[] handles = [.. Directory.EnumerateFileSystemEntries($"/proc/{process}/fd").Select(LinkOf)];
        return new ProcessFigures(
            MiB(status, "VmRSS:"),
            MiB(File.ReadAllLines($"/proc/{process}/smaps_rollup"), "Pss:"),
            MiB(status, "RssAnon:"),
            MiB(status, "VmHWM:"),
            CpuSecondsOf(process),
            (int)Number(status, "Threads:"),
            handles.Length,
            TcpSockets(process).Intersect(handles).Count());
    }

    private static double MiB(string[] status, string name) => Number(status, name) / KibPerMib;

    private static double Number(string[] status, string name)
    {
        string line = status.Single(l => l.StartsWith(name, StringComparison.Ordinal));
        return double.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
    }

    /// <summary>Null where it was closed meanwhile.</summary>
    private static string? LinkOf(string handle)
    {
        try
        {
            return new FileInfo(handle).LinkTarget;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Of its network, as handles lead to them; the tenth column is the inode.</summary>
    private static IEnumerable<string> TcpSockets(int process) => ((string[])["tcp", "tcp6"])
        .SelectMany(protocol => File.ReadLines($"/proc/{process}/net/{protocol}").Skip(1))
        .Select(line => $"socket:[{line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[9]}]");

    private static double CpuSecondsOf(int process)
    {
        string stat = File.ReadAllText($"/proc/{process}/stat");
        // The second field is a name in parentheses, which may hold anything; utime and stime are fields 14 and 15.
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }
}
