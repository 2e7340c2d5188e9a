using System.Security.Cryptography.X509Certificates;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Rules;
using DynamicToolset.Service.Cli;
using DynamicToolset.Service.Hosting;
using DynamicToolset.Service.Options;
using DynamicToolset.Service.Probing;
using DynamicToolset.Service.Tests.Hosting;
using DynamicToolset.Service.Tests.Input;
using DynamicToolset.Service.Tests.Probing;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.Cli;

public sealed class ClusterAccessTests
{
    private static readonly Settings Settings = SettingsReading.Of(SettingsProfile.Service, new Dictionary<string, string>(), _ => null).Settings!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_pipe_for_certificates_is_not_waited_for_for_ever()
    {
        using var folder = new PipeFolder();
        string pipe = folder.Make("ca.pem");
        var time = new FakeTimeProvider();
        Task<IProber> creating = Task.Run(() => ClusterAccess.CreateProber(Settings with { HealthCheckCaFile = pipe }, null, time), Stop);
        await TestCluster.EventuallyAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return creating.IsCompleted;
            },
            "it is given up");
        ClusterException error = await Assert.ThrowsAsync<ClusterException>(() => creating);
        Assert.Equal(
            $"HEALTH_CHECK_CA_FILE: \"{pipe}\": cannot be read: it is a pipe, and did not end within 10 seconds; a PEM file with CA certificates is needed", error.Message);
    }

    [Fact]
    public async Task Outside_of_a_cluster_auto_is_the_way_through_the_API_server_which_verifies_no_certificate()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        Settings given = Settings with { Kubeconfig = cluster.Kubeconfig, HealthCheckCaFile = "/any/ca.crt" };
        using KubeApiClient api = ClusterAccess.Connect(given, TimeProvider.System);
        Assert.True(TakesAny(ClusterAccess.WithMode(given, api)));
        Assert.False(TakesAny(ClusterAccess.WithMode(given with { HealthCheckMode = HealthCheckMode.Direct }, api)));
        Assert.False(TakesAny(ClusterAccess.WithMode(given with { HealthCheckEnabled = false }, api)));

        static bool TakesAny(Settings settings) => Controller.ToPipeline(settings, BuiltInRules.All).Holmes!.TakesAnyCertificate;
    }

    /// <summary>At the start, so that it is not found out at the first change, hours later.</summary>
    [Theory]
    [InlineData("https://h/x", "", "", "key.pem", "HOLMES_RELOAD_KEY_FILE has no effect without HOLMES_RELOAD_CERT_FILE")]
    [InlineData("https://h/x", "", "crt.pem", "", "HOLMES_RELOAD_CERT_FILE has no effect without HOLMES_RELOAD_KEY_FILE")]
    [InlineData("http://h/x", "ca.pem", "", "", "HOLMES_RELOAD_CA_FILE has no effect unless HOLMES_RELOAD_URL is an https URL")]
    [InlineData("", "", "crt.pem", "key.pem", "HOLMES_RELOAD_CERT_FILE has no effect unless HOLMES_RELOAD_URL is an https URL")]
    [InlineData("https://h/x", "missing.pem", "", "", "HOLMES_RELOAD_CA_FILE: ")]
    [InlineData("https://h/x", "key.pem", "", "", "HOLMES_RELOAD_CA_FILE: ")]
    [InlineData("https://h/x", "", "missing.pem", "key.pem", "HOLMES_RELOAD_CERT_FILE: ")]
    [InlineData("https://h/x", "", "crt.pem", "missing.pem", "HOLMES_RELOAD_KEY_FILE: ")]
    [InlineData("https://h/x", "", "crt.pem", "other-key.pem", "HOLMES_RELOAD_CERT_FILE and HOLMES_RELOAD_KEY_FILE: ")]
    [InlineData("https://h/x", "", "key.pem", "key.pem", "HOLMES_RELOAD_CERT_FILE and HOLMES_RELOAD_KEY_FILE: ")]
    [InlineData("https://h/x", "", "crt.pem", "crt.pem", "HOLMES_RELOAD_CERT_FILE and HOLMES_RELOAD_KEY_FILE: ")]
    [InlineData("https://h/x", "ca.pem", "crt.pem", "key.pem", null)]
    [InlineData("https://h/x", "", "", "", null)]
    public void Files_for_the_reload_that_cannot_be_used_are_named(string url, string ca, string certificate, string key, string? error)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory();
        using X509Certificate2 authority = TestCertificates.Authority("ca"), client = TestCertificates.For("client", authority), other = TestCertificates.For("other", authority);
        Write("ca.pem", authority.ExportCertificatePem());
        Write("crt.pem", client.ExportCertificatePem());
        Write("key.pem", client.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        Write("other-key.pem", other.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        Settings settings = Settings with { HolmesReloadUrl = url, HolmesReloadCaFile = In(ca), HolmesReloadCertFile = In(certificate), HolmesReloadKeyFile = In(key) };
        if (error is null)
            Assert.Equal(certificate.Length > 0, ClusterAccess.CreateReloadTls(settings, TimeProvider.System).Identity is not null);
        else
            Assert.StartsWith(error, Assert.Throws<ClusterException>(() => ClusterAccess.CreateReloadTls(settings, TimeProvider.System)).Message, StringComparison.Ordinal);
        folder.Delete(recursive: true);

        void Write(string name, string text) => File.WriteAllText(Path.Combine(folder.FullName, name), text);

        string In(string name) => name.Length == 0 ? "" : Path.Combine(folder.FullName, name);
    }
}
