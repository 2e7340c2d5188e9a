using System.Globalization;

namespace DynamicToolset.Service.Input;

/// <summary>Shows on a terminal how far a long read is, in one line that is gone when it is done. A short read shows nothing.</summary>
/// <param name="screen">Null where nobody looks.</param>
internal sealed class ReadProgress(TextWriter? screen, TimeProvider time)
{
    private const int MiB = 1024 * 1024;
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly long _start = time.GetTimestamp();
    private TimeSpan _shown;
    private long _bytes;

    /// <param name="name">Of the file.</param>
    public void Add(string name, int bytes)
    {
        _bytes += bytes;
        TimeSpan elapsed = time.GetElapsedTime(_start);
        if (screen is null || elapsed < Short || elapsed - _shown < Pause)
            return;
        _shown = elapsed;
        screen.Write(string.Create(CultureInfo.InvariantCulture, $"\r\e[Kreading {name}: {(double)_bytes / MiB:0.0} MiB"));
    }

    public void End()
    {
        if (_shown > TimeSpan.Zero)
            screen?.Write("\r\e[K");
    }
}
