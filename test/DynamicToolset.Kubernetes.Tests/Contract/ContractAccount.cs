using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Config;
using DynamicToolset.Testing;

namespace DynamicToolset.Kubernetes.Tests.Contract;

/// <summary>A ServiceAccount of the namespace of one test, known to the API server by a token.</summary>
internal sealed class ContractAccount(ContractCluster cluster, ObjectKey key, string token, HttpClient http) : IDisposable
{
    private const string Rbac = "/apis/rbac.authorization.k8s.io/v1";

    /// <summary>The client under test, with this token.</summary>
    public KubeApiClient Api { get; } = cluster.ClientFor(cluster.Connection with
    {
        Credentials = new KubeCredentials.Token(token),
        Tls = cluster.Connection.Tls with { ClientCertificate = null, ClientKey = null },
    });

    public string Token => token;

    /// <summary>How the API server calls it.</summary>
    public string UserName => $"system:serviceaccount:{key.Namespace}:{key.Name}";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public Task<(int Code, JsonObject Body)> AskAsync(HttpMethod method, string path, JsonObject? body = null, string contentType = "application/json") =>
        http.AskAsync(method, path, body, contentType);

    /// <summary>The status of an answer that may be something other than JSON.</summary>
    public async Task<int> CodeAsync(string path)
    {
        using HttpResponseMessage response = await http.GetAsync(new Uri(path, UriKind.Relative), Stop);
        return (int)response.StatusCode;
    }

    /// <summary>Whether the API server says, when it is asked, that this would be allowed.</summary>
    public async Task<bool> MayAsync(Right right)
    {
        var question = new JsonObject { ["spec"] = new JsonObject { ["resourceAttributes"] = right.ToAttributes() } };
        (int code, JsonObject answer) = await AskAsync(HttpMethod.Post, "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", question);
        Assert.Equal(201, code);
        return (bool)answer["status"]!["allowed"]!;
    }

    /// <summary>The right to do this to the one ConfigMap of the test.</summary>
    public Task AllowConfigMapAsync(params string[] verbs) => AllowAsync(new JsonObject
    {
        ["apiGroups"] = ContractCluster.Texts(""),
        ["resources"] = ContractCluster.Texts("configmaps"),
        ["resourceNames"] = ContractCluster.Texts(cluster.Key.Name),
        ["verbs"] = ContractCluster.Texts(verbs),
    });

    /// <summary>A role of this rule in the namespace of the test, bound to this account and in force.</summary>
    public async Task AllowAsync(JsonObject rule)
    {
        JsonObject role = ContractCluster.Named(key.Name);
        role["rules"] = new JsonArray(rule.DeepClone());
        await cluster.PostAsync($"{Rbac}/namespaces/{key.Namespace}/roles", role);
        JsonObject binding = ContractCluster.Named(key.Name);
        binding["roleRef"] = new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = "Role", ["name"] = key.Name };
        binding["subjects"] = new JsonArray(new JsonObject { ["kind"] = "ServiceAccount", ["name"] = key.Name, ["namespace"] = key.Namespace });
        await cluster.PostAsync($"{Rbac}/namespaces/{key.Namespace}/rolebindings", binding);
        await InForceAsync(Right.Of(rule, key.Namespace).First());
    }

    /// <summary>The API server learns of a new role by a watch of its own: until then it refuses.</summary>
    public Task InForceAsync(Right right) => Patience.EventuallyAsync(() => MayAsync(right), () => $"{right} is in force");

    public void Dispose() => http.Dispose();
}
