using System.Text;
using DynamicToolset.Kubernetes.Config;
using DynamicToolset.Messages;

namespace DynamicToolset.Service.Input;

/// <summary>
/// Reads text that somebody else put there or named. Whatever it is, it ends: no pipe is waited for for ever, and nothing without an end is
/// read. Every byte counts: a byte order mark stays, and what is no UTF-8 is refused.
/// </summary>
internal static class InputFile
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>For a pipe that the service is to start with.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>A file out of a directory, where nobody means a pipe.</summary>
    /// <exception cref="IOException">It cannot be read, is longer, or is no file.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read, or is a directory.</exception>
    /// <exception cref="DecoderFallbackException">It is no UTF-8.</exception>
    public static string ReadRegular(string path, Bound longest) =>
        OddityOf(path) is { } oddity ? throw new IOException($"it is {oddity}, not a file") : Read(path, longest);

    /// <summary>
    /// A file that somebody named, or a pipe, such as a shell makes of <c>&lt;(command)</c>, that comes to its end within <see cref="Patience"/>.
    /// </summary>
    /// <inheritdoc cref="ReadRegular"/>
    public static string ReadWithin(string path, Bound longest, TimeProvider time)
    {
        if (OddityOf(path) is null)
            return Read(path, longest);
        try
        {
            // Opening a pipe cannot be called off. Whoever waits for it goes with the process.
            return Task.Run(() => Read(path, longest)).WaitAsync(Patience, time).GetAwaiter().GetResult();
        }
        catch (TimeoutException)
        {
            throw new IOException($"it is {OddityOf(path)}, and did not end within {Patience.TotalSeconds:0} seconds");
        }
    }

    /// <summary>A file or a pipe that somebody named and waits for, who may press Ctrl-C.</summary>
    /// <inheritdoc cref="ReadRegular"/>
    public static Task<string> ReadAsync(string path, Bound longest, CancellationToken stop) =>
        Task.Run(() => Read(path, longest), stop).WaitAsync(stop);

    /// <inheritdoc cref="ReadRegular"/>
    public static string Read(Stream stream, Bound longest) => StrictUtf8.GetString(BoundedInput.Read(stream, longest));

    /// <summary>What a path leads to that is no regular file, for a person; null where it is one, or where opening it tells.</summary>
    public static string? OddityOf(string path) => PathKinds.Of(path) switch
    {
        PathKind.Pipe => "a pipe",
        PathKind.Socket => "a socket",
        PathKind.Device => "a device",
        _ => null,
    };

    /// <summary>For a person, behind the name of the file.</summary>
    public static string WhyUnreadable(Exception e, string path) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException when new FileInfo(path).LinkTarget is { } target => $"is a link to {QuotedText.OrPlain(target)}, which is not there",
        FileNotFoundException or DirectoryNotFoundException => "no such file or directory",
        UnauthorizedAccessException when Directory.Exists(path) => "is a directory, but a file is needed here",
        UnauthorizedAccessException => "cannot be read: permission denied",
        _ => $"cannot be read: {e.Message}",
    };

    private static string Read(string path, Bound longest)
    {
        // Somebody may be writing it: that is for the caller to find out.
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return Read(file, longest);
    }
}
