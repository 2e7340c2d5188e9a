using DynamicToolset.Messages;

namespace DynamicToolset.Kubernetes.Config;

/// <summary>
/// Reads files and pipes up to a bound. Of what is longer at most one byte more is read, whatever it is: a file, a pipe that does not end, a device.
/// </summary>
public static class BoundedInput
{
    private const int Step = 64 * 1024;

    /// <summary>For a pipe; a file is there at once.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <exception cref="InputTooLargeException">There is more.</exception>
    /// <exception cref="IOException">It cannot be read, or is a pipe that does not come to its end in time.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static byte[] ReadBytes(string path, Bound bound) => ReadBytes(path, bound, TimeProvider.System);

    internal static byte[] ReadBytes(string path, Bound bound, TimeProvider time)
    {
        try
        {
            // Opening a pipe cannot be called off. Whoever waits for it goes with the process.
            return Task.Run(() => Open(path, bound)).WaitAsync(Patience, time).GetAwaiter().GetResult();
        }
        catch (TimeoutException)
        {
            throw new IOException($"it did not end within {Patience.TotalSeconds:0} seconds: is it a pipe into which nobody writes?");
        }
    }

    private static byte[] Open(string path, Bound bound)
    {
        using FileStream stream = File.OpenRead(path);
        return Read(stream, bound);
    }

    /// <summary>As UTF-8, or as what a byte order mark says.</summary>
    /// <inheritdoc cref="ReadBytes(string, Bound)"/>
    public static string ReadText(string path, Bound bound)
    {
        using var reader = new StreamReader(new MemoryStream(ReadBytes(path, bound)));
        return reader.ReadToEnd();
    }

    /// <inheritdoc cref="ReadBytes(string, Bound)"/>
    public static byte[] Read(Stream stream, Bound bound)
    {
        using var all = new MemoryStream(CapacityFor(stream, bound));
        byte[] chunk = new byte[Step];
        while (stream.Read(chunk) is > 0 and int length)
            Append(all, chunk.AsSpan(0, length), bound);
        return BytesOf(all);
    }

    /// <inheritdoc cref="ReadBytes(string, Bound)"/>
    public static async Task<byte[]> ReadAsync(Stream stream, Bound bound, CancellationToken stop)
    {
        using var all = new MemoryStream(CapacityFor(stream, bound));
        byte[] chunk = new byte[Step];
        while (await stream.ReadAsync(chunk, stop) is > 0 and int length)
            Append(all, chunk.AsSpan(0, length), bound);
        return BytesOf(all);
    }

    // Of a file of known length there is no second copy.
    private static byte[] BytesOf(MemoryStream all) => all.Length == all.Capacity ? all.GetBuffer() : all.ToArray();

    // The length of a pipe or a device says nothing.
    private static int CapacityFor(Stream stream, Bound bound)
    {
        long length = stream.CanSeek ? stream.Length : 0;
        return length > bound.Most ? throw new InputTooLargeException(bound) : (int)length;
    }

    private static void Append(MemoryStream all, ReadOnlySpan<byte> more, Bound bound)
    {
        if (all.Length + more.Length > bound.Most)
            throw new InputTooLargeException(bound);
        all.Write(more);
    }
}

/// <summary>A file, or what comes out of a pipe, is beyond a bound.</summary>
public sealed class InputTooLargeException(Bound bound) : IOException($"it has more than {bound}")
{
    public Bound Bound { get; } = bound;
}
