using System.Net;
using System.Net.Sockets;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Scenarios;

/// <summary>A way to the API server that can be cut: what is on it breaks off, and whoever comes meanwhile is turned away.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly LoopbackListener _listener;
    private readonly IPEndPoint _server;
    private CancellationTokenSource _whole = new();

    public Relay(IPEndPoint server)
    {
        _server = server;
        _listener = new LoopbackListener(PassOnAsync);
    }

    public int Port => _listener.EndPoint.Port;

    public Task CutAsync() => _whole.CancelAsync();

    public void Mend() => _whole = new CancellationTokenSource();

    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync();
        _whole.Dispose();
    }

    private async Task PassOnAsync(Socket client, CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, _whole.Token);
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await server.ConnectAsync(_server, either.Token);
        await using var here = new NetworkStream(client);
        await using var there = new NetworkStream(server);
        await await Task.WhenAny(here.CopyToAsync(there, either.Token), there.CopyToAsync(here, either.Token));
    }
}
