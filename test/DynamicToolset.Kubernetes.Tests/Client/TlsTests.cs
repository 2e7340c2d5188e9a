using System.Security.Cryptography.X509Certificates;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Config;
using DynamicToolset.Kubernetes.Tests.Scripted;
using DynamicToolset.Testing;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Kubernetes.Tests.Client;

public sealed class TlsTests
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_of_the_given_authority_and_name_is_trusted()
    {
        var authority = new TestAuthority();
        await using var server = new ScriptedServer(authority.Server("127.0.0.1"), Version);
        await AskAsync(server, new KubeTls { CertificateAuthority = Given(authority) });
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_server_of_the_same_authority_with_another_name_is_refused()
    {
        var authority = new TestAuthority();
        await using var server = new ScriptedServer(authority.Server("somewhere.else"), Version);
        KubeApiException error = await RefusedAsync(server, new KubeTls { CertificateAuthority = Given(authority) });
        Assert.Equal(KubeFault.Tls, error.Fault);
        Assert.Contains("RemoteCertificateNameMismatch", error.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_server_of_another_authority_is_refused_even_if_it_bears_the_same_name()
    {
        await using var server = new ScriptedServer(new TestAuthority().Server("127.0.0.1"), Version);
        Assert.Equal(KubeFault.Tls, (await RefusedAsync(server, new KubeTls { CertificateAuthority = Given(new TestAuthority()) })).Fault);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Without_an_authority_the_roots_of_the_system_count()
    {
        await using var server = new ScriptedServer(new TestAuthority().Server("127.0.0.1"), Version);
        Assert.Equal(KubeFault.Tls, (await RefusedAsync(server, new KubeTls())).Fault);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task No_address_that_a_certificate_names_is_asked_for_its_issuer(bool withAuthority)
    {
        await using var elsewhere = new ScriptedServer(e => e.AnswerAsync(404, ""));
        await using var server = new ScriptedServer(new TestAuthority("unknown").Server("127.0.0.1", issuerAt: elsewhere.Url), Version);
        var tls = new KubeTls { CertificateAuthority = withAuthority ? Given(new TestAuthority()) : null };
        Assert.Equal(KubeFault.Tls, (await RefusedAsync(server, tls)).Fault);
        Assert.Equal(0, elsewhere.Connections);
    }

    [Fact]
    public async Task The_tls_server_name_is_the_name_that_is_checked()
    {
        var authority = new TestAuthority();
        await using var server = new ScriptedServer(authority.Server("api.internal"), Version);
        await AskAsync(server, new KubeTls { CertificateAuthority = Given(authority), ServerName = "api.internal" });
        Assert.Equal("api.internal", server.Requests[0].Header("Host"));
    }

    [Fact]
    public async Task Verification_is_skipped_only_where_the_kubeconfig_says_so()
    {
        await using var server = new ScriptedServer(new TestAuthority().Server("somewhere.else"), Version);
        await AskAsync(server, new KubeTls { SkipVerification = true });
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task The_client_certificate_is_shown_to_a_server_that_asks()
    {
        var authority = new TestAuthority();
        var seen = new List<string>();
        await using var server = new ScriptedServer(authority.Server("127.0.0.1", clients: authority, seen), Version);
        await AskAsync(server, WithIdentity(authority, "alice"));
        Assert.Equal(["CN=alice"], seen.Distinct());
    }

    [Fact]
    public async Task A_server_that_wants_a_client_certificate_and_gets_none_is_an_error_of_ours()
    {
        var authority = new TestAuthority();
        await using var server = new ScriptedServer(authority.Server("127.0.0.1", clients: authority), Version);
        KubeApiException error = await RefusedAsync(server, new KubeTls { CertificateAuthority = Given(authority) });
        Assert.NotEqual(KubeFault.None, error.Fault);
    }

    [Theory, InlineData(""), InlineData("no PEM"), InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    public async Task An_authority_that_is_no_certificate_is_named_and_told(string pem)
    {
        await using var server = new ScriptedServer(new TestAuthority().Server("127.0.0.1"), Version);
        KubeApiException error = await RefusedAsync(server, new KubeTls { CertificateAuthority = new PemSource.Text(pem, "/etc/kube:3:5") });
        Assert.Equal(KubeFault.Credentials, error.Fault);
        Assert.Contains("/etc/kube:3:5: holds no certificate", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_authority_in_the_bundle_file_is_accepted_without_a_restart()
    {
        using var folder = new TestFolder();
        var time = new FakeTimeProvider();
        TestAuthority before = new("before"), after = new("after");
        string bundle = folder.Write("ca.crt", before.Pem);
        var tls = new KubeTls { CertificateAuthority = new PemSource.File(bundle) };
        await using var old = new ScriptedServer(before.Server("127.0.0.1"), Version);
        using var client = new KubeApiClient(new KubeConnection { Server = old.Url, Tls = tls }, time);
        await client.GetVersionAsync(Stop);

        // The same client, since its handler is replaced: the old server is now one of an unknown authority.
        folder.Write("ca.crt", after.Pem);
        old.Then(Version);
        await client.GetVersionAsync(Stop);
        time.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal(KubeFault.Tls, (await Assert.ThrowsAsync<KubeApiException>(() => client.GetVersionAsync(Stop))).Fault);
        folder.Write("ca.crt", $"{before.Pem}\n{after.Pem}\n");
        time.Advance(TimeSpan.FromSeconds(60));
        old.Then(Version);
        await client.GetVersionAsync(Stop);
    }

    [Fact]
    public async Task A_bundle_caught_half_written_leaves_the_old_one_in_force()
    {
        using var folder = new TestFolder();
        var time = new FakeTimeProvider();
        var authority = new TestAuthority();
        string bundle = folder.Write("ca.crt", authority.Pem);
        await using var server = new ScriptedServer(authority.Server("127.0.0.1"), Version, Version, Version);
        using var client = new KubeApiClient(
            new KubeConnection { Server = server.Url, Tls = new KubeTls { CertificateAuthority = new PemSource.File(bundle) } }, time);
        await client.GetVersionAsync(Stop);
        foreach (string broken in new[] { authority.Pem[..40], "" })
        {
            folder.Write("ca.crt", broken);
            time.Advance(TimeSpan.FromSeconds(60));
            await client.GetVersionAsync(Stop);
        }

        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task A_renewed_client_certificate_is_used_without_a_restart()
    {
        using var folder = new TestFolder();
        var time = new FakeTimeProvider();
        var authority = new TestAuthority();
        var seen = new List<string>();
        WriteIdentity(folder, authority.Issue("first"));
        await using var server = new ScriptedServer(authority.Server("127.0.0.1", clients: authority, seen), Version, Version);
        var tls = new KubeTls
        {
            CertificateAuthority = Given(authority),
            ClientCertificate = new PemSource.File(Path.Combine(folder.Path, "tls.crt")),
            ClientKey = new PemSource.File(Path.Combine(folder.Path, "tls.key")),
        };
        using var client = new KubeApiClient(new KubeConnection { Server = server.Url, Tls = tls }, time);
        await client.GetVersionAsync(Stop);
        WriteIdentity(folder, authority.Issue("second"));
        time.Advance(TimeSpan.FromSeconds(60));
        await client.GetVersionAsync(Stop);
        Assert.Equal(["CN=first", "CN=second"], seen.Distinct());
    }

    private static Task Version(Exchange exchange) => exchange.AnswerAsync(200, """{"major":"1","minor":"34","gitVersion":"v1.34.9"}""");

    private static PemSource.Text Given(TestAuthority authority) => new(authority.Pem, "test");

    private static KubeTls WithIdentity(TestAuthority authority, string name)
    {
        X509Certificate2 certificate = authority.Issue(name);
        return new KubeTls
        {
            CertificateAuthority = Given(authority),
            ClientCertificate = new PemSource.Text(certificate.ExportCertificatePem(), "test"),
            ClientKey = new PemSource.Text(certificate.GetECDsaPrivateKey()!.ExportECPrivateKeyPem(), "test"),
        };
    }

    private static void WriteIdentity(TestFolder folder, X509Certificate2 certificate)
    {
        folder.Write("tls.crt", certificate.ExportCertificatePem());
        folder.Write("tls.key", certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
    }

    private static async Task AskAsync(ScriptedServer server, KubeTls tls)
    {
        using var client = new KubeApiClient(new KubeConnection { Server = server.Url, Tls = tls }, TimeProvider.System);
        await client.GetVersionAsync(Stop);
    }

    private static Task<KubeApiException> RefusedAsync(ScriptedServer server, KubeTls tls) =>
        Assert.ThrowsAsync<KubeApiException>(() => AskAsync(server, tls));
}
