using DynamicToolset.Kubernetes.Client;

namespace DynamicToolset.Kubernetes.Informers;

/// <summary>How a watch ended, and what that says.</summary>
/// <param name="OpenFor">Since it was accepted; null where it never was.</param>
/// <param name="HadProgress">True where it moved on from the version that it began at.</param>
/// <param name="Error">Null where the API server ended it in order.</param>
internal readonly record struct WatchEnd(TimeSpan? OpenFor, bool HadProgress, KubeApiException? Error)
{
    private static readonly TimeSpan ShortLived = TimeSpan.FromSeconds(10);

    /// <summary>What ends sooner has failed, however politely: beginning anew at once would be a busy loop over the network.</summary>
    public bool IsShortLived => IsShort(OpenFor);

    /// <summary>To be accepted is no success yet: an API server, or a proxy, may close every watch at once.</summary>
    public bool IsSuccess => !IsExpired && (HadProgress || !IsShortLived);

    /// <summary>The version is known to be too old.</summary>
    public bool IsExpired => Error is { IsGone: true };

    /// <summary>
    /// The version is given up. What is not acceptable can only be that: a restored store, or another API server behind the same address.
    /// </summary>
    public bool NeedsList => IsExpired || Error is { IsInvalid: true };

    /// <summary>
    /// Nothing came although the API server answered: once may be chance, and again and again from the same version means that it may never bring
    /// anything. One that cannot be reached, or says that it has too much to do, says nothing of the version, and should not be asked for a list.
    /// </summary>
    public bool IsFruitless => IsShortLived && !HadProgress && !NeedsList && Error is not ({ IsConnectionFailure: true } or { Code: 401 or 429 or 503 });

    public static bool IsShort(TimeSpan? span) => span is null || span < ShortLived;
}
