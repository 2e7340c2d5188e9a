using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Probing;

/// <summary>A TCP server on loopback that reads one request per connection and then does as its script says, byte by byte.</summary>
internal sealed class LoopbackBackend : IAsyncDisposable
{
    private readonly LoopbackListener _listener;
    private readonly Func<Stream, CancellationToken, Task> _answer;
    private readonly X509Certificate2? _certificate;
    private readonly TaskCompletionSource _firstRequest = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _open;
    private int _mostOpen;

    private LoopbackBackend(IPAddress address, Func<Stream, CancellationToken, Task> answer, X509Certificate2? certificate)
    {
        _answer = answer;
        _certificate = certificate;
        _listener = new LoopbackListener(address, ServeAsync);
    }

    public IPEndPoint EndPoint => _listener.EndPoint;

    public ConcurrentQueue<string> Requests { get; } = [];

    /// <summary>Ends with it.</summary>
    public Task FirstRequest => _firstRequest.Task;

    /// <summary>Connections accepted since the start.</summary>
    public int Accepted => _listener.Accepted;

    public int Open => Volatile.Read(ref _open);

    public int MostOpen => Volatile.Read(ref _mostOpen);

    public static LoopbackBackend Answering(string response, X509Certificate2? certificate = null) =>
        Scripted(async (stream, stop) => await stream.WriteAsync(Encoding.Latin1.GetBytes(response), stop), certificate);

    public static LoopbackBackend AnsweringStatus(string status, string headers = "", X509Certificate2? certificate = null) =>
        Answering($"HTTP/1.1 {status}\r\nContent-Length: 0\r\n{headers}\r\n", certificate);

    public static LoopbackBackend Hanging() => Scripted((_, stop) => Task.Delay(Timeout.Infinite, stop));

    public static LoopbackBackend Scripted(
        Func<Stream, CancellationToken, Task> answer, X509Certificate2? certificate = null, IPAddress? address = null) =>
        new(address ?? IPAddress.Loopback, answer, certificate);

    public static LoopbackBackend On(IPAddress address) =>
        new(address, async (stream, stop) => await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), stop), null);

    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    private async Task ServeAsync(Socket client, CancellationToken stop)
    {
        _mostOpen = Math.Max(_mostOpen, Interlocked.Increment(ref _open));
        try
        {
            await using Stream stream = await SecureAsync(new NetworkStream(client), stop);
            Requests.Enqueue(await ReadRequestAsync(stream, stop));
            _firstRequest.TrySetResult();
            using CancellationTokenSource gone = CancellationTokenSource.CreateLinkedTokenSource(stop);
            Task closed = WatchForCloseAsync(stream, gone);
            await _answer(stream, gone.Token);
            client.Shutdown(SocketShutdown.Send);
            await closed;
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private async Task<Stream> SecureAsync(Stream stream, CancellationToken stop)
    {
        if (_certificate is null)
            return stream;
        SslStream secure = new(stream);
        await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, stop);
        return secure;
    }

    private async Task<string> ReadRequestAsync(Stream stream, CancellationToken stop)
    {
        StringBuilder request = new();
        byte[] one = new byte[1];
        while (!request.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, stop) == 0)
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
