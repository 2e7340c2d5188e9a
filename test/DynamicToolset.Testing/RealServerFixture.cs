namespace DynamicToolset.Testing;

/// <summary>
/// One real API server for the tests that share it, and take turns: its start takes seconds. When it does not start, or has died, one test fails
/// and shows its log; those after it are skipped.
/// </summary>
public sealed class RealServerFixture : IAsyncDisposable
{
    private RealServer? _shared;
    private RealServer? _restarted;
    private bool _isBroken;

    /// <summary>Skips the test where there is no API server to start, except in CI.</summary>
    public async Task<IApiServer> ServerAsync() => _shared = await AliveAsync(_shared);

    /// <summary>The same for a test that kills it: a server which does not come back takes no other test with it.</summary>
    public async Task<IApiServer> ServerToRestartAsync() => _restarted = await AliveAsync(_restarted);

    public async ValueTask DisposeAsync()
    {
        foreach (RealServer? server in new[] { _shared, _restarted })
            await (server?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private async Task<RealServer> AliveAsync(RealServer? server)
    {
        Assert.SkipWhen(_isBroken, "The real API server is dead: a test before this one failed and shows its log.");
        try
        {
            server ??= await RealServer.TryStartAsync();
            await (server?.AssertIsAliveAsync() ?? Task.CompletedTask);
        }
        catch
        {
            _isBroken = true;
            throw;
        }

        bool isRequired = Environment.GetEnvironmentVariable("CI") == "true";
        Assert.SkipUnless(server is not null || isRequired, "There is no kube-apiserver: run make cluster-assets, or set KUBEBUILDER_ASSETS.");
        Assert.NotNull(server);
        return server;
    }
}
