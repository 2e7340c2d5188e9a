using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using DynamicToolset.Kubernetes.Config;

namespace DynamicToolset.Kubernetes.Client;

/// <summary>Gives the credential to use at this moment, and a newer one when the API server refuses it.</summary>
internal abstract class CredentialSource : IDisposable
{
    /// <exception cref="KubeConfigException">None could be had.</exception>
    public abstract ValueTask<Credential> GetAsync(CancellationToken cancellation);

    /// <summary>The API server answered 401 to this one: do not hand it out again without looking for a newer one.</summary>
    public abstract void Refuse(Credential refused);

    public abstract void Dispose();

    public static CredentialSource For(KubeConnection connection, TimeProvider time)
    {
        PemSource? certificate = connection.Tls.ClientCertificate, key = connection.Tls.ClientKey;
        var pem = new ClientPem(PemReader.For(certificate, time), PemReader.For(key, time));
        return connection.Credentials switch
        {
            KubeCredentials.None => new Given(() => null, pem),
            KubeCredentials.Token token => new Given(() => Bearer(token.Value, "token"), pem),
            KubeCredentials.Basic basic => new Given(() => BasicHeader(basic), pem),
            KubeCredentials.TokenFile file => FromFile(file.Path, time, pem),
            KubeCredentials.Exec exec => new ExecCredentialSource(exec.Plugin, time),
            _ => throw new UnreachableException(),
        };
    }

    /// <param name="place">Where the token comes from, for the message; the token itself is never in one.</param>
    protected static AuthenticationHeaderValue Bearer(string token, string place)
    {
        string text = token.Trim();
        bool usable = text.Length > 0 && text.All(c => c is > ' ' and <= '~');
        return usable
            ? new AuthenticationHeaderValue("Bearer", text)
            : throw new KubeConfigException(place, "holds no bearer token", "it must be one line of visible ASCII characters");
    }

    private static Given FromFile(string path, TimeProvider time, ClientPem pem)
    {
        var file = new RotatingFile(path, ConnectionBounds.Token, time);
        return new Given(() => Bearer(file.Read(), path), pem, file.Expire);
    }

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

        public override void Dispose()
        {
            // Nothing is held.
        }
    }
}
