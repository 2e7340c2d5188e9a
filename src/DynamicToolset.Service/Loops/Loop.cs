namespace DynamicToolset.Service.Loops;

/// <summary>One of the loops of the service: it runs until it is stopped.</summary>
internal sealed record Loop(string Name, Func<CancellationToken, Task> Run)
{
    /// <summary>Ends when it is stopped. A loop that ends otherwise, silently or by its own cancellation, is a bug.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            await Run(stop);
        }
        catch (OperationCanceledException e) when (!stop.IsCancellationRequested)
        {
            throw new InvalidOperationException($"The {Name} loop was cancelled unexpectedly.", e);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        if (!stop.IsCancellationRequested)
            throw new InvalidOperationException($"The {Name} loop ended unexpectedly.");
    }
}
