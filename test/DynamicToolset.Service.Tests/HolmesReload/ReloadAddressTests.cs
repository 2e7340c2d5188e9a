using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Config;
using DynamicToolset.Reconciliation;
using DynamicToolset.Service.HolmesReload;
using DynamicToolset.Service.Probing;
using DynamicToolset.Service.Tests.Hosting;
using DynamicToolset.Service.Tests.Probing;
using DynamicToolset.Service.Tests.Samples;
using DynamicToolset.Testing;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Tests.HolmesReload;

/// <summary>Behind a name are several HolmesGPTs, with TLS of their own, and each is told.</summary>
public sealed class ReloadAddressTests : IDisposable
{
    private const string Name = "holmes.test";
    private static readonly TimeSpan Minute = TimeSpan.FromSeconds(60);
    private static readonly IPAddress First = IPAddress.Loopback, Second = IPAddress.Parse("127.0.0.2");

    private readonly ObservedTime _time = new();
    private readonly LogLines _log = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _counted = new();
    private readonly X509Certificate2 _authority = TestCertificates.Authority("holmes-ca");
    private readonly X509Certificate2 _clients = TestCertificates.Authority("clients-ca");
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();
    private IPAddress[] _addresses = [First, Second];
    private int _changes;

    [Fact]
    public async Task Each_address_behind_a_name_is_told_by_the_name_and_with_the_client_certificate()
    {
        using X509Certificate2 certificate = TestCertificates.For(Name, _authority), client = TestCertificates.For("dynamic-toolset", _clients);
        await using HolmesPods pods = new(() => certificate, _clients, First, Second);
        (ReloadLoop loop, Task running) = Start($"https://{Name}:{pods.Port}/api/admin/reload/toolsets?a=b", Tls(_authority, client), "s3cret");
        Assert.Empty(loop.Status.Addresses);
        await ChangeAsync(loop);
        Assert.Equal(["127.0.0.1", "127.0.0.2"], pods.Asked);
        Assert.All(pods.Requests, r => Assert.Equal((Name, "CN=dynamic-toolset"), (r.Name, r.Client)));
        Assert.All(pods.Requests, r => Assert.Contains($"POST /api/admin/reload/toolsets?a=b HTTP/1.1\r\nHost: {Name}:{pods.Port}\r\n", r.Head, StringComparison.Ordinal));
        Assert.All(pods.Requests, r => Assert.Contains("\r\nX-API-Key: s3cret\r\n", r.Head, StringComparison.Ordinal));
        Assert.Equal($"https://{Name}:{pods.Port}/api/admin/reload/toolsets", loop.Status.Url);
        Assert.Equal([(First, "ok"), (Second, "ok")], loop.Status.Addresses.Select(a => (a.Address, a.Result.Word)));
        Assert.Equal(["ok", "ok"], _counted);
        await EndAsync(running);
    }

