using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using DynamicToolset.Testing;

namespace DynamicToolset.Kubernetes.Tests.Scripted;

/// <summary>A forward proxy that carries every connection to one target, whatever name it was asked for: HTTP, HTTP CONNECT and SOCKS 5.</summary>
internal sealed class ScriptedProxy : IAsyncDisposable
{
    private readonly LoopbackListener _listener;
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly int _target;

    public ScriptedProxy(int targetPort)
    {
        _target = targetPort;
        _listener = new LoopbackListener(CarryAsync);
    }

    public int Port => _listener.EndPoint.Port;

    /// <summary>What was asked of the proxy: request lines, authorizations and SOCKS host names.</summary>
    public IReadOnlyList<string> Asked => [.. _asked];

    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    private async Task CarryAsync(Socket client, CancellationToken stop)
    {
        using var onward = new TcpClient();
        await onward.ConnectAsync(IPAddress.Loopback, _target, stop);
        await using var near = new NetworkStream(client);
        NetworkStream far = onward.GetStream();
        byte[] first = new byte[1];
        await near.ReadExactlyAsync(first, stop);
        if (first[0] == 5)
            await GreetSocksAsync(near, stop);
        else
            await GreetHttpAsync(near, far, (char)first[0], stop);
        await Task.WhenAny(near.CopyToAsync(far, stop), far.CopyToAsync(near, stop));
    }

    private async Task GreetHttpAsync(NetworkStream near, NetworkStream far, char first, CancellationToken stop)
    {
        var head = new StringBuilder().Append(first);
        byte[] one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await near.ReadExactlyAsync(one, stop);
            head.Append((char)one[0]);
        }

        string[] lines = head.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        foreach (string line in lines.Where((line, i) => i == 0 || line.StartsWith("Proxy-Authorization", StringComparison.OrdinalIgnoreCase)))
            _asked.Enqueue(line);
        if (lines[0].StartsWith("CONNECT", StringComparison.Ordinal))
            await near.WriteAsync("HTTP/1.1 200 Connected\r\n\r\n"u8.ToArray(), stop);
        else
            await far.WriteAsync(Encoding.ASCII.GetBytes(head.ToString()), stop);
    }

    // RFC 1928, without authentication.
    private async Task GreetSocksAsync(NetworkStream near, CancellationToken stop)
    {
        byte[] methods = new byte[1];
        await near.ReadExactlyAsync(methods, stop);
        await near.ReadExactlyAsync(new byte[methods[0]], stop);
        await near.WriteAsync(new byte[] { 5, 0 }, stop);
        byte[] request = new byte[4];
        await near.ReadExactlyAsync(request, stop);
        byte[] length = new byte[1];
        await near.ReadExactlyAsync(length, stop);
        byte[] name = new byte[length[0] + 2];
        await near.ReadExactlyAsync(name, stop);
        _asked.Enqueue($"SOCKS {Encoding.ASCII.GetString(name, 0, length[0])}");
        await near.WriteAsync(new byte[] { 5, 0, 0, 1, 0, 0, 0, 0, 0, 0 }, stop);
    }
}
