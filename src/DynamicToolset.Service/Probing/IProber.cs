using DynamicToolset.HealthCheck;

namespace DynamicToolset.Service.Probing;

/// <summary>Sends the requests of health checks, one way or another.</summary>
public interface IProber
{
    /// <summary>One GET, or one connection. It ends in the request's time and promptly when cancelled, and tells a failure by its answer.</summary>
    /// <exception cref="OperationCanceledException">By <paramref name="stop"/>.</exception>
    Task<ProbeAnswer> AskAsync(ProbeRequest request, CancellationToken stop);
}
