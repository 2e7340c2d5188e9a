using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace DynamicToolset.Service.Probing;

/// <summary>
/// The addresses of the API server in use, to which no check may connect. They are asked for when they are needed and again from time to time,
/// for a name may come to mean another address; one that was its own once stays on the list.
/// </summary>
/// <param name="resolve">Throws a <see cref="SocketException"/> where the name does not resolve.</param>
/// <param name="isBehindProxy">A name that does not resolve is no obstacle then: what only the proxy finds, no check can reach by that name.</param>
public sealed class ApiServerAddresses(Func<CancellationToken, Task<IReadOnlyList<IPEndPoint>>> resolve, bool isBehindProxy, TimeProvider time)
{
    /// <summary>Another address is noticed after this long.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(30);

    private const int MostKept = 64;

    private readonly Lock _gate = new();
    private ImmutableArray<IPEndPoint>? _known;
    private Task _asking = Task.CompletedTask;
    private long _askedAt;

    public static ApiServerAddresses None { get; } = Of();

    public static ApiServerAddresses Of(params IReadOnlyList<IPEndPoint> addresses) =>
        new(_ => Task.FromResult(addresses), isBehindProxy: false, TimeProvider.System);

    /// <summary>Null while nothing is known: then nobody can say that an address is not the API server's.</summary>
    public async ValueTask<ImmutableArray<IPEndPoint>?> GetAsync(CancellationToken stop)
    {
        Task asking;
        lock (_gate)
        {
            bool isFresh = _known is not null && time.GetElapsedTime(_askedAt) < Freshness;
            if (!isFresh && _asking.IsCompleted)
                _asking = AskAsync();
            asking = _asking;
        }

        // What is known serves until there is an answer.
        if (_known is null)
            await asking.WaitAsync(stop);
        return _known;
    }

    /// <summary>For all who wait: so that none of them ends it.</summary>
    private async Task AskAsync()
    {
        try
        {
            IReadOnlyList<IPEndPoint> now = await resolve(CancellationToken.None);
            Keep([.. now.Union(_known ?? []).Take(MostKept)]);
        }
        catch (SocketException)
        {
            if (isBehindProxy)
                Keep(_known ?? []);
        }
    }

    private void Keep(ImmutableArray<IPEndPoint> addresses)
    {
        lock (_gate)
        {
            _known = addresses;
            _askedAt = time.GetTimestamp();
        }
    }
}
