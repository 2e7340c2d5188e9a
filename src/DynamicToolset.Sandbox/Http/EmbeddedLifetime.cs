using Microsoft.Extensions.Hosting;

namespace DynamicToolset.Sandbox.Http;

/// <summary>Leaves the signals of the process to the program around: the default lifetime would swallow SIGTERM and SIGINT.</summary>
internal sealed class EmbeddedLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
