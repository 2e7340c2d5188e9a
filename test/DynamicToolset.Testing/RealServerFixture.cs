namespace DynamicToolset.Testing;

/// <summary>
/// One real API server for the tests that share it, and take turns: its start takes seconds. When it does not start, or has died, one test fails
/// and shows its log; those after it are skipped.
/// </summary>
public sealed class RealServerFixture : IAsyncDisposable
{
    private readonly Place _shared = new(admission: null);
    private readonly Place _restarted = new(admission: null);
    private readonly Place _enforcing = new("OwnerReferencesPermissionEnforcement");

    /// <summary>Skips the test where there is no API server to start, except in CI.</summary>
    public async Task<IApiServer> ServerAsync() => await _shared.AliveAsync();

    /// <summary>The same for a test that kills it: a server which does not come back takes no other test with it.</summary>
    public async Task<IApiServer> ServerToRestartAsync() => await _restarted.AliveAsync();

    /// <summary>One with the admission plugin that OpenShift's has on: who names an owner needs a right to that.</summary>
    public async Task<IApiServer> EnforcingServerAsync() => await _enforcing.AliveAsync();

    /// <summary>One of its own for a test that does worse to it. The caller disposes of it.</summary>
    /// <param name="controllers">With kube-controller-manager.</param>
    public static async Task<RealServer> OwnAsync(bool controllers = false) => Required(await RealServer.TryStartAsync(controllers: controllers));

    /// <summary>At the end of each test: it fails where the server died under it, so that the log stands beside what came of that.</summary>
    public void Check()
    {
        _shared.Check();
        _enforcing.Check();
    }

    public async ValueTask DisposeAsync()
    {
        await _shared.DisposeAsync();
        await _restarted.DisposeAsync();
        await _enforcing.DisposeAsync();
    }

    private static RealServer Required(RealServer? server)
    {
        bool isRequired = Environment.GetEnvironmentVariable("CI") == "true";
        Assert.SkipUnless(server is not null || isRequired, "There is no kube-apiserver: run make cluster-assets, or set KUBEBUILDER_ASSETS.");
        Assert.NotNull(server);
        return server;
    }

    /// <summary>What becomes of one server.</summary>
    private sealed class Place(string? admission) : IAsyncDisposable
    {
        private RealServer? _server;
        private bool _isBroken;

        public async Task<RealServer> AliveAsync()
        {
            Assert.SkipWhen(_isBroken, "The real API server is dead: a test before this one failed and shows its log.");
            _isBroken = true;
            _server ??= await RealServer.TryStartAsync(admission);
            _server?.AssertIsAlive();
            _isBroken = false;
            return Required(_server);
        }

        public void Check()
        {
            if (_isBroken || _server is null)
                return;
            _isBroken = true;
            _server.AssertIsAlive();
            _isBroken = false;
        }

        public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
