using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using DynamicToolset.Testing;
using Xunit.Sdk;

namespace DynamicToolset.Kubernetes.Tests.Contract;

/// <summary>What becomes of the tests when a process of the real API server ends, be it by them or on its own.</summary>
[Collection(RealServerTests.Name)]
public sealed class RealServerProcessTests : IDisposable
{
    private readonly TestFolder _run = new();

    /// <summary>With a program in the place of kube-apiserver that only tells that it was started.</summary>
    [Fact]
    public async Task It_is_not_started_again_before_its_port_is_free()
    {
        using var before = new TcpListener(IPAddress.Loopback, 0);
        before.Start();
        _run.Write("settings", $"assets={_run.Path}\napi={((IPEndPoint)before.LocalEndpoint).Port}\netcd=1\n");
        _run.Write("admin.token", "x");
        _run.WriteScript("kube-apiserver", $"touch '{_run.Path}/started'\n");
        _run.WriteScript("bin/sleep", $"touch '{_run.Path}/waits'\nexec /bin/sleep \"$@\"\n");

        var start = new ProcessStartInfo(Path.Combine(RepositoryRoot.Path, "eng", "cluster", "apiserver.sh"), [_run.Path]) { RedirectStandardError = true };
        start.Environment["PATH"] = $"{_run.Path}/bin:{Environment.GetEnvironmentVariable("PATH")}";
        using Process script = Process.Start(start)!;
        await Patience.EventuallyAsync(() => Exists("waits"), "the script waits");
        Assert.False(Exists("started"));
        before.Stop();
        string error = await script.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken).WithPatienceAsync();
        Assert.True(Exists("started"), error);
    }

    [Fact]
    public async Task One_that_died_is_one_failure_with_its_log_and_what_comes_after_it_is_skipped()
    {
        await using var fixture = new RealServerFixture();
        var server = (RealServer)await fixture.ServerAsync();
        string pid = await File.ReadAllTextAsync(Path.Combine(Path.GetDirectoryName(server.Kubeconfig)!, "apiserver.pid"), TestContext.Current.CancellationToken);
        using (Process process = Process.GetProcessById(int.Parse(pid, CultureInfo.InvariantCulture)))
            process.Kill();
        await Patience.EventuallyAsync(() => Record.Exception(server.AssertIsAlive) is not null, "it has ended");

        string failure = Record.Exception(fixture.Check)!.Message;
        Assert.StartsWith("apiserver of the real API server has died; the last of its log:\n", failure, StringComparison.Ordinal);
        Assert.InRange(failure.Split('\n').Length, 10, 50);
        Assert.EndsWith(
            "The real API server is dead: a test before this one failed and shows its log.", await RefusalAsync(fixture.ServerAsync), StringComparison.Ordinal);
        fixture.Check();
    }

    public void Dispose() => _run.Dispose();

    /// <summary>What is said to a test that fails or is skipped: <see cref="Record"/> does not keep the latter.</summary>
    private static async Task<string> RefusalAsync(Func<Task> ask)
    {
        try
        {
            await ask();
        }
        catch (XunitException refusal)
        {
            return refusal.Message;
        }

        return "";
    }

    private bool Exists(string name) => File.Exists(Path.Combine(_run.Path, name));
}
