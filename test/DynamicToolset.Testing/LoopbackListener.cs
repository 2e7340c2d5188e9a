using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;

namespace DynamicToolset.Testing;

/// <summary>Accepts connections on a free port of this machine and has each served beside the others, until it is disposed.</summary>
public sealed class LoopbackListener : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly Func<Socket, CancellationToken, Task> _serve;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Task _accepting;
    private int _accepted;

    /// <param name="serve">Serves one connection, which is closed when it ends. It may fail as connections do: the other end goes, or this one is disposed.</param>
    public LoopbackListener(Func<Socket, CancellationToken, Task> serve)
        : this(IPAddress.Loopback, serve)
    {
    }

    public LoopbackListener(IPAddress address, Func<Socket, CancellationToken, Task> serve)
    {
        _serve = serve;
        _listener = new TcpListener(address, 0);
        _listener.Start(512);
        _accepting = AcceptAsync();
    }

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>Connections accepted so far.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>Those of them that are not closed yet.</summary>
    public int Open => _connections.Count(c => !c.IsCompleted);

    /// <summary>Ends when every connection made so far is closed.</summary>
    public Task AllClosedAsync() => Task.WhenAll(_connections);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Dispose();
        await AllClosedAsync();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket socket = await _listener.AcceptSocketAsync(_stop.Token);
                // Before it is served: who has its answer finds it counted.
                Interlocked.Increment(ref _accepted);
                _connections.Add(ServeAsync(socket));
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using Socket owned = socket;
        try
        {
            await _serve(socket, _stop.Token);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException or AuthenticationException)
        {
            // One of the ends has gone.
        }
    }
}
