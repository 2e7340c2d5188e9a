using System.Globalization;

namespace DynamicToolset.Service.Journal;

/// <summary>
/// The files of JOURNAL_DIR, of which this program writes one at a time. Each is new, so that nothing is written into what somebody else put there, and only
/// its owner can read it. Several programs may share the directory.
/// </summary>
/// <param name="open">Creates a file; tests have one on a full disk.</param>
internal sealed class JournalFiles(
    string folder, ReadOnlyMemory<byte> header, TimeProvider time, Func<string, FileStreamOptions, FileStream>? open = null) : IDisposable
{
    private const int MiB = 1024 * 1024;

    /// <summary>Of one instant.</summary>
    private const int MostTries = 100;

    private FileStream? _file;
    private long _size;
    private long _others;

    public const string Pattern = "rounds-*.jsonl";

    /// <summary>In bytes. The round that exceeds it is the last one of its file.</summary>
    public const int FileSize = 8 * MiB;

    /// <summary>The oldest is deleted when another one begins.</summary>
    public const int MostFiles = 8;

    /// <summary>In bytes, of all files together. The oldest are deleted before it is reached; a round that is larger by itself is not recorded.</summary>
    public const int Size = 64 * MiB;

    /// <summary>Or deleted by somebody, perhaps by another program that makes room.</summary>
    public bool IsFull => _file is null || _size >= FileSize || !File.Exists(_file.Name);

    /// <exception cref="IOException">Nothing can be written to the folder.</exception>
    /// <exception cref="UnauthorizedAccessException">Permission is denied.</exception>
    public void Begin()
    {
        Dispose();
        MakeRoom(Size - FileSize);
        _file = Create();
        _size = 0;
        Append(header.Span);
    }

    /// <inheritdoc cref="Begin"/>
    public void Append(ReadOnlySpan<byte> line)
    {
        if (_others + _size + line.Length > Size)
            MakeRoom(Size - _size - line.Length);
        if (_size + line.Length > Size)
            throw new IOException($"one round takes more than {Size / MiB} MiB");
        _file!.Write(line);
        _size += line.Length;
    }

    /// <summary>
    /// Nothing more is written to the present file. The beginning of a line is removed if possible, and so is a file without a line: such files would
    /// push out the recorded ones.
    /// </summary>
    public void GiveUp()
    {
        try
        {
            if (_file is not null && _size == 0)
                File.Delete(_file.Name);
            _file?.SetLength(_size);
        }
        catch (Exception e) when (e is IOException or NotSupportedException or UnauthorizedAccessException)
        {
            // A reader ignores half a line at the end.
        }

        Dispose();
    }

    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
    }

    private FileStream Create()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.Read,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        string name = time.GetUtcNow().ToString("'rounds-'yyyyMMdd'T'HHmmss.fff'Z'", CultureInfo.InvariantCulture);
        for (int i = 0; ; i++)
        {
            string path = Path.Combine(folder, $"{name}{(i == 0 ? "" : $"-{i:00}")}.jsonl");
            try
            {
                return open is null ? new FileStream(path, options) : open(path, options);
            }
            catch (IOException) when (i < MostTries && new FileInfo(path) is { Exists: true } or { LinkTarget: not null })
            {
                // The name is taken.
            }
        }
    }

    /// <summary>The oldest go first; by their names, which tell the time.</summary>
    /// <param name="bytes">The others may keep this many.</param>
    private void MakeRoom(long bytes)
    {
        var others = new Queue<FileInfo>(
            new DirectoryInfo(folder).EnumerateFiles(Pattern).Where(f => f.Name != Path.GetFileName(_file?.Name)).OrderBy(f => f.Name, StringComparer.Ordinal));
        _others = others.Sum(SizeOf);
        while ((others.Count >= MostFiles || _others > bytes) && others.TryDequeue(out FileInfo? oldest))
        {
            _others -= SizeOf(oldest);
            oldest.Delete();
        }
    }

    /// <summary>A link leads to something that is not ours, or to nothing; it is deleted like a file. So is what another program deletes meanwhile.</summary>
    private static long SizeOf(FileInfo file) => file is { LinkTarget: null, Exists: true } ? file.Length : 0;
}
