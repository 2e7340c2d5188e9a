using System.Text;
using DynamicToolset.Kubernetes.Config;
using DynamicToolset.Messages;

namespace DynamicToolset.Service.Input;

/// <summary>
/// Opens one manifest after another, of which none is held. As <c>kubectl</c> has it: text is what a byte order mark says, else UTF-8, in which what is none
/// becomes a mark of replacement.
/// </summary>
internal sealed class ManifestReading(Bound together, ReadProgress progress)
{
    public const string StandardInput = "-";

    public const string NoName = "the name of a file is empty: give a file, a directory, or - for standard input";

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private long _left = together.Most;

    /// <summary>What to call a path in messages.</summary>
    public static string NameOf(string path) => path == StandardInput ? "stdin" : path;

    /// <summary>What could not be read.</summary>
    public List<UnreadableFile> Unreadable { get; } = [];

    /// <returns>Null where it cannot be read.</returns>
    /// <exception cref="InputException">With it there is too much.</exception>
    public T? Read<T>(ManifestPath given, Func<TextReader, T> read)
        where T : class
    {
        string path = given.Path;
        if (path.Length == 0)
            throw new InputException(NoName);
        string name = NameOf(path);
        if (given.WhyUnreadable is { } why)
        {
            Unreadable.Add(new UnreadableFile(name, why));
            return null;
        }

        try
        {
            using var text = new StreamReader(Open(path, name), Utf8, detectEncodingFromByteOrderMarks: true, bufferSize: 64 * 1024);
            return read(text);
        }
        catch (InputTooLargeException)
        {
            throw new InputException($"{name}: with it there are more than {together}: read less at once");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Unreadable.Add(new UnreadableFile(name, InputFile.WhyUnreadable(e, path)));
            return null;
        }
    }

    private BoundedStream Open(string path, string name)
    {
        // Somebody may be writing it: that is for the caller to find out.
        Stream file = path == StandardInput
            ? Console.OpenStandardInput()
            : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        // The length of a pipe says nothing.
        if (file.CanSeek && file.Length > _left)
            throw new InputTooLargeException(together);
        return new BoundedStream(file, together, _left, bytes =>
        {
            _left -= bytes;
            progress.Add(name, bytes);
        });
    }
}
