using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Config;

namespace DynamicToolset.Kubernetes.Tests.Scripted;

/// <summary>A server on loopback that does exactly what a test says, one answer for each request in the order in which they come.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly ConcurrentQueue<Func<Exchange, Task>> _answers;
    private readonly ConcurrentQueue<Exchange> _requests = new();
    private readonly SslServerAuthenticationOptions? _tls;
    private readonly Task _accepting;

    public ScriptedServer(params Func<Exchange, Task>[] answers)
        : this(null, answers)
    {
    }

    public ScriptedServer(SslServerAuthenticationOptions? tls, params Func<Exchange, Task>[] answers)
    {
        _tls = tls;
        _answers = new ConcurrentQueue<Func<Exchange, Task>>(answers);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public Uri Url => new($"{(_tls is null ? "http" : "https")}://127.0.0.1:{Port}");

    public IReadOnlyList<Exchange> Requests => [.. _requests];

    public int Connections => _connections.Count;

    /// <summary>Ends when every connection made so far is closed.</summary>
    public Task AllClosedAsync() => Task.WhenAll(_connections);

    public void Then(Func<Exchange, Task> answer) => _answers.Enqueue(answer);

    public KubeApiClient Client(TimeProvider? time = null, KubeCredentials? credentials = null) =>
        new(new KubeConnection { Server = Url, Credentials = credentials ?? new KubeCredentials.None() }, time ?? TimeProvider.System);

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
                Socket socket = await _listener.AcceptSocketAsync(_stop.Token);
                _connections.Add(ServeAsync(socket));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using Socket owned = socket;
        await using var plain = new NetworkStream(socket);
        try
        {
            await using Stream stream = await SecureAsync(plain);
            while (await ReadAsync(socket, stream) is { } exchange)
            {
                _requests.Enqueue(exchange);
                Func<Exchange, Task> answer = _answers.TryDequeue(out Func<Exchange, Task>? next) ? next : e => e.AnswerAsync(599, "{}");
                await answer(exchange);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or SocketException or AuthenticationException)
        {
            // The client, or the script, has ended the connection.
        }
    }

    private async Task<Stream> SecureAsync(NetworkStream plain)
    {
        if (_tls is null)
            return plain;
        var secure = new SslStream(plain);
        await secure.AuthenticateAsServerAsync(_tls, _stop.Token);
        return secure;
    }

    private async Task<Exchange?> ReadAsync(Socket socket, Stream stream)
    {
        if (await ReadLineAsync(stream) is not { } start)
            return null;
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (await ReadLineAsync(stream) is { Length: > 0 } line)
        {
            string[] pair = line.Split(": ", 2);
            headers[pair[0]] = pair[1];
        }

        byte[] body = new byte[int.Parse(headers.GetValueOrDefault("Content-Length", "0"), CultureInfo.InvariantCulture)];
        await stream.ReadExactlyAsync(body, _stop.Token);
        string[] parts = start.Split(' ');
        return new Exchange(socket, stream, parts[0], parts[1], headers, Encoding.UTF8.GetString(body), _stop.Token);
    }

    private async Task<string?> ReadLineAsync(Stream stream)
    {
        var line = new StringBuilder();
        byte[] one = new byte[1];
        while (await stream.ReadAsync(one, _stop.Token) > 0)
        {
            if (one[0] == '\n')
                return line.ToString().TrimEnd('\r');
            line.Append((char)one[0]);
        }

        return null;
    }
}
