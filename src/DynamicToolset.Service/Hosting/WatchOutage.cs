using DynamicToolset.Kubernetes.Informers;

namespace DynamicToolset.Service.Hosting;

/// <summary>How long a watch has been away, for those who look: what they see is of before.</summary>
internal sealed class WatchOutage(TimeProvider time)
{
    /// <summary>
    /// A watch that breaks is open again within this time, while the API server is there; and a right that is missing is told as that by then.
    /// </summary>
    private static readonly TimeSpan Blip = TimeSpan.FromSeconds(15);

    private long? _since;

    /// <summary>Null while all is well.</summary>
    public string? Detail => _since is { } since && time.GetElapsedTime(since) is var away && away > Blip
        ? FormattableString.Invariant($"no update for {away.TotalSeconds:F0} seconds, so the data may be old: the API server is away or refuses, see the log")
        : null;

    public void Take(InformerReport report)
    {
        switch (report)
        {
            case InformerReport.ListFailed or InformerReport.WatchRefused or InformerReport.WatchBroken:
                _since ??= time.GetTimestamp();
                break;
            case InformerReport.Listed or InformerReport.WatchOpened:
                _since = null;
                break;
        }
    }
}
