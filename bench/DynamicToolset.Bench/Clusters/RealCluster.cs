using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Config;
using DynamicToolset.Sandbox.SampleBackends;

namespace DynamicToolset.Bench.Clusters;

/// <summary>etcd and kube-apiserver, started by the scripts of <c>eng/cluster</c>.</summary>
internal sealed class RealCluster : ICluster
{
    private const string OwnAccount = "dynamic-toolset-sa";
    private const string AccountsPath = $"api/v1/namespaces/{ClusterContent.OwnNamespace}/serviceaccounts";

    /// <summary>As many as an API server on two cores takes without falling behind.</summary>
    private const int CreatedAtOnce = 8;

    private const string RbacPath = "apis/rbac.authorization.k8s.io/v1";

    /// <summary>Where the objects of <c>deploy/base</c> are created, by kind.</summary>
    private static readonly Dictionary<string, string> Paths = new()
    {
        ["Namespace"] = "api/v1/namespaces",
        ["ServiceAccount"] = AccountsPath,
        ["ClusterRole"] = $"{RbacPath}/clusterroles",
        ["ClusterRoleBinding"] = $"{RbacPath}/clusterrolebindings",
        ["Role"] = $"{RbacPath}/namespaces/{ClusterContent.OwnNamespace}/roles",
        ["RoleBinding"] = $"{RbacPath}/namespaces/{ClusterContent.OwnNamespace}/rolebindings",
    };

    private readonly string _folder;
    private readonly SampleBackendServer _backends;

    private RealCluster(string folder, ClusterContent content, SampleBackendServer backends)
    {
        _folder = folder;
        Content = content;
        _backends = backends;
        AdminConnection = KubeConnectionResolver.Resolve(new KubeEnvironment(_ => null, Home: ""), Path.Combine(folder, "admin.kubeconfig"));
        Admin = CreateAdmin();
        Kubeconfig = Path.Combine(folder, "service.kubeconfig");
        BackendAddress = backends.Resolve(new Backend(0).Host.Split(':')[0], 0)!.ToString();
    }

    public ClusterContent Content { get; }

    public HttpClient Admin { get; }

    public KubeConnection AdminConnection { get; }

    public string Kubeconfig { get; }

    public string BackendAddress { get; }

    /// <summary>By the API server's own record, which is of this user alone. It tells of a watch when it begins and when it ends.</summary>
    public IReadOnlyList<KubeRequest> Requests =>
    [
        .. from line in ReadLines("audit.log")
           let request = JsonNode.Parse(line)!
           let verb = (string)request["verb"]!
           where verb != "watch" || (string?)request["stage"] == "ResponseStarted"
           select new KubeRequest(verb, (string?)request["objectRef"]?["resource"] ?? ""),
    ];

    /// <param name="assets">The folder with the executables.</param>
    public static async Task<RealCluster> StartAsync(string assets, ClusterContent content, CancellationToken stop)
    {
        string folder = Directory.CreateTempSubdirectory("dynamic-toolset-bench-").FullName;
        await RunAsync("start.sh", assets, folder, "--owner", $"{Environment.ProcessId}", "--audit", $"system:serviceaccount:{ClusterContent.OwnNamespace}:{OwnAccount}");
        SampleBackendServer backends = await SampleBackendServer.StartAsync(_ => new SampleBackend("prometheus", SampleAnswer.Right), stop);
        var cluster = new RealCluster(folder, content, backends);
        await cluster.FillAsync(stop);
        await cluster.WriteKubeconfigAsync(stop);
        return cluster;
    }

    public Task ChangeAsync(ObjectKey service, JsonObject patch, CancellationToken stop) =>
        MergePatch.SendAsync(Admin, $"api/v1/namespaces/{service.Namespace}/services/{service.Name}", patch, stop);

    public async Task<string> IssueReaderTokenAsync(int number, CancellationToken stop)
    {
        var reader = new ReaderAccount(number);
        await CreateAsync("ServiceAccount", reader.Account, stop);
        await CreateAsync("ClusterRoleBinding", reader.Binding, stop);
        return await IssueTokenAsync(reader.Name, stop);
    }