    [Fact]
    public async Task An_address_that_failed_is_tried_again_and_no_other_is_disturbed()
    {
        await using HolmesPods pods = new(null, null, First, Second);
        pods.Answers[Second] = "503 Busy";
        (ReloadLoop loop, Task running) = Start($"http://{Name}:{pods.Port}/");
        await ChangeAsync(loop);
        await PassAsync(2);
        await PassAsync(3);
        Assert.Equal((3, 3), (Count(pods, First), Count(pods, Second)));
        await PassAsync(4);
        Assert.Equal((3, 4), (Count(pods, First), Count(pods, Second)));
        Assert.Equal(["ok", "status"], loop.Status.Addresses.Select(a => a.Result.Word));
        pods.Answers[Second] = "200 OK";
        _time.Advance(Minute);
        await _time.WaitsAsync(TimeSpan.FromHours(1), 2);
        _time.Advance(Minute);
        Assert.Equal((3, 5), (Count(pods, First), Count(pods, Second)));
        Assert.Equal(["ok", "ok"], loop.Status.Addresses.Select(a => a.Result.Word));
        Assert.Equal(
            ["127.0.0.1 info", "127.0.0.2 info", "127.0.0.2 warn"],
            _log.All.Select(l => $"127.0.0.{(l.Contains("127.0.0.1", StringComparison.Ordinal) ? 1 : 2)} {(l.Contains("\"warn\"", StringComparison.Ordinal) ? "warn" : "info")}").Order());
        await EndAsync(running);
    }

    /// <summary>A pod that is gone is not tried for ever, and one that is there all the time has to be looked at by a person.</summary>
    [Fact]
    public async Task After_ten_minutes_nobody_is_tried_any_more_until_the_next_change()
    {
        await using HolmesPods pods = new(null, null, First);
        pods.Answers[First] = "404 Not Found";
        _addresses = [First];
        (ReloadLoop loop, Task running) = Start($"http://{Name}:{pods.Port}/");
        await ChangeAsync(loop);
        for (int pass = 2; pass <= 10; pass++)
            await PassAsync(pass);
        _time.Advance(Minute);
        await _time.WaitsAsync(TimeSpan.FromHours(1), 2);
        Assert.Equal(11, pods.Requests.Count);
        Assert.Equal(11, _counted.Count(w => w == "missing"));
        await EndAsync(running);
    }

    [Fact]
    public async Task Who_shows_no_certificate_where_one_is_wanted_is_told_of_the_settings()
    {
        using X509Certificate2 certificate = TestCertificates.For(Name, _authority);
        await using HolmesPods pods = new(() => certificate, _clients, First);
        _addresses = [First];
        await AssertProblemAsync($"https://{Name}:{pods.Port}/", Tls(_authority, null), "tls", "set HOLMES_RELOAD_CERT_FILE and HOLMES_RELOAD_KEY_FILE to one that it accepts");
        Assert.Empty(pods.Requests);
    }

    [Theory]
    [InlineData("elsewhere.test", true)]
    [InlineData(Name, false)]
    public async Task A_certificate_for_another_name_or_from_another_authority_gets_no_key(string name, bool isTrusted)
    {
        using X509Certificate2 certificate = TestCertificates.For(name, _authority);
        await using HolmesPods pods = new(() => certificate, null, First, Second);
        await AssertProblemAsync($"https://{Name}:{pods.Port}/", Tls(isTrusted ? _authority : _clients, null), "tls", $"the certificate must be for {Name}, signed by a CA in HOLMES_RELOAD_CA_FILE");
        Assert.Empty(pods.Requests);
    }

    /// <summary>The kubelet replaces both files, and for a moment the two do not fit together.</summary>
    [Fact]
    public async Task Files_that_are_replaced_count_from_the_next_call_on()
    {
        using X509Certificate2 old = TestCertificates.For("old", _clients), renewed = TestCertificates.For("renewed", _clients);
        using X509Certificate2 other = TestCertificates.Authority("next-ca"), next = TestCertificates.For(Name, other);
        X509Certificate2 certificate = TestCertificates.For(Name, _authority);
        await using HolmesPods pods = new(() => certificate, _clients, First);
        _addresses = [First];
        (ReloadLoop loop, Task running) = Start($"https://{Name}:{pods.Port}/", Tls(_authority, old));
        await ChangeAsync(loop);
        Write("tls.crt", renewed.ExportCertificatePem());
        await PassAsync(2);
        Write("tls.key", renewed.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        Write("ca.crt", other.ExportCertificatePem());
        certificate = next;
        _time.Advance(Minute);
        await _time.WaitsAsync(TimeSpan.FromHours(1), 2);
        Assert.Equal(["CN=old", "CN=old", "CN=renewed"], pods.Requests.Select(r => r.Client));
        Assert.All(_counted, w => Assert.Equal("ok", w));
        await EndAsync(running);
    }

    [Fact]
    public async Task TLS_where_there_is_none_and_none_where_there_is_are_told()
    {
        using X509Certificate2 certificate = TestCertificates.For(Name, _authority);
        await using HolmesPods plain = new(null, null, First), secure = new(() => certificate, null, First);
        _addresses = [First];
        await AssertProblemAsync($"https://{Name}:{plain.Port}/", Tls(_authority, null), "tls", "TLS failed: ");
        await AssertProblemAsync($"http://{Name}:{secure.Port}/", ReloadTls.OfSystem, "connection", "HOLMES_RELOAD_URL must say https if HolmesGPT uses TLS");
    }

    /// <summary>Whoever fills a name must not have the key sent to a place that no check goes to either. A sidecar is on loopback.</summary>
    [Theory]
    [InlineData("169.254.169.254", "blocked")]
    [InlineData("100.100.100.200", "blocked")]
    [InlineData("224.0.0.1", "blocked")]
    [InlineData("0.0.0.0", "blocked")]
    [InlineData("127.0.0.1", "connection")]
    public async Task A_name_leads_to_no_address_that_checks_never_connect_to(string address, string word)
    {
        _addresses = [IPAddress.Parse(address)];
        await AssertProblemAsync($"http://{Name}:1/", ReloadTls.OfSystem, word, word == "blocked" ? "is never connected to" : "Connection refused");
    }

    [Fact]
    public async Task A_name_that_does_not_resolve_is_told_and_looked_up_again()
    {
        await using HolmesPods pods = new(null, null, First);
        _addresses = [];
        (ReloadLoop loop, Task running) = Start($"http://{Name}:{pods.Port}/");
        await ChangeAsync(loop);
        ReloadRecord record = Assert.Single(loop.Status.Addresses);
        Assert.Equal((null, "dns"), (record.Address, record.Result.Word));
        _addresses = [First];
        await PassAsync(2);
        Assert.Equal(["dns", "ok"], _counted);
        Assert.Equal([First], loop.Status.Addresses.Select(a => a.Address));
        await EndAsync(running);
    }

    /// <summary>The other family leads to the same pods once more, and HolmesGPT listens on IPv4 unless it is told otherwise.</summary>
    [Fact]
    public async Task Of_two_families_IPv4_is_told_and_each_address_once()
    {
        await using HolmesPods pods = new(null, null, First, Second);
        _addresses = [IPAddress.IPv6Loopback, Second, First, Second];
        (ReloadLoop loop, Task running) = Start($"http://{Name}:{pods.Port}/");
        await ChangeAsync(loop);
        Assert.Equal([First, Second], loop.Status.Addresses.Select(a => a.Address));
        Assert.Equal(2, pods.Requests.Count);
        await EndAsync(running);
    }

    [Fact]
    public async Task Of_more_addresses_than_anybody_has_pods_the_rest_is_counted()
    {
        _addresses = [.. Enumerable.Range(1, 40).Select(i => IPAddress.Parse($"169.254.0.{i}"))];
        (ReloadLoop loop, Task running) = Start($"http://{Name}:1/");
        await ChangeAsync(loop);
        Assert.Equal((ReloadClient.MostAddresses, 8), (loop.Status.Addresses.Count, loop.Status.More));
        await EndAsync(running);
    }

    public void Dispose()
    {
        _stop.Dispose();
        _log.Dispose();
        _authority.Dispose();
        _clients.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task AssertProblemAsync(string url, ReloadTls tls, string word, string problem)
    {
        (ReloadLoop loop, Task running) = Start(url, tls);
        Task waits = _time.WaitsAsync(Minute, ++_changes);
        Change(loop);
        await waits;
        Assert.All(loop.Status.Addresses, a => Assert.Equal(word, a.Result.Word));
        Assert.All(loop.Status.Addresses, a => Assert.Contains(problem, a.Result.Problem, StringComparison.Ordinal));
        Assert.NotEmpty(loop.Status.Addresses);
        _ = running;
    }

    private async Task ChangeAsync(ReloadLoop loop)
    {
        Change(loop);
        await _time.WaitsAsync(Minute, 1);
    }

    private void Change(ReloadLoop loop) => loop.Report(
        States.Empty with { LastWrite = new ConfigMapWrite(_time.GetUtcNow(), [ToolsetKeyOfHolmes], [], [], IsCreation: false, IsRecreation: false, TimeSpan.Zero) });

    private static string ToolsetKeyOfHolmes => DynamicToolset.Cluster.ToolsetKey.Holmes;

    private async Task PassAsync(int waits)
    {
        _time.Advance(Minute);
        await _time.WaitsAsync(Minute, waits);
    }

    private static int Count(HolmesPods pods, IPAddress address) => pods.Requests.Count(r => r.Address.Equals(address));

    private ReloadTls Tls(X509Certificate2 authority, X509Certificate2? client)
    {
        string ca = authority.ExportCertificatePem();
        var authorities = new CertificateAuthorities(ca, Write("ca.crt", ca));
        if (client is null)
            return new ReloadTls(authorities, null);
        string certificate = client.ExportCertificatePem(), key = client.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem();
        return new ReloadTls(authorities, new ClientIdentity(certificate, key, Write("tls.crt", certificate), Write("tls.key", key)));
    }

    private RotatingFile Write(string name, string text)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return new RotatingFile(path, ConnectionBounds.Certificates, _time);
    }

    private (ReloadLoop Loop, Task Running) Start(string url, ReloadTls? tls = null, string key = "")
    {
        using var loggers = new LoggerFactory([_log]);
        var client = new ReloadClient(new Uri(url), key, tls ?? ReloadTls.OfSystem, _time, _ => _addresses);
        var loop = new ReloadLoop(client, _time, loggers.CreateLogger<ReloadLoop>(), _counted.Enqueue);
        return (loop, loop.RunAsync(_stop.Token));
    }

    private async Task EndAsync(Task running)
    {
        await _stop.CancelAsync();
        await running;
    }
}
