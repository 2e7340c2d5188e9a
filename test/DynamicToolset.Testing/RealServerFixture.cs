namespace DynamicToolset.Testing;

/// <summary>One real API server for the tests that share it: its start takes seconds.</summary>
public sealed class RealServerFixture : IAsyncLifetime
{
    private RealServer? _server;

    public async ValueTask InitializeAsync() => _server = await RealServer.TryStartAsync();

    /// <summary>Skips the test where no API server could be started, except in CI.</summary>
    public IApiServer Server()
    {
        bool isRequired = Environment.GetEnvironmentVariable("CI") == "true";
        Assert.SkipUnless(_server is not null || isRequired, "There is no kube-apiserver: run make cluster-assets, or set KUBEBUILDER_ASSETS.");
        Assert.NotNull(_server);
        return _server;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }
}
