using System.Globalization;

namespace DynamicToolset.Service.Tests.EndToEnd;

/// <summary>Where the C library gives each thread a heap of its own, each keeps a megabyte sooner or later.</summary>
public sealed class NativeHeapTests
{
    /// <summary>glibc reserves so much for each, and begins it at a multiple of that.</summary>
    private const long Reserved = 64 * 1024 * 1024;

    [Fact]
    public async Task Threads_that_connect_share_a_heap()
    {
        await using PublishedProgram program = PublishedProgram.Start([("PORT", "0")], "sandbox");
        await program.LineAsync(" created ");
        Assert.InRange(ThreadHeaps(await File.ReadAllLinesAsync($"/proc/{program.Id}/maps", TestContext.Current.CancellationToken)), 0, 2);
    }

    /// <summary>What is taken of one can be written, and the rest of what is reserved follows at once and cannot.</summary>
    private static int ThreadHeaps(string[] maps)
    {
        (long Start, long End, string Rights)[] ranges = [.. maps.Select(Range)];
        return ranges.Zip(ranges.Skip(1)).Count(pair => pair is ({ Rights: "rw-p" } taken, { Rights: "---p" } rest)
            && taken.End == rest.Start && taken.Start % Reserved == 0 && rest.End - taken.Start == Reserved);
    }

    private static (long Start, long End, string Rights) Range(string line)
    {
        string[] parts = line.Split(' ', '-')[..2];
        return (Hexadecimal(parts[0]), Hexadecimal(parts[1]), line.Split(' ')[1]);
    }

    private static long Hexadecimal(string text) => (long)ulong.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
