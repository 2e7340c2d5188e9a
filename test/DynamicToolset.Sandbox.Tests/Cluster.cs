using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using DynamicToolset.Testing;

namespace DynamicToolset.Sandbox.Tests;

/// <summary>A simulated API server with a client that speaks plain HTTP to it, as any client would.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    public const string ConfigMaps = "/api/v1/namespaces/default/configmaps";
    public const string Services = "/api/v1/namespaces/default/services";
    public const string Namespaces = "/api/v1/namespaces";
    public const string PlainJson = "application/json";
    public const string MergePatch = "application/merge-patch+json";
    public const string StrategicMergePatch = "application/strategic-merge-patch+json";
    public const string JsonPatch = "application/json-patch+json";
    public const string ApplyPatch = "application/apply-patch+yaml";

    private Cluster(KubeSim sim)
    {
        Sim = sim;
        Client = sim.CreateClient();
        // An answer that never ends fails its test instead of holding it for ever.
        Client.Timeout = Patience.Limit;
        Client.DefaultRequestHeaders.UserAgent.ParseAdd("tester/1.0 (test)");
    }

    public KubeSim Sim { get; }

    public HttpClient Client { get; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<Cluster> StartAsync(KubeSimOptions? options = null) =>
        new(await KubeSim.StartAsync((options ?? new KubeSimOptions()) with { Tls = false }, Stop));

    public async Task<Answer> SendAsync(HttpMethod method, string path, string? body = null, string contentType = PlainJson, string? accept = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        }

        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        using HttpResponseMessage response = await Client.SendAsync(request, Stop);
        string text = await response.Content.ReadAsStringAsync(Stop);
        return new Answer((int)response.StatusCode, JsonNode.Parse(text)!.AsObject());
    }

    public Task<Answer> GetAsync(string path, string? accept = null) => SendAsync(HttpMethod.Get, path, accept: accept);

    public Task<Answer> PostAsync(string path, string body) => SendAsync(HttpMethod.Post, path, body);

    public Task<Answer> PutAsync(string path, string body) => SendAsync(HttpMethod.Put, path, body);

    public Task<Answer> DeleteAsync(string path, string? body = null) => SendAsync(HttpMethod.Delete, path, body);

    public Task<Answer> PatchAsync(string path, string body, string contentType = MergePatch) => SendAsync(HttpMethod.Patch, path, body, contentType);

    public Task<Answer> ApplyAsync(string path, string manager, string body, bool force = false) =>
        SendAsync(HttpMethod.Patch, $"{path}?fieldManager={manager}{(force ? "&force=true" : "")}", body, ApplyPatch);

    /// <summary>A ConfigMap in the namespace <c>default</c>.</summary>
    public async Task<Answer> GivenConfigMapAsync(string name, string data = """{"key":"value"}""") =>
        (await PostAsync(ConfigMaps, $$$"""{"metadata":{"name":"{{{name}}}"},"data":{{{data}}}}""")).Expect(201);

    public async Task<Watch> WatchAsync(string path)
    {
        HttpResponseMessage response = await Client.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Stop);
        return new Watch(response, new StreamReader(await response.Content.ReadAsStreamAsync(Stop)));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Sim.DisposeAsync();
    }
}
