using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Config;
using DynamicToolset.Testing;

namespace DynamicToolset.Kubernetes.Tests.Contract;

/// <summary>A namespace of one test, the client under test, and an admin who changes things behind its back.</summary>
internal sealed class ContractCluster : IAsyncDisposable
{
    private const string MergePatch = "application/merge-patch+json";

    private readonly IApiServer _server;
    private readonly HttpClient _admin;
    private readonly List<KubeApiClient> _clients = [];
    private readonly List<ContractAccount> _accounts = [];

    private ContractCluster(IApiServer server)
    {
        _server = server;
        _admin = server.CreateAdmin();
        _admin.Timeout = Patience.Limit;
        _admin.DefaultRequestHeaders.UserAgent.ParseAdd("admin/1.0");
        Namespace = $"test-{Guid.NewGuid():N}"[..20];
        Api = ClientFor(server.Connection);
    }

    public IApiServer Server => _server;

    public string Namespace { get; }

    /// <summary>The client under test.</summary>
    public KubeApiClient Api { get; }

    /// <summary>The ConfigMap that most tests are about.</summary>
    public ObjectKey Key => new(Namespace, "toolsets");

    public string ConfigMaps => $"/api/v1/namespaces/{Namespace}/configmaps";

    public string ServiceAccounts => $"/api/v1/namespaces/{Namespace}/serviceaccounts";

    public string Leases => $"/apis/coordination.k8s.io/v1/namespaces/{Namespace}/leases";

    public string Deployments => $"/apis/apps/v1/namespaces/{Namespace}/deployments";

    public string Events => $"/api/v1/namespaces/{Namespace}/events";

    public string Services => $"/api/v1/namespaces/{Namespace}/services";

    public KubeConnection Connection => _server.Connection;

    /// <summary>A file that leads to the API server as an admin.</summary>
    public string Kubeconfig => _server.Kubeconfig;

    public static async Task<ContractCluster> CreateAsync(IApiServer server)
    {
        var cluster = new ContractCluster(server);
        await cluster.PostAsync("/api/v1/namespaces", Named(cluster.Namespace));
        return cluster;
    }

    public static JsonObject Named(string name) => new() { ["metadata"] = new JsonObject { ["name"] = name } };

    public static JsonObject WithData(string name, params (string Key, string Value)[] data)
    {
        JsonObject configMap = Named(name);
        configMap["data"] = new JsonObject(data.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
        return configMap;
    }

    public static JsonObject ServiceNamed(string name)
    {
        JsonObject service = Named(name);
        service["spec"] = new JsonObject { ["clusterIP"] = "None", ["ports"] = new JsonArray(new JsonObject { ["port"] = 80 }) };
        return service;
    }

    /// <summary>A client under test, disposed of with this.</summary>
    public KubeApiClient ClientFor(KubeConnection connection, int pageSize = 500)
    {
        var client = new KubeApiClient(connection, TimeProvider.System, new KubeApiClientOptions { PageSize = pageSize });
        _clients.Add(client);
        return client;
    }

    /// <summary>What the admin is answered, whatever it is.</summary>
    public Task<(int Code, JsonObject Body)> AskAsync(HttpMethod method, string path, JsonObject? body = null, string contentType = "application/json") =>
        _admin.AskAsync(method, path, body, contentType);

    /// <summary>The same for a text that no tree of JSON would be written as.</summary>
    public Task<(int Code, JsonObject Body)> AskAsync(HttpMethod method, string path, string body, string contentType) =>
        _admin.AskAsync(method, path, body, contentType);

    public Task<JsonObject> GetAsync(string path) => DoAsync(HttpMethod.Get, path);

    public Task<JsonObject> PostAsync(string path, JsonObject body) => DoAsync(HttpMethod.Post, path, body);

    public Task<JsonObject> PutAsync(string path, JsonObject body) => DoAsync(HttpMethod.Put, path, body);

    public Task<JsonObject> PatchAsync(string path, string patch) => DoAsync(HttpMethod.Patch, path, JsonNode.Parse(patch)!.AsObject(), MergePatch);

    public Task<JsonObject> DeleteAsync(string path) => DoAsync(HttpMethod.Delete, path);

    /// <summary>The ConfigMap that most tests are about, as the admin makes it.</summary>
    public Task<JsonObject> GivenAsync(params (string Key, string Value)[] data) => PostAsync(ConfigMaps, WithData(Key.Name, data));

    /// <summary>The same ConfigMap as the admin reads it.</summary>
    public Task<JsonObject> ReadAsync() => GetAsync($"{ConfigMaps}/{Key.Name}");

    /// <summary>Does it again and again until it has come true, and changes the ConfigMap "other" meanwhile.</summary>
    public async Task WhileOthersChangeAsync(Func<Task<bool>> hasComeTrue)
    {
        Task trying = Patience.EventuallyAsync(hasComeTrue, () => "it came to pass beside changes of others");
        for (int i = 0; !trying.IsCompleted; i++)
        {
            await PatchAsync($"{ConfigMaps}/other", $$$"""{"data":{"step":"{{{i}}}"} }""");
            await Task.WhenAny(trying, Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System));
        }

        await trying;
    }

    public Task ExpireListsAsync() => _server.ExpireListsAsync();

    /// <summary>Breaks the server for a while where it is a real one: of <c>ServerToRestartAsync</c> alone.</summary>
    public Task ExpireWatchesAsync() => _server.ExpireWatchesAsync();

    /// <summary>A ServiceAccount, made here, that may do nothing yet.</summary>
    public async Task<ContractAccount> AccountAsync(string name = "service")
    {
        await PostAsync(ServiceAccounts, Named(name));
        return Known(name, await TokenAsync(name));
    }

    /// <summary>A token of a ServiceAccount for an hour, meant for the API server where no audience is named.</summary>
    public async Task<string> TokenAsync(string name, params string[] audiences)
    {
        var spec = new JsonObject { ["expirationSeconds"] = 3600 };
        if (audiences.Length > 0)
            spec["audiences"] = Texts(audiences);
        JsonObject answer = await PostAsync($"{ServiceAccounts}/{name}/token", new JsonObject { ["spec"] = spec });
        return (string)answer["status"]!["token"]!;
    }

    /// <summary>Who carries this token.</summary>
    public ContractAccount Known(string name, string token)
    {
        HttpClient http = _server.CreateAdmin();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var account = new ContractAccount(this, new ObjectKey(Namespace, name), token, http);
        _accounts.Add(account);
        return account;
    }

    public static JsonArray Texts(params IEnumerable<string> texts) => [.. texts.Select(text => (JsonNode)text)];

    public ValueTask DisposeAsync()
    {
        _accounts.ForEach(account => account.Dispose());
        _clients.ForEach(client => client.Dispose());
        _admin.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<JsonObject> DoAsync(HttpMethod method, string path, JsonObject? body = null, string contentType = "application/json")
    {
        (int code, JsonObject answer) = await AskAsync(method, path, body, contentType);
        Assert.True(code is 200 or 201, $"{method} {path} was answered with {code}: {answer.ToJsonString()}");
        return answer;
    }
}
