using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.HealthCheck;
using DynamicToolset.Identification;
using DynamicToolset.Rules;
using DynamicToolset.Service.Probing;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Probing;

/// <summary>The servers that Debian has, each on loopback behind a Service with the label of a Prometheus.</summary>
public sealed partial class RealServerTests
{
    private static readonly ObjectKey Key = new("monitoring", "prometheus");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("prometheus", "prometheus", "--config.file=p.yml --storage.tsdb.path=data --web.listen-address=127.0.0.1:0")]
    [InlineData("prometheus-agent", "prometheus", "--config.file=p.yml --enable-feature=agent --storage.agent.path=data --web.listen-address=127.0.0.1:0")]
    [InlineData("alertmanager", "prometheus-alertmanager", "--config.file=a.yml --storage.path=data --web.listen-address=127.0.0.1:0 --cluster.listen-address=")]
    [InlineData("pushgateway", "prometheus-pushgateway", "--web.listen-address=127.0.0.1:0")]
    public async Task A_real_server_is_told_apart_by_what_it_answers(string product, string program, string arguments)
    {
        await using var server = await RunningServer.StartAsync(program, arguments);
        BackendIdentity identity = await AskAsync(server.Address);
        Assert.Equal(product, identity.Name);
        if (product != "prometheus-agent")
            Assert.Matches("^[0-9]+\\.[0-9]+", identity.Version);

        var detector = new Detector(BuiltInRules.All);
        var found = (Detection.Matched)detector.Detect(Service());
        Assert.Equal(product == "prometheus", detector.AsAnswered(found, identity) is Detection.Matched);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/prometheus")]
    public async Task A_real_server_below_a_prefix_is_found_there(string prefix)
    {
        await using var server = await RunningServer.StartAsync(
            "prometheus", $"--config.file=p.yml --storage.tsdb.path=data --web.listen-address=127.0.0.1:0 --web.route-prefix={prefix}/");
        var found = (Detection.Matched)new Detector(BuiltInRules.All).Detect(Service());
        OtherWay? tried = null;
        for (EndpointForm? form = null; form is null;)
        {
            Stop.ThrowIfCancellationRequested();
            var attempt = new CheckAttempt(found.Ways, found.Health, tried);
            while (attempt.Next(Patience.Limit) is { } request)
                attempt = attempt.With(await ProberTo(server.Address).AskAsync(request, Stop));
            tried = attempt.Tried;
            form = attempt.Outcome!.IsSuccess ? found.Endpoint.Form : tried is { Outcome.IsSuccess: true } ? tried.Way.Endpoint.Form : null;
            if (form is not null)
                Assert.Equal(new EndpointForm("http", prefix), form);
        }
    }

    [GeneratedRegex("Listening on.* address=(127\\.0\\.0\\.1:[0-9]+)")]
    private static partial Regex Listening();

    private static HttpProber ProberTo(IPEndPoint address) =>
        new(new HttpProberOptions { AllowedNetworks = [IPNetwork.Parse("127.0.0.0/8")], Resolve = (_, _) => address }, TimeProvider.System);

    /// <summary>It says where it listens; what it says besides is read so that it does not wait for a reader.</summary>
    private static async Task<IPEndPoint> AddressOfAsync(Process server)
    {
        while (await server.StandardError.ReadLineAsync(Stop) is { } line)
        {
            if (Listening().Match(line) is { Success: true } match)
            {
                _ = server.StandardError.ReadToEndAsync(Stop);
                return IPEndPoint.Parse(match.Groups[1].Value);
            }
        }

        throw new InvalidOperationException($"{server.StartInfo.FileName} ended before it listened");
    }

    /// <summary>By the code that asks in a cluster. A server that listens may not be ready yet.</summary>
    private static async Task<BackendIdentity> AskAsync(IPEndPoint address)
    {
        HttpProber prober = ProberTo(address);
        var found = (Detection.Matched)new Detector(BuiltInRules.All).Detect(Service());
        var target = new IdentityTarget(found.EndpointKey, found.Endpoint, found.Fingerprint!, "", IsWanted: true, IsInPlace: false);
        BackendIdentity? identity = null;
        while (identity is null)
        {
            Stop.ThrowIfCancellationRequested();
            ProbeAnswer health = await prober.AskAsync(found.Health.Request(Patience.Limit), Stop);
            if (!ProbeOutcome.Of(health, found.Health.Accepts).IsSuccess)
                continue;
            var inquiry = new Inquiry(target);
            while (inquiry.Next(Patience.Limit) is { } request)
                inquiry = inquiry.With(await prober.AskAsync(request, Stop));
            identity = inquiry.Identity;
        }

        return identity;
    }

    private static ServiceRecord Service() => new(
        Key,
        "",
        "1",
        ServiceKind.ClusterIP,
        new Dictionary<string, string> { ["app"] = "prometheus" },
        new Dictionary<string, string>(),
        [new ServicePort("web", 9090, "TCP", null, null)],
        new Dictionary<string, string>());

    /// <summary>A program of Debian's with files of its own, which end with it.</summary>
    private sealed class RunningServer(Process process, DirectoryInfo folder, IPEndPoint address) : IAsyncDisposable
    {
        public IPEndPoint Address => address;

        public static async Task<RunningServer> StartAsync(string program, string arguments)
        {
            DirectoryInfo folder = Directory.CreateTempSubdirectory("real-server-");
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "p.yml"), "scrape_configs: []\n", Stop);
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "a.yml"), "route: {receiver: nobody}\nreceivers: [{name: nobody}]\n", Stop);
            var start = new ProcessStartInfo(InstalledProgram.Find(program), arguments.Split(' '))
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
                WorkingDirectory = folder.FullName,
            };
            Process process = Process.Start(start)!;
            try
            {
                return new RunningServer(process, folder, await AddressOfAsync(process).WithPatienceAsync());
            }
            catch
            {
                await EndAsync(process, folder);
                throw;
            }
        }

        public async ValueTask DisposeAsync() => await EndAsync(process, folder);

        private static async Task EndAsync(Process process, DirectoryInfo folder)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
            process.Dispose();
            folder.Delete(recursive: true);
        }
    }
}
