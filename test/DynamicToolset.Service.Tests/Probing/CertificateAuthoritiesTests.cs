using System.Security.Cryptography.X509Certificates;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Config;
using DynamicToolset.Service.Probing;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.Probing;

public sealed class CertificateAuthoritiesTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_renewed_authority_is_taken_up_and_what_is_none_is_passed_over()
    {
        string path = Path.GetTempFileName();
        using X509Certificate2 first = TestCertificates.Authority("first"), second = TestCertificates.Authority("second");
        Write(first.ExportCertificatePem());
        var authorities = new CertificateAuthorities(File.ReadAllText(path), new RotatingFile(path, ConnectionBounds.Certificates, _time));
        Assert.Equal(first.Subject, Subject());
        Write("-----BEGIN CERTIFICATE-----\nhalf of it");
        Assert.Equal(first.Subject, Subject());
        File.Delete(path);
        Assert.Equal(first.Subject, Subject());
        Write(second.ExportCertificatePem());
        Assert.Equal(second.Subject, Subject());
        File.Delete(path);

        void Write(string text) => File.WriteAllText(path, text);

        string Subject()
        {
            _time.Advance(TimeSpan.FromSeconds(10));
            return Assert.Single(authorities.Roots).Subject;
        }
    }
}
