using System.Buffers.Binary;

namespace DynamicToolset.Service.Tests.EndToEnd;

/// <summary>Tables that the start fills in, or writes addresses into, are nine MiB of each process's own. The settings that keep them in the file can be lost in silence.</summary>
public sealed class ExecutableLayoutTests
{
    /// <summary>ET_EXEC of https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html.</summary>
    private const ushort FixedAddress = 2;

    [Fact]
    public async Task The_runtimes_tables_are_pages_of_the_published_executable() =>
        HoldsItsTables(await File.ReadAllBytesAsync(PublishedProgram.Path(), TestContext.Current.CancellationToken));

    internal static void HoldsItsTables(byte[] elf)
    {
        Assert.Equal(FixedAddress, BinaryPrimitives.ReadUInt16LittleEndian(elf.AsSpan(16)));
        Assert.True(elf.AsSpan().IndexOf(".hydrated"u8) < 0, "The tables are filled in at the start.");
    }
}
