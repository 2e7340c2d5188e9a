using DynamicToolset.Kubernetes.Config;

namespace DynamicToolset.Kubernetes.Client;

/// <summary>Runs a credential plugin when there is no credential, when the last one has expired, and when it was refused.</summary>
internal sealed class ExecCredentialSource(ExecPlugin plugin, TimeProvider time) : CredentialSource
{
    // One run at a time: a plugin may open a browser window or use up a one-time code.
    private readonly SemaphoreSlim _turn = new(1, 1);
    private Answer? _answer;

    public override async ValueTask<Credential> GetAsync(CancellationToken cancellation)
    {
        if (Fresh() is { } known)
            return known;
        await _turn.WaitAsync(cancellation);
        try
        {
            if (Fresh() is { } fresh)
                return fresh;
            Answer answer = Accept(await ExecPluginProcess.RunAsync(plugin, time, cancellation));
            Volatile.Write(ref _answer, answer);
            return answer.Credential;
        }
        finally
        {
            _turn.Release();
        }
    }

    public override void Refuse(Credential refused)
    {
        // Only the one that was refused: another request may have brought a newer one meanwhile.
        Answer? answer = Volatile.Read(ref _answer);
        if (answer is not null && ReferenceEquals(answer.Credential, refused))
            Interlocked.CompareExchange(ref _answer, null, answer);
    }

    public override void Dispose() => _turn.Dispose();

    private Credential? Fresh() =>
        Volatile.Read(ref _answer) is { } answer && !(answer.Expires <= time.GetUtcNow()) ? answer.Credential : null;

    private Answer Accept(ExecCredential printed)
    {
        if (printed.ApiVersion != plugin.ApiVersion)
            throw Wrong($"printed another apiVersion than {plugin.ApiVersion}");
        if (printed.CertificatePem is null != printed.KeyPem is null)
            throw Wrong("printed only one of clientCertificateData and clientKeyData");
        if (printed.Token is null && printed.CertificatePem is null)
            throw Wrong("printed neither a token nor a client certificate");
        var header = printed.Token is { } token ? Bearer(token, $"{plugin.Place}: the status.token of {plugin.Command}") : null;
        return new Answer(new Credential(header, printed.CertificatePem, printed.KeyPem), printed.Expires);
    }

    private KubeConfigException Wrong(string problem) => new(plugin.Place, $"{plugin.Command} {problem}", "run it by hand and see");

    private sealed record Answer(Credential Credential, DateTimeOffset? Expires);
}
