using DynamicToolset.Kubernetes.Config;

namespace DynamicToolset.Kubernetes.Client;

/// <summary>
/// Runs a credential plugin when there is no credential, when the last one has expired, and when it was refused. A run belongs to no request: one
/// that may not wait for as long as a plugin may take leaves it running for those that follow.
/// </summary>
internal sealed class ExecCredentialSource(ExecPlugin plugin, TimeProvider time) : CredentialSource
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _end = new();
    private Task<Answer>? _run;
    private Answer? _answer;

    public override async ValueTask<Credential> GetAsync(CancellationToken cancellation)
    {
        if (Fresh() is { } known)
            return known.Credential;
        try
        {
            return (await RunOrJoin().WaitAsync(cancellation)).Credential;
        }
        catch (OperationCanceledException e) when (!_end.IsCancellationRequested)
        {
            throw new CredentialsLateException(ExecPluginProcess.Late(plugin), e);
        }
    }

    public override void Refuse(Credential refused)
    {
        // Only the one that was refused: another request may have brought a newer one meanwhile.
        Answer? answer = Volatile.Read(ref _answer);
        if (answer is not null && ReferenceEquals(answer.Credential, refused))
            Interlocked.CompareExchange(ref _answer, null, answer);
    }

    /// <summary>Ends a run and all that it started, before it returns.</summary>
    public override void Dispose()
    {
        _end.Cancel();
        _end.Dispose();
    }

    private Answer? Fresh() => Volatile.Read(ref _answer) is { } answer && !(answer.Expires <= time.GetUtcNow()) ? answer : null;

    /// <summary>One run at a time: a plugin may open a browser window or use up a one-time code.</summary>
    private Task<Answer> RunOrJoin()
    {
        lock (_gate)
        {
            if (_run is { IsCompleted: false } running)
                return running;
            return Fresh() is { } fresh ? Task.FromResult(fresh) : _run = RunAsync();
        }
    }

    private async Task<Answer> RunAsync()
    {
        Answer answer = Accept(await ExecPluginProcess.RunAsync(plugin, time, _end.Token));
        Volatile.Write(ref _answer, answer);
        return answer;
    }

    private Answer Accept(ExecCredential printed)
    {
        if (printed.ApiVersion != plugin.ApiVersion)
            throw Wrong($"printed an apiVersion other than {plugin.ApiVersion}");
        if (printed.CertificatePem is null != printed.KeyPem is null)
            throw Wrong("printed only one of clientCertificateData and clientKeyData");
        if (printed.Token is null && printed.CertificatePem is null)
            throw Wrong("printed neither a token nor a client certificate");
        var header = printed.Token is { } token ? Bearer(token, $"{plugin.Place}: the status.token of {plugin.Command}") : null;
        return new Answer(new Credential(header, printed.CertificatePem, printed.KeyPem), printed.Expires);
    }

    private KubeConfigException Wrong(string problem) => ExecPluginProcess.Wrong(plugin, problem);

    private sealed record Answer(Credential Credential, DateTimeOffset? Expires);
}

/// <summary>A request could not wait any longer for its credential: the API server was not even asked.</summary>
internal sealed class CredentialsLateException(KubeConfigException problem, OperationCanceledException inner)
    : OperationCanceledException(problem.Message, inner, inner.CancellationToken);
