using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace DynamicToolset.Service.Input;

/// <summary>What a path leads to. The library does not say, and opening a pipe to find out waits for a writer.</summary>
internal enum PathKind
{
    /// <summary>Not there, or not to be seen: who opens it is told why.</summary>
    Unknown,

    Regular,

    Directory,

    Pipe,

    Socket,

    Device,
}

/// <summary>Asks the kernel of Linux, by statx(2), whose answer is laid out alike on every architecture.</summary>
internal static class PathKinds
{
    private const int WorkingDirectory = -100;
    private const uint Type = 1;
    private const int Size = 256;
    private const int Mode = 28;
    private const int TypeBits = 0xF000;

    /// <summary>Links are followed.</summary>
    public static PathKind Of(string path)
    {
        byte[] status = new byte[Size];
        if (Statx(WorkingDirectory, Encoding.UTF8.GetBytes(path + '\0'), 0, Type, status) != 0)
            return PathKind.Unknown;
        return (BinaryPrimitives.ReadUInt16LittleEndian(status.AsSpan(Mode)) & TypeBits) switch
        {
            0x8000 => PathKind.Regular,
            0x4000 => PathKind.Directory,
            0x1000 => PathKind.Pipe,
            0xC000 => PathKind.Socket,
            0x2000 or 0x6000 => PathKind.Device,
            _ => PathKind.Unknown,
        };
    }

    [DllImport("libc", EntryPoint = "statx")]
    private static extern int Statx(int directory, byte[] path, int flags, uint mask, byte[] status);
}
