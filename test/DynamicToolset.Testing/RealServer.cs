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
        Connection = Resolve();
    }

    public KubeConnection Connection { get; private set; }

    public string Kubeconfig => PathOf("admin.kubeconfig");

    private int EtcdPort =>
        int.Parse(File.ReadLines(PathOf("settings")).Single(line => line.StartsWith("etcd=", StringComparison.Ordinal))["etcd=".Length..], CultureInfo.InvariantCulture);

    /// <summary>Null where there are no executables to start: neither <c>KUBEBUILDER_ASSETS</c> nor what <c>make cluster-assets</c> builds.</summary>
    /// <param name="admission">A plugin to turn on; null for those that are on by themselves.</param>
    /// <param name="controllers">With kube-controller-manager, so that what owners leave behind is collected.</param>
    public static async Task<RealServer?> TryStartAsync(string? admission = null, bool controllers = false)
    {
        if (FindAssets() is not { } assets || (controllers && !File.Exists(Path.Combine(assets, "kube-controller-manager"))))
            return null;
        var folder = new TestFolder();
        string[] more = [.. admission is null ? [] : (string[])["--admission", admission], .. controllers ? (string[])["--controllers"] : []];
        await RunAsync("start.sh", [assets, folder.Path, "--owner", $"{Environment.ProcessId}", .. more]);
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

    public Task ExpireWatchesAsync() => RestartAsync();

    /// <summary>Kills the API server and starts it again; returns when it is ready.</summary>
    public Task RestartAsync() => RunAsync("restart.sh", _folder.Path);

    /// <summary>The same, and it comes back with a certificate of an authority that nobody knows yet. Clients of before trust it no more.</summary>
    public async Task RestartWithNewAuthorityAsync()
    {
        await RunAsync("restart.sh", _folder.Path, "--new-authority");
        Connection = Resolve();
    }

    /// <summary>What the API server stores in stands still: requests are taken, and not answered.</summary>
    public Task StopStoreAsync() => RunAsync("etcd.sh", _folder.Path, "STOP");

    public Task ContinueStoreAsync() => RunAsync("etcd.sh", _folder.Path, "CONT");

    /// <summary>It is gone, as after a crash, until <see cref="ReturnAsync"/>.</summary>
    public Task KillAsync() => RunAsync("kill.sh", _folder.Path);

    /// <summary>It is back on the same port, with the same objects.</summary>
    public Task ReturnAsync() => RunAsync("apiserver.sh", _folder.Path);

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
        string built = CacheFolder.Of("kube", "1.20.2");
        return Directory.Exists(built) ? built : null;
    }

    private KubeConnection Resolve() => KubeConnectionResolver.Resolve(new KubeEnvironment(_ => null, _folder.Path), Kubeconfig);

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
