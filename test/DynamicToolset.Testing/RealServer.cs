using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using DynamicToolset.Kubernetes.Config;

namespace DynamicToolset.Testing;

/// <summary>kube-apiserver and etcd, started by the scripts of <c>eng/cluster</c>.</summary>
public sealed class RealServer : IApiServer
{
    private readonly TestFolder _folder;

    private RealServer(TestFolder folder)
    {
        _folder = folder;
        Connection = KubeConnectionResolver.Resolve(new KubeEnvironment(_ => null, folder.Path), Kubeconfig);
    }

    public KubeConnection Connection { get; }

    public string Kubeconfig => PathOf("admin.kubeconfig");

    private int EtcdPort =>
        int.Parse(File.ReadLines(PathOf("settings")).Single(line => line.StartsWith("etcd=", StringComparison.Ordinal))["etcd=".Length..], CultureInfo.InvariantCulture);

    /// <summary>Null where there are no executables to start: neither <c>KUBEBUILDER_ASSETS</c> nor what <c>make cluster-assets</c> builds.</summary>
    public static async Task<RealServer?> TryStartAsync()
    {
        if (FindAssets() is not { } assets)
            return null;
        var folder = new TestFolder();
        await RunAsync("start.sh", assets, folder.Path, "--owner", $"{Environment.ProcessId}");
        return new RealServer(folder);
    }

    public HttpClient CreateAdmin()
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            CustomTrustStore = { X509Certificate2.CreateFromPemFile(PathOf("pki/ca.crt"), PathOf("pki/ca.key")) },
        };
        var client = new HttpClient(handler) { BaseAddress = Connection.Server };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", File.ReadAllText(PathOf("admin.token")).Trim());
        return client;
    }

    // The API server leaves this to etcd here: its own turn comes once in five minutes.
    public async Task ExpireListsAsync()
    {
        using var etcd = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{EtcdPort}") };
        JsonNode state = await PostAsync(etcd, "/v3/kv/range", new JsonObject { ["key"] = "AA==" });
        await PostAsync(etcd, "/v3/kv/compaction", new JsonObject { ["revision"] = (string?)state["header"]!["revision"], ["physical"] = true });
    }

    public Task ExpireWatchesAsync() => RunAsync("restart.sh", _folder.Path);

    /// <summary>Fails, with the end of its log, when one of its processes has died. Its port may be open for a moment longer.</summary>
    public void AssertIsAlive()
    {
        foreach (string name in new[] { "apiserver", "etcd" })
            Assert.True(IsRunning(name), $"{name} of the real API server has died; the last of its log:\n{LogOf(name)}");
    }

    public async ValueTask DisposeAsync()
    {
        await RunAsync("stop.sh", _folder.Path);
        _folder.Dispose();
    }

    private static async Task<JsonNode> PostAsync(HttpClient client, string path, JsonObject body)
    {
        using HttpResponseMessage response = await client.PostAsJsonAsync(path, body);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return (await response.Content.ReadFromJsonAsync<JsonNode>())!;
    }

    private static string? FindAssets()
    {
        if (Environment.GetEnvironmentVariable("KUBEBUILDER_ASSETS") is { Length: > 0 } given)
            return given;
        string cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } configured
            ? configured
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        string built = Path.Combine(cache, "dynamic-toolset", "kube", "1.20.2");
        return Directory.Exists(built) ? built : null;
    }

    private static async Task RunAsync(string script, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(RepositoryRoot.Path, "eng", "cluster", script), arguments) { RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        string error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{script} ended with {process.ExitCode}: {error}");
    }

    /// <summary>One that has ended works in no folder, and another that was given its number works in another one.</summary>
    private bool IsRunning(string name) =>
        new FileInfo($"/proc/{File.ReadAllText(PathOf($"{name}.pid")).Trim()}/cwd").LinkTarget == _folder.Path;

    private string LogOf(string name) => string.Join('\n', File.ReadLines(PathOf($"{name}.log")).TakeLast(40));

    private string PathOf(string name) => Path.Combine(_folder.Path, name);
}
