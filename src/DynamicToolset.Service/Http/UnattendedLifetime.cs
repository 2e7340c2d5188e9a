using Microsoft.Extensions.Hosting;

namespace DynamicToolset.Service.Http;

/// <summary>Leaves signals alone: they are handled in one place for the whole program.</summary>
internal sealed class UnattendedLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
