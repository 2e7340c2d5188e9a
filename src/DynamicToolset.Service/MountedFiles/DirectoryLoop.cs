using DynamicToolset.Service.Loops;

namespace DynamicToolset.Service.MountedFiles;

/// <summary>
/// Looks at the files of a directory again and again. It asks for their content: the kubelet changes a mounted ConfigMap by swapping a link,
/// which neither the times of the files nor notifications about them show.
/// </summary>
public abstract class DirectoryLoop(string heartbeat, TimeProvider time)
{
    /// <summary>Time between two reads. The kubelet itself takes up to two minutes to update a mount.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    /// <summary>Before the look that tells whether somebody is still writing.</summary>
    public static readonly TimeSpan SettlingTime = TimeSpan.FromSeconds(2);

    public Heartbeat Heartbeat { get; } = new(heartbeat, time);

    /// <summary>Runs until stopped. It survives any content, and any error while reading.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        TellStart();
        try
        {
            TimeSpan wait = Interval;
            while (true)
            {
                Heartbeat.Beat(wait);
                await Task.Delay(wait, time, stop);
                wait = Look() == DirectoryNews.Unsettled ? SettlingTime : Interval;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked for.
        }
    }

    protected abstract void TellStart();

    protected abstract DirectoryNews Look();
}
