using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace DynamicToolset.Kubernetes.Tests.Scripted;

/// <summary>A forward proxy that carries every connection to one target, whatever name it was asked for: HTTP, HTTP CONNECT and SOCKS 5.</summary>
internal sealed class ScriptedProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly int _target;
    private readonly Task _accepting;

    public ScriptedProxy(int targetPort)
    {
        _target = targetPort;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What was asked of the proxy: request lines, authorizations and SOCKS host names.</summary>
    public IReadOnlyList<string> Asked => [.. _asked];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Stop();
        await Task.WhenAll(_connections);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _connections.Add(CarryAsync(client));
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private async Task CarryAsync(TcpClient client)
    {
        using TcpClient owned = client, onward = new();
        try
        {
            await onward.ConnectAsync(IPAddress.Loopback, _target, _stop.Token);
            NetworkStream near = client.GetStream(), far = onward.GetStream();
            byte[] first = new byte[1];
            await near.ReadExactlyAsync(first, _stop.Token);
            if (first[0] == 5)
                await GreetSocksAsync(near);
            else
                await GreetHttpAsync(near, far, (char)first[0]);
            await Task.WhenAny(near.CopyToAsync(far, _stop.Token), far.CopyToAsync(near, _stop.Token));
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or SocketException)
        {
            // One of the ends has gone.
        }
    }

    private async Task GreetHttpAsync(NetworkStream near, NetworkStream far, char first)
    {
        var head = new StringBuilder().Append(first);
        byte[] one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await near.ReadExactlyAsync(one, _stop.Token);
            head.Append((char)one[0]);
        }

        string[] lines = head.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        foreach (string line in lines.Where((line, i) => i == 0 || line.StartsWith("Proxy-Authorization", StringComparison.OrdinalIgnoreCase)))
            _asked.Enqueue(line);
        if (lines[0].StartsWith("CONNECT", StringComparison.Ordinal))
            await near.WriteAsync("HTTP/1.1 200 Connected\r\n\r\n"u8.ToArray(), _stop.Token);
        else
            await far.WriteAsync(Encoding.ASCII.GetBytes(head.ToString()), _stop.Token);
    }

    // RFC 1928, without authentication.
    private async Task GreetSocksAsync(NetworkStream near)
    {
        byte[] methods = new byte[1];
        await near.ReadExactlyAsync(methods, _stop.Token);
        await near.ReadExactlyAsync(new byte[methods[0]], _stop.Token);
        await near.WriteAsync(new byte[] { 5, 0 }, _stop.Token);
        byte[] request = new byte[4];
        await near.ReadExactlyAsync(request, _stop.Token);
        byte[] length = new byte[1];
        await near.ReadExactlyAsync(length, _stop.Token);
        byte[] name = new byte[length[0] + 2];
        await near.ReadExactlyAsync(name, _stop.Token);
        _asked.Enqueue($"SOCKS {Encoding.ASCII.GetString(name, 0, length[0])}");
        await near.WriteAsync(new byte[] { 5, 0, 0, 1, 0, 0, 0, 0, 0, 0 }, _stop.Token);
    }
}
