using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.EndToEnd;

/// <summary>One deployed service for all tests of a class: they take turns.</summary>
public abstract class DeployedServiceFixture : IAsyncDisposable
{
    private DeployedService? _service;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_service is not null)
            await _service.DisposeAsync();
        await ReleaseAsync();
    }

    /// <summary>Skips the test where something is missing that a deployment needs, except in CI.</summary>
    internal async Task<DeployedService> ServiceAsync()
    {
        // First: an API server starts in seconds, and would for every test.
        PublishedProgram.DeployedPath();
        IApiServer server = await ServerAsync();
        _service ??= await DeployedService.InstallAsync(server);
        await _service.ResetAsync();
        return _service;
    }

    /// <summary>At the end of each test: fails it where its API server died under it.</summary>
    public virtual void Check()
    {
    }

    /// <summary>Asked for each test, so that one after the death of a server is skipped.</summary>
    protected abstract Task<IApiServer> ServerAsync();

    protected abstract ValueTask ReleaseAsync();
}
