using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace DynamicToolset.Service.Tests.Probing;

/// <summary>A TCP server on loopback that reads one request per connection and then does as its script says, byte by byte.</summary>
internal sealed class LoopbackBackend : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly Func<Stream, CancellationToken, Task> _answer;
    private readonly X509Certificate2? _certificate;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Task _accepting;
    private int _accepted;
    private int _open;
    private int _mostOpen;

    private LoopbackBackend(IPAddress address, Func<Stream, CancellationToken, Task> answer, X509Certificate2? certificate)
    {
        _answer = answer;
        _certificate = certificate;
        _listener = new TcpListener(address, 0);
        _listener.Start(512);
        _accepting = AcceptAsync();
    }

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndpoint;

    public ConcurrentQueue<string> Requests { get; } = [];

    /// <summary>Connections accepted since the start.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    public int Open => Volatile.Read(ref _open);

    public int MostOpen => Volatile.Read(ref _mostOpen);

    public static LoopbackBackend Answering(string response, X509Certificate2? certificate = null) =>
        Scripted(async (stream, stop) => await stream.WriteAsync(Encoding.Latin1.GetBytes(response), stop), certificate);

    public static LoopbackBackend AnsweringStatus(string status, string headers = "", X509Certificate2? certificate = null) =>
        Answering($"HTTP/1.1 {status}\r\nContent-Length: 0\r\n{headers}\r\n", certificate);

    public static LoopbackBackend Hanging() => Scripted((_, stop) => Task.Delay(Timeout.Infinite, stop));

    public static LoopbackBackend Scripted(Func<Stream, CancellationToken, Task> answer, X509Certificate2? certificate = null) =>
        new(IPAddress.Loopback, answer, certificate);

    public static LoopbackBackend On(IPAddress address) =>
        new(address, async (stream, stop) => await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), stop), null);

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
                Interlocked.Increment(ref _accepted);
                _mostOpen = Math.Max(_mostOpen, Interlocked.Increment(ref _open));
                _connections.Add(ServeAsync(client));
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using TcpClient _ = client;
        try
        {
            await using Stream stream = await SecureAsync(client.GetStream());
            Requests.Enqueue(await ReadRequestAsync(stream));
            using CancellationTokenSource gone = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            Task closed = WatchForCloseAsync(stream, gone);
            await _answer(stream, gone.Token);
            client.Client.Shutdown(SocketShutdown.Send);
            await closed;
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
        {
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private async Task<Stream> SecureAsync(Stream stream)
    {
        if (_certificate is null)
            return stream;
        SslStream secure = new(stream);
        await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stop.Token);
        return secure;
    }

    private async Task<string> ReadRequestAsync(Stream stream)
    {
        StringBuilder request = new();
        byte[] one = new byte[1];
        while (!request.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, _stop.Token) == 0)
                throw new IOException("closed before a request");
            request.Append((char)one[0]);
        }

        return request.ToString();
    }

    private static async Task WatchForCloseAsync(Stream stream, CancellationTokenSource gone)
    {
        try
        {
            byte[] one = new byte[1];
            while (await stream.ReadAsync(one, gone.Token) > 0)
            {
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
        }

        await gone.CancelAsync();
    }
}
