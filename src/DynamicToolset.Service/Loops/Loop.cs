namespace DynamicToolset.Service.Loops;

/// <summary>One of the loops of the service: it runs until it is told to stop.</summary>
internal sealed record Loop(string Name, Func<CancellationToken, Task> Run)
{
    /// <summary>Ends when it was told to. A loop that ends on any other occasion, be it in silence or by a cancellation of its own, is a defect.</summary>
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
