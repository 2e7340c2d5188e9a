using DynamicToolset.Kubernetes.Config;
using DynamicToolset.Messages;

namespace DynamicToolset.Kubernetes.Client;

/// <summary>
/// A small file that somebody else replaces. Its text is compared, not its time: the kubelet swaps a directory link, and the time of
/// the link in our hand does not move. A file that cannot be read for a moment leaves the last good text in force.
/// </summary>
public sealed class RotatingFile(string path, Bound longest, TimeProvider time)
{
    /// <summary>How long a text is used without a look at the file; Kubernetes asks for a minute at most.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private string? _text;
    private long _readAt;

    /// <exception cref="KubeConfigException">It never could be read.</exception>
    public string Read()
    {
        lock (_gate)
        {
            if (_text is null || time.GetElapsedTime(_readAt) >= Freshness)
                Reload();
            return _text!;
        }
    }

    /// <summary>The next read looks at the file, however fresh the text is.</summary>
    public void Expire()
    {
        lock (_gate)
            _readAt = time.GetTimestamp() - (long)(Freshness.TotalSeconds * time.TimestampFrequency);
    }

    private void Reload()
    {
        try
        {
            string text = BoundedInput.ReadText(path, longest);
            if (text.Length > 0 || _text is null)
                _text = text;
            _readAt = time.GetTimestamp();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (_text is null)
                throw Unreadable(e);
        }
    }

    private KubeConfigException Unreadable(Exception e) => e is InputTooLargeException
        ? new KubeConfigException(path, e.Message, "check that it is the right file", e)
        : new KubeConfigException(path, "cannot be read", "check that it exists and may be read by this process", e);
}
