using System.Text.Json;
using DynamicToolset.Kubernetes.Config;

namespace DynamicToolset.Kubernetes.Client;

/// <summary>Tells the ways in which a request may fail below HTTP from bugs and from the caller's own will.</summary>
internal static class KubeFaults
{
    /// <summary>
    /// True for what is to be wrapped. The caller's cancellation goes through, and so does every other exception: it is a bug. A fault
    /// that only coincides with the caller's cancellation stays one: whoever stops expects the end of the call or its failure, no third thing.
    /// </summary>
    public static bool IsFault(Exception exception, CancellationToken caller) =>
        exception is HttpRequestException or IOException or JsonException or KubeConfigException
        || (exception is OperationCanceledException && !caller.IsCancellationRequested);

    /// <summary>An end that the caller did not ask for was a limit of ours, or the handler's on connecting.</summary>
    public static KubeApiException Wrap(Exception exception, KubeCall call, string route)
    {
        bool isUnanswered = exception is OperationCanceledException and not CredentialsLateException;
        return KubeApiException.FromFault(call, route, isUnanswered ? new TimeoutException("no answer in time", exception) : exception);
    }
}
