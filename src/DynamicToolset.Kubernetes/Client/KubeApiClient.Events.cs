using DynamicToolset.Kubernetes.Serialization;

namespace DynamicToolset.Kubernetes.Client;

public sealed partial class KubeApiClient
{
    /// <exception cref="KubeApiException">Among others, where the API server takes no Events.</exception>
    public Task CreateEventAsync(KubeEvent content, CancellationToken cancellation)
    {
        var call = new KubeCall("create", "events", content.Subject.Key.Namespace)
        {
            Method = HttpMethod.Post,
            PathAndQuery = EventsPath(content),
            Body = EventBody.Creation(content),
        };
        return AskAsync(call, Nothing, cancellation);
    }

    /// <summary>Tells that an Event happened again.</summary>
    /// <exception cref="KubeApiException"><see cref="KubeApiException.IsNotFound"/> where it has expired: API servers forget Events after an hour.</exception>
    public Task RepeatEventAsync(KubeEvent content, CancellationToken cancellation)
    {
        var call = new KubeCall("patch", "events", content.Subject.Key.Namespace, content.Name)
        {
            Method = HttpMethod.Patch,
            PathAndQuery = $"{EventsPath(content)}/{Uri.EscapeDataString(content.Name)}",
            Body = EventBody.Repetition(content),
        };
        return AskAsync(call, Nothing, cancellation);
    }

    /// <summary>For answers of which the status says enough.</summary>
    private static Task<bool> Nothing(JsonSource source, CancellationToken cancellation) => Task.FromResult(true);

    private static string EventsPath(KubeEvent content) => $"api/v1/namespaces/{Uri.EscapeDataString(content.Subject.Key.Namespace)}/events";
}
