using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;

namespace DynamicToolset.Service.Hosting;

/// <summary>
/// The executable and its libraries, as far as the process has their pages. Of 27 MiB that the start reads, an idle service needs four. A page that
/// nobody has written is a copy of the file's, so it can be given back, and comes again when it is used.
/// </summary>
internal static class MappedFiles
{
    /// <summary>Of https://man7.org/linux/man-pages/man2/madvise.2.html.</summary>
    private const int DontNeed = 4;

    /// <summary>What is left in the system's cache is the first to go where memory is short. Without it pages that go count as just used.</summary>
    private const int Cold = 20;

    /// <summary>What can be given back: the parts of files that cannot be written, and of which no page was changed while they could.</summary>
    /// <param name="smaps">The lines of https://man7.org/linux/man-pages/man5/proc_pid_smaps.5.html.</param>
    public static ImmutableArray<MappedRange> Unchanged(IEnumerable<string> smaps)
    {
        ImmutableArray<MappedRange>.Builder unchanged = ImmutableArray.CreateBuilder<MappedRange>();
        MappedRange? range = null;
        foreach (string line in smaps)
        {
            if (IsMapping(line))
                range = ReadOnlyPart(line);
            // An emulator counts nothing at all: there a changed page would look as if it were the file's.
            else if (IsNothing(line, "Rss:"))
                range = null;
            else if (range is not null && IsNothing(line, "Anonymous:"))
                unchanged.Add(range);
        }
        return unchanged.ToImmutable();
    }

    /// <summary>Nothing where the system does not tell.</summary>
    public static ImmutableArray<MappedRange> Read()
    {
        try
        {
            return Unchanged(File.ReadLines("/proc/self/smaps"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    public static void GiveBack(ImmutableArray<MappedRange> ranges)
    {
        foreach (MappedRange range in ranges)
        {
            _ = Advise(range.Start, range.Length, Cold);
            _ = Advise(range.Start, range.Length, DontNeed);
        }
    }

    /// <summary>The names of counts begin with a capital.</summary>
    private static bool IsMapping(string line) => line is [(>= '0' and <= '9') or (>= 'a' and <= 'f'), ..];

    /// <summary>Null where it is no file's, or can be written.</summary>
    /// <param name="line">As in <c>7f0a-7f0c r-xp 00001000 fe:00 1234   /dynamic-toolset</c>, where the last part may be missing.</param>
    private static MappedRange? ReadOnlyPart(string line)
    {
        string[] parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        bool isUnwritable = parts[1] is ['r', '-', _, 'p'];
        if (!isUnwritable || parts is not [var addresses, _, _, _, _, ['/', ..], ..])
            return null;
        int dash = addresses.IndexOf('-', StringComparison.Ordinal);
        nint start = nint.Parse(addresses.AsSpan(..dash), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        nint end = nint.Parse(addresses.AsSpan(dash + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return new MappedRange(start, end - start);
    }

    private static bool IsNothing(string line, string count) =>
        line.StartsWith(count, StringComparison.Ordinal) && line.AsSpan(count.Length).Trim() is "0 kB";

    [DllImport("libc", EntryPoint = "madvise")]
    private static extern int Advise(nint start, nint length, int advice);
}

/// <summary>A part of the process's memory, of whole pages.</summary>
internal sealed record MappedRange(nint Start, nint Length);
