using DynamicToolset.Kubernetes.Client;

namespace DynamicToolset.Kubernetes.Informers;

/// <content>Lists that somebody asks for.</content>
public sealed partial class Informer<T>
{
    /// <summary>Who waits for a list that has not begun yet; null where nobody does.</summary>
    private TaskCompletionSource? _asked;

    private Turn _turn = new(new CancellationTokenSource());

    /// <summary>
    /// Lists once more; the watch goes on from there, or from where it was if the list fails. While this waits to try again after a failure, so
    /// does the list. Safe for any caller.
    /// </summary>
    /// <returns>
    /// Ends when a list that was begun after this call is in, or with the failure of that list. Without a loop that runs it does not end. Whoever
    /// waits goes on inside the loop, and should yield at once.
    /// </returns>
    /// <exception cref="KubeApiException">The list failed; the copy is as it was.</exception>
    public Task ListAnewAsync()
    {
        var asked = new TaskCompletionSource();
        asked = Interlocked.CompareExchange(ref _asked, asked, null) ?? asked;
        // After it was asked for: the loop looks for it when it has made the next one of these.
        Volatile.Read(ref _turn).Interruption.Cancel();
        return asked.Task;
    }

    /// <returns>Who waits for a list, null where nobody does; and what ends the watch when somebody will.</returns>
    private (TaskCompletionSource? Asked, CancellationToken Interruption) NextTurn()
    {
        var turn = new Turn(new CancellationTokenSource());
        Volatile.Write(ref _turn, turn);
        return (Interlocked.Exchange(ref _asked, null), turn.Interruption.Token);
    }

    /// <param name="Interruption">Ends the watch of this turn, so that a list comes next.</param>
    private sealed record Turn(CancellationTokenSource Interruption);
}
