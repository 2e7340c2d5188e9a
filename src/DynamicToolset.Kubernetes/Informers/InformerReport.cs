using DynamicToolset.Kubernetes.Client;

namespace DynamicToolset.Kubernetes.Informers;

/// <summary>What an informer tells about its own work, for logs, metrics and status.</summary>
public abstract record InformerReport
{
    private InformerReport()
    {
    }

    /// <summary>A whole list was read.</summary>
    public sealed record Listed(int Count) : InformerReport;

    /// <summary>The list could not be read; what was known before stays.</summary>
    /// <param name="MayPass">True for a right that an API server which has just started may grant in a moment.</param>
    public sealed record ListFailed(KubeApiException Error, TimeSpan RetryIn, bool MayPass = false) : InformerReport;

    /// <summary>The API server accepted a watch.</summary>
    public sealed record WatchOpened : InformerReport;

    /// <summary>The API server did not accept the watch, or could not be reached.</summary>
    /// <param name="MayPass">See <see cref="ListFailed"/>.</param>
    public sealed record WatchRefused(KubeApiException Error, TimeSpan RetryIn, bool MayPass = false) : InformerReport;

    /// <summary>An accepted watch broke; it is resumed from the last version seen.</summary>
    public sealed record WatchBroken(KubeApiException Error, TimeSpan RetryIn) : InformerReport;

    /// <summary>The API server ended the watch in order; zero to wait unless it ended very soon.</summary>
    public sealed record WatchEnded(TimeSpan RetryIn) : InformerReport;

    /// <summary>Watches end again and again without having brought anything: a list follows.</summary>
    /// <param name="Error">Of the last of them; null where it ended in order.</param>
    public sealed record WatchFruitless(KubeApiException? Error) : InformerReport;

    /// <summary>The last version seen is too old (410): a list follows.</summary>
    public sealed record VersionExpired(KubeApiException Error, TimeSpan RetryIn) : InformerReport;
}
