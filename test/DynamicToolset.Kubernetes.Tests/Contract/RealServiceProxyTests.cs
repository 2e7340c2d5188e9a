using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Testing;

namespace DynamicToolset.Kubernetes.Tests.Contract;

/// <summary>
/// Backends through a real API server, which connects to an address in the Endpoints itself: one of a Pod there, and no loopback. So the backend listens on
/// another address of this machine; without one the tests are skipped.
/// </summary>
[Collection(RealServerTests.Name)]
public sealed class RealServiceProxyTests(RealServerFixture fixture) : IDisposable
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => fixture.Check();

    [Theory]
    [InlineData("200 OK", 200)]
    [InlineData("401 Unauthorized", 401)]
    [InlineData("403 Forbidden", 403)]
    [InlineData("503 Service Unavailable", 503)]
    public async Task A_backend_s_answer_is_passed_on_as_it_is(string status, int code)
    {
        using var backend = new TcpListener(AddressOfThisMachine(), 0);
        backend.Start();
        (KubeApiClient api, ObjectKey service) = await ServeAsync($"passes-{code}", (IPEndPoint)backend.LocalEndpoint);
        using (api)
        {
            Task<ProxiedAnswer> asking = api.GetThroughProxyAsync(service, "http", 80, "/api/health", 4, Stop);
            string request = await AnswerAsync(backend, asking, $"HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nContent-Length: 6\r\nConnection: close\r\n\r\nanswer");
            ProxiedAnswer answer = await asking;
            Assert.Equal((code, "text/plain", "answ", true), (answer.Status, answer.ContentType, Encoding.ASCII.GetString(answer.Body.Span), answer.IsComplete));
            Assert.StartsWith("GET /api/health HTTP/1.1", request, StringComparison.Ordinal);
            Assert.DoesNotContain("Authorization", request, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Theory]
    // Newer API servers say 503.
    [InlineData("refuses", 500, 503)]
    [InlineData("no Pod", 503)]
    [InlineData("no Endpoints", 404)]
    [InlineData("no Service", 404)]
    [InlineData("no such port", 503)]
    public async Task What_the_API_server_says_for_itself_is_known_as_that(string what, params int[] codes)
    {
        using var closed = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        closed.Bind(new IPEndPoint(AddressOfThisMachine(), 0));
        (KubeApiClient api, ObjectKey service) = await ServeAsync($"says-{what.Replace(' ', '-').ToLowerInvariant()}", what is "refuses" or "no Pod" ? (IPEndPoint)closed.LocalEndPoint! : null, hasPod: what != "no Pod");
        using (api)
        {
            ObjectKey asked = what == "no Service" ? service with { Name = "nobody" } : service;
            KubeApiException error = await Assert.ThrowsAsync<KubeApiException>(() => api.GetThroughProxyAsync(asked, "http", what == "no such port" ? 81 : 80, "/", 4, Stop));
            Assert.Contains(error.Code, codes);
        }
    }

    private static IPAddress AddressOfThisMachine()
    {
        IPAddress? address = NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(i => i.GetIPProperties().UnicastAddresses)
            .Select(a => a.Address)
            .FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(a));
        Assert.SkipWhen(address is null, "This machine has no address but loopback.");
        return address;
    }

    private async Task<(KubeApiClient Api, ObjectKey Service)> ServeAsync(string name, IPEndPoint? backend, bool hasPod = true)
    {
        IApiServer server = await fixture.ServerAsync();
        using HttpClient admin = server.CreateAdmin();
        const string place = "/api/v1/namespaces/default";
        await admin.AskAsync(HttpMethod.Post, $"{place}/services", Json($$$"""{"metadata":{"name":"{{{name}}}"},"spec":{"ports":[{"port":80}]}}"""));
        if (backend is not null)
        {
            string pod = "";
            if (hasPod)
            {
                await admin.AskAsync(HttpMethod.Post, $"{place}/serviceaccounts", Json("""{"metadata":{"name":"default"}}"""));
                await admin.AskAsync(HttpMethod.Post, $"{place}/pods", Json(
                    $$$"""{"metadata":{"name":"{{{name}}}"},"spec":{"automountServiceAccountToken":false,"containers":[{"name":"c","image":"i"}]}}"""));
                await admin.AskAsync(HttpMethod.Patch, $"{place}/pods/{name}/status", Json(
                    $$$"""{"status":{"podIP":"{{{backend.Address}}}","podIPs":[{"ip":"{{{backend.Address}}}"}]}}"""), "application/merge-patch+json");
                pod = $$$""","targetRef":{"kind":"Pod","namespace":"default","name":"{{{name}}}"}""";
            }

            (int created, JsonObject body) = await admin.AskAsync(HttpMethod.Post, $"{place}/endpoints", Json(
                $$$"""{"metadata":{"name":"{{{name}}}"},"subsets":[{"addresses":[{"ip":"{{{backend.Address}}}"{{{pod}}}}],"ports":[{"port":{{{backend.Port}}}}]}]}"""));
            Assert.True(created == 201, body.ToJsonString());
        }

        return (new KubeApiClient(server.Connection, TimeProvider.System), new ObjectKey("default", name));
    }

    private static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();

    private static async Task<string> AnswerAsync(TcpListener backend, Task asking, string answer)
    {
        Task<TcpClient> accepting = backend.AcceptTcpClientAsync(Stop).AsTask();
        // Where the API server does not come, what it says instead is what went wrong.
        if (await Task.WhenAny(accepting, asking).WithPatienceAsync() == asking)
            await asking;
        using TcpClient client = await accepting;
        NetworkStream stream = client.GetStream();
        var request = new StringBuilder();
        byte[] buffer = new byte[4096];
        while (!request.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
            request.Append(Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer, Stop)));
        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), Stop);
        return request.ToString();
    }
}
