using DynamicToolset.HealthCheck;
using DynamicToolset.Kubernetes.Client;

namespace DynamicToolset.Service.Probing;

/// <summary>
/// Asks backends through the API server, for a service that runs where they are not reached. What the API server says itself, and that it is not
/// reached, is a fault of this side; what it passes on is the backend's.
/// </summary>
/// <param name="api">Its connection and credentials are used.</param>
public sealed class ApiServerProber(KubeApiClient api, TimeProvider time) : IProber
{
    private const string OverHttpAlone =
        "health checks go through the API server, which supports only HTTP, but this backend speaks another protocol: check it directly with HEALTH_CHECK_MODE=direct";

    public async Task<ProbeAnswer> AskAsync(ProbeRequest request, CancellationToken stop)
    {
        if (request.Endpoint.IsTcp)
            return new ProbeAnswer.None(ProbeFailure.ApiServer(OverHttpAlone));
        using CancellationTokenSource deadline = new(request.Timeout, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, stop);
        try
        {
            ProxiedAnswer answer = await api.GetThroughProxyAsync(
                request.Endpoint.Service, request.Endpoint.Scheme, request.Endpoint.Port, request.Path, request.MostBodyBytes, either.Token, request.Headers);
            return answer.IsComplete
                ? new ProbeAnswer.Response(answer.Status, answer.ContentType, answer.Location, answer.Body)
                {
                    Headers = answer.Headers,
                    // The API server takes it for one of its own, and passes none on.
                    Token = request.TokenFile is null ? TokenUse.None : TokenUse.Unverified,
                }
                : new ProbeAnswer.None(ProbeFailure.ConnectionFailed);
        }
        catch (KubeApiException e)
        {
            return new ProbeAnswer.None(ProbeFailure.ApiServer(AdviceOn(e), isCutOff: e.Code is 502 or 503));
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // The API server answers others meanwhile, or their checks fail too, and that is a panic.
            return new ProbeAnswer.None(ProbeFailure.Timeout);
        }
    }

    /// <summary>Of an answer its code alone: a backend can make one that looks like the API server's.</summary>
    private static string AdviceOn(KubeApiException e) => e switch
    {
        { IsForbidden: true } => $"health checks go through the API server, and the right to get services/proxy is missing; {KubeApiException.ProxyManifest} grants it",
        { Code: > 0 } => $"health checks go through the API server, which answers {e.Code} itself instead of the backend: see its answer to "
            + "kubectl get --raw /api/v1/namespaces/NAMESPACE/services/NAME:PORT/proxy/, or check directly with HEALTH_CHECK_MODE=direct",
        _ => "health checks go through the API server, which is not reached",
    };
}
