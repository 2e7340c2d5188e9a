using System.Net;
using System.Net.Sockets;

namespace DynamicToolset.Service.Probing;

/// <summary>
/// Asks a resolver that blocks its thread, and cannot be interrupted, for as long as no DNS server answers: that may be a minute. So
/// each question gets a thread of its own, never one of the pool on which everything else runs; no more than a few are under way; and
/// whoever asks may leave.
/// </summary>
/// <param name="ask">The addresses of a host; called on several threads at once.</param>
#pragma warning disable CA1001 // A question that hangs gives its place back after everybody has gone: the semaphore, which holds no handle, must outlive them.
internal sealed class NameLookup(Func<string, IPAddress[]> ask)
#pragma warning restore CA1001
{
    private const int MostQuestions = 16;

    private readonly SemaphoreSlim _free = new(MostQuestions, MostQuestions);

    /// <summary>Empty where the name does not resolve.</summary>
    /// <exception cref="OperationCanceledException">By <paramref name="stop"/>; the question may still be under way then.</exception>
    public async Task<IPAddress[]> ResolveAsync(string host, CancellationToken stop)
    {
        await _free.WaitAsync(stop);
        Task<IPAddress[]> answer = Task.Factory.StartNew(
            () => Ask(host), CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
        return await answer.WaitAsync(stop);
    }

    private IPAddress[] Ask(string host)
    {
        try
        {
            return ask(host);
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            // An ArgumentException is a name that is longer than any in the DNS.
            return [];
        }
        finally
        {
            _free.Release();
        }
    }
}
