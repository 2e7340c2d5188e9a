using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Serialization;

namespace DynamicToolset.Kubernetes.Client;

public sealed partial class KubeApiClient
{
    /// <summary>
    /// One GET to what stands behind a Service,
    /// https://kubernetes.io/docs/tasks/access-application-cluster/access-cluster-services/#manually-constructing-apiserver-proxy-urls.
    /// It has no time limit of its own, and no redirect is followed.
    /// </summary>
    /// <param name="scheme"><c>http</c> or <c>https</c>.</param>
    /// <param name="path">Starts with <c>/</c>; may have a query.</param>
    /// <param name="headers">Those of the answer that are wanted.</param>
    /// <exception cref="KubeApiException">The API server answered for itself, by a <c>Status</c>, or nobody did.</exception>
    public async Task<ProxiedAnswer> GetThroughProxyAsync(
        ObjectKey service, string scheme, int port, string path, int mostBodyBytes, CancellationToken cancellation, ImmutableArray<string> headers = default)
    {
        string backend = string.Create(CultureInfo.InvariantCulture, $"{(scheme == "https" ? "https:" : "")}{service.Name}:{port}");
        string proxy = $"{ServicesPath(service.Namespace)}/{backend}/proxy";
        var call = new KubeCall("get", "services/proxy", service.Namespace, service.Name)
        {
            Method = HttpMethod.Get,
            PathAndQuery = $"{proxy}{path}",
            IsPassedOn = true,
        };
        int code = 0;
        try
        {
            using HttpResponseMessage response = await _transport.SendAsync(call, cancellation);
            code = (int)response.StatusCode;
            ProxiedAnswer answer = await ReadProxiedAsync(call, response, mostBodyBytes, headers.IsDefault ? [] : headers, cancellation);
            answer = answer with { Location = BackendsOwn(answer.Location, $"/{proxy}") };
            // What a backend answers is for whoever put it there to choose, and a label must not be.
            code = (int)HttpStatusCode.OK;
            return answer;
        }
        catch (Exception e) when (KubeFaults.IsFault(e, cancellation))
        {
            throw KubeFaults.Wrap(e, call, Connection.Route);
        }
        finally
        {
            _options.OnRequest?.Invoke(call.Verb, call.Resource, code);
        }
    }

    /// <summary>Of what is no success so much is read that a Status is known as one; a backend's answer is no longer for that.</summary>
    private static async Task<ProxiedAnswer> ReadProxiedAsync(
        KubeCall call, HttpResponseMessage response, int mostBodyBytes, ImmutableArray<string> headers, CancellationToken cancellation)
    {
        int most = response.IsSuccessStatusCode ? mostBodyBytes : Math.Max(mostBodyBytes, (int)AnswerBounds.Refusal.Most);
        byte[] body = new byte[most];
        int length = 0;
        bool isComplete = false;
        try
        {
            await using Stream stream = await response.Content.ReadAsStreamAsync(cancellation);
            length = await stream.ReadAtLeastAsync(body, most, throwOnEndOfStream: false, cancellation);
            isComplete = true;
        }
        catch (IOException)
        {
            // The status has been received, so the API server is there.
        }

        if (!response.IsSuccessStatusCode && KubeStatus.Parse(new ReadOnlySequence<byte>(body, 0, length)) is { } status)
            throw KubeApiException.FromStatus(call, status with { Code = (int)response.StatusCode });
        return new ProxiedAnswer(
            (int)response.StatusCode,
            HeaderOf(response.Content.Headers, "Content-Type"),
            HeaderOf(response.Headers, "Location"),
            body.AsMemory(0, Math.Min(length, mostBodyBytes)),
            isComplete)
        {
            Headers =
            [
                .. headers.Select(name => KeyValuePair.Create(name, HeaderOf(response.Headers, name) ?? HeaderOf(response.Content.Headers, name)))
                    .Where(h => h.Value is not null)!,
            ],
        };
    }

    /// <summary>The API server puts the path of its proxy before what leads to the same host.</summary>
    private static string? BackendsOwn(string? location, string proxy) =>
        location?.StartsWith($"{proxy}/", StringComparison.Ordinal) == true ? location[proxy.Length..] : location;

    private static string? HeaderOf(HttpHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out HeaderStringValues values) && values.Count == 1 ? values.ToString() : null;
}
