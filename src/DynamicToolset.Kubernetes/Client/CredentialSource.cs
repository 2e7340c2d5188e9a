using System.Net.Http.Headers;
using System.Text;
using DynamicToolset.Kubernetes.Config;

namespace DynamicToolset.Kubernetes.Client;

/// <summary>Gives the credential to use at this moment, and a newer one when the API server refuses it.</summary>
internal abstract class CredentialSource
{
    /// <exception cref="KubeConfigException">None could be had.</exception>
    public abstract ValueTask<Credential> GetAsync(CancellationToken cancellation);

    /// <summary>The API server answered 401 to this one: do not hand it out again without looking for a newer one.</summary>
    public abstract void Refuse(Credential refused);

    public static CredentialSource For(KubeConnection connection, TimeProvider time)
    {
        PemSource? certificate = connection.Tls.ClientCertificate, key = connection.Tls.ClientKey;
        var pem = new ClientPem(PemReader.For(certificate, time), PemReader.For(key, time));
        return connection.Credentials switch
        {
            KubeCredentials.None => new Given(() => null, pem),
            KubeCredentials.Token token => new Given(() => Bearer(token.Value), pem),
            KubeCredentials.Basic basic => new Given(() => BasicHeader(basic), pem),
            KubeCredentials.TokenFile file => FromFile(new RotatingFile(file.Path, time), pem),
            KubeCredentials.Exec exec => new ExecCredentialSource(exec.Plugin, time),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    protected static AuthenticationHeaderValue Bearer(string token) => new("Bearer", token.Trim());

    private static Given FromFile(RotatingFile file, ClientPem pem) => new(() => Bearer(file.Read()), pem, file.Expire);

    private static AuthenticationHeaderValue BasicHeader(KubeCredentials.Basic basic) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{basic.UserName}:{basic.Password}")));

    private sealed record ClientPem(PemReader? Certificate, PemReader? Key);

    private sealed class Given(Func<AuthenticationHeaderValue?> header, ClientPem pem, Action? expire = null) : CredentialSource
    {
        public override ValueTask<Credential> GetAsync(CancellationToken cancellation) =>
            ValueTask.FromResult(new Credential(header(), pem.Certificate?.Read(), pem.Key?.Read()));

        public override void Refuse(Credential refused)
        {
            expire?.Invoke();
            pem.Certificate?.Expire();
            pem.Key?.Expire();
        }
    }
}
