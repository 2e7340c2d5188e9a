using System.Globalization;
using System.Runtime.InteropServices;
using DynamicToolset.Service.Hosting;
using DynamicToolset.Testing;
using Microsoft.Win32.SafeHandles;

namespace DynamicToolset.Service.Tests.Hosting;

public sealed class MappedFilesTests
{
    private const string Changed = "Anonymous:            12 kB", Unchanged = "Anonymous:             0 kB";

    [Theory]
    [InlineData("7f0a00001000-7f0a00004000 r-xp 00001000 fe:00 1234                       /dynamic-toolset", Unchanged, true)]
    [InlineData("00400000-00403000 r--p 00000000 fe:00 1234                               /a b/dynamic-toolset (deleted)", Unchanged, true)]
    [InlineData("ffff00001000-ffff00004000 r--p 00001000 fe:00 1234                       /dynamic-toolset", Changed, false)]
    [InlineData("7f0a00001000-7f0a00004000 rw-p 00001000 fe:00 1234                       /dynamic-toolset", Unchanged, false)]
    [InlineData("7f0a00001000-7f0a00004000 r--s 00001000 fe:00 1234                       /shared", Unchanged, false)]
    [InlineData("7f0a00001000-7f0a00004000 ---p 00001000 fe:00 1234                       /lib/libc.so.6", Unchanged, false)]
    [InlineData("7f0a00001000-7f0a00004000 r--p 00000000 00:00 0 ", Unchanged, false)]
    [InlineData("7f0a00001000-7f0a00004000 r-xp 00000000 00:00 0                          [vdso]", Unchanged, false)]
    public void Only_what_the_file_still_holds_is_given_back(string mapping, string count, bool isGivenBack)
    {
        string[] smaps = [mapping, "Size:                 12 kB", "Rss:                  12 kB", count, "VmFlags: rd mr mw me "];
        Assert.Equal(isGivenBack ? 1 : 0, MappedFiles.Unchanged(smaps).Length);
    }

    [Fact]
    public void Nothing_is_given_back_where_pages_are_not_counted()
    {
        string[] smaps = ["00401000-00403000 r-xp 00001000 fe:00 12 /a", "Rss:                   0 kB", Unchanged];
        Assert.Empty(MappedFiles.Unchanged(smaps));
    }

    [Fact]
    public void A_count_belongs_to_the_mapping_above_it()
    {
        string[] smaps = ["00401000-00403000 r-xp 00001000 fe:00 12 /a", Unchanged, "00403000-00404000 rw-p 00003000 fe:00 12 /a", Unchanged];
        Assert.Equal([new MappedRange(0x401000, 0x2000)], MappedFiles.Unchanged(smaps));
    }

    [Fact]
    public void A_collection_gives_pages_of_files_back_and_they_come_again()
    {
        const int Bytes = 1024 * 1024, ReadOnly = 1, Private = 2;
        using var folder = new TestFolder();
        string path = Path.Combine(folder.Path, "file");
        File.WriteAllBytes(path, [.. Enumerable.Repeat((byte)7, Bytes)]);
        using SafeFileHandle file = File.OpenHandle(path);
        nint start = Map(0, Bytes, ReadOnly, Private, file, 0);
        Assert.Equal(Bytes * 7, Sum(start, Bytes));
        Assert.Equal(Bytes / 1024, ResidentKib(start));
        IdleCollection.Collect();
        Assert.Equal(0, ResidentKib(start));
        Assert.Equal(Bytes * 7, Sum(start, Bytes));
        Assert.Equal(0, Unmap(start, Bytes));
    }

    /// <summary>As many as nothing else here frees meanwhile, and so small that the C library does not ask the system for each.</summary>
    [Fact]
    public void A_collection_gives_native_memory_back()
    {
        const int Blocks = 2048, BlockBytes = 64 * 1024;
        nint[] blocks = [.. Enumerable.Range(0, Blocks).Select(_ => Written(BlockBytes))];
        // The last one stays: what is free below it the C library keeps.
        foreach (nint block in blocks[..^1])
            Marshal.FreeHGlobal(block);
        long before = ResidentKib("RssAnon:");
        IdleCollection.Collect();
        long after = ResidentKib("RssAnon:");
        Marshal.FreeHGlobal(blocks[^1]);
        Assert.InRange(before - after, Blocks * (BlockBytes / 1024) / 2, long.MaxValue);
    }

    private static nint Written(int bytes)
    {
        nint block = Marshal.AllocHGlobal(bytes);
        Marshal.Copy(new byte[bytes], 0, block, bytes);
        return block;
    }

    private static long ResidentKib(string count) => File.ReadLines("/proc/self/status")
        .Where(line => line.StartsWith(count, StringComparison.Ordinal))
        .Select(line => long.Parse(line[count.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture))
        .Single();

    private static long ResidentKib(nint start) => File.ReadLines("/proc/self/smaps")
        .SkipWhile(line => !line.StartsWith($"{start:x}-", StringComparison.Ordinal))
        .Where(line => line.StartsWith("Rss:", StringComparison.Ordinal))
        .Select(line => long.Parse(line["Rss:".Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture))
        .First();

    private static int Sum(nint start, int bytes)
    {
        byte[] copy = new byte[bytes];
        Marshal.Copy(start, copy, 0, bytes);
        return copy.Sum(b => b);
    }

    [DllImport("libc", EntryPoint = "mmap")]
    private static extern nint Map(nint address, nint length, int protection, int flags, SafeFileHandle file, nint offset);

    [DllImport("libc", EntryPoint = "munmap")]
    private static extern int Unmap(nint address, nint length);
}