    /// <summary>Kills the API server and starts it again; returns when it is ready.</summary>
    public Task RestartApiServerAsync() => RunAsync("restart.sh", _folder);

    public async ValueTask DisposeAsync()
    {
        Admin.Dispose();
        await _backends.DisposeAsync();
        await RunAsync("stop.sh", _folder);
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task RunAsync(string script, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(Repository.PathOf($"eng/cluster/{script}"), arguments))!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{script} ended with {process.ExitCode}.");
    }

    private HttpClient CreateAdmin()
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            CustomTrustStore = { X509Certificate2.CreateFromPem(Read("pki/ca.crt")) },
        };
        var client = new HttpClient(handler) { BaseAddress = AdminConnection.Server };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Read("admin.token").Trim());
        return client;
    }

    private async Task FillAsync(CancellationToken stop)
    {
        foreach (string document in Repository.DeployedManifests().SelectMany(text => text.Split("\n---\n")))
        {
            string kind = document.Split('\n').Single(l => l.StartsWith("kind: ", StringComparison.Ordinal))["kind: ".Length..];
            await CreateAsync(kind, document, stop);
        }

        foreach (string name in ClusterContent.Namespaces)
        {
            using var body = JsonContent.Create(new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } });
            await CreateAsync("api/v1/namespaces", body, stop);
        }

        // As people have it in their manifests: without a spec.
        using (var lease = JsonContent.Create(new JsonObject { ["metadata"] = new JsonObject { ["name"] = "dynamic-toolset-leader" } }))
            await CreateAsync($"apis/coordination.k8s.io/v1/namespaces/{ClusterContent.OwnNamespace}/leases", lease, stop);

        var atOnce = new ParallelOptions { MaxDegreeOfParallelism = CreatedAtOnce, CancellationToken = stop };
        await Parallel.ForEachAsync(Content.Manifests, atOnce, async (manifest, token) =>
        {
            using var body = JsonContent.Create(manifest);
            await CreateAsync($"api/v1/namespaces/{(string?)manifest["metadata"]!["namespace"]}/services", body, token);
        });
    }

    private async Task WriteKubeconfigAsync(CancellationToken stop)
    {
        string authority = Convert.ToBase64String(Encoding.ASCII.GetBytes(Read("pki/ca.crt")));
        string text = $$"""
            apiVersion: v1
            kind: Config
            current-context: bench
            clusters: [ { name: bench, cluster: { server: "{{AdminConnection.Server}}", certificate-authority-data: {{authority}} } } ]
            contexts: [ { name: bench, context: { cluster: bench, user: bench } } ]
            users: [ { name: bench, user: { token: {{await IssueTokenAsync(OwnAccount, stop)}} } } ]
            """;
        await File.WriteAllTextAsync(Kubeconfig, text, stop);
    }

    private async Task<string> IssueTokenAsync(string account, CancellationToken stop)
    {
        using var body = JsonContent.Create(new JsonObject());
        JsonNode answer = await CreateAsync($"{AccountsPath}/{account}/token", body, stop);
        return (string)answer["status"]!["token"]!;
    }

    /// <param name="kind">Of the object that the manifest describes.</param>
    private async Task CreateAsync(string kind, string manifest, CancellationToken stop)
    {
        using var yaml = new StringContent(manifest, Encoding.UTF8, "application/yaml");
        await CreateAsync(Paths[kind], yaml, stop);
    }

    private async Task<JsonNode> CreateAsync(string path, HttpContent body, CancellationToken stop)
    {
        using HttpResponseMessage response = await Admin.PostAsync(new Uri(path, UriKind.Relative), body, stop);
        string answer = await response.Content.ReadAsStringAsync(stop);
        return response.IsSuccessStatusCode ? JsonNode.Parse(answer)! : throw new InvalidOperationException($"{path}: {answer}");
    }

    /// <summary>Whole ones: the last may be about to be written.</summary>
    private string[] ReadLines(string name) => Read(name).Split('\n')[..^1];

    private string Read(string name) => File.ReadAllText(Path.Combine(_folder, name));
}
