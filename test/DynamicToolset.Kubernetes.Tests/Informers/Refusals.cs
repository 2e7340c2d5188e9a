using DynamicToolset.Kubernetes.Client;

namespace DynamicToolset.Kubernetes.Tests.Informers;

/// <summary>Errors as the client throws them.</summary>
internal static class Refusals
{
    private static readonly KubeCall Call = new("watch", "services") { Method = HttpMethod.Get, PathAndQuery = "" };

    public static KubeApiException Of(int code, string reason, TimeSpan? retryAfter = null) =>
        KubeApiException.FromStatus(Call, new KubeStatus(code, reason, "", retryAfter, IsVersionTooLarge: false));

    public static KubeApiException Unreachable() => KubeApiException.FromFault(Call, "https://127.0.0.1:1/", new HttpRequestException("refused"));
}
