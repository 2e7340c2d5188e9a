using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Config;
using DynamicToolset.Testing;

namespace DynamicToolset.Kubernetes.Tests.Scripted;

/// <summary>A server on loopback that does exactly what a test says, one answer for each request in the order in which they come.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly LoopbackListener _listener;
    private readonly ConcurrentQueue<Func<Exchange, Task>> _answers;
    private readonly ConcurrentQueue<Exchange> _requests = new();
    private readonly SslServerAuthenticationOptions? _tls;

    public ScriptedServer(params Func<Exchange, Task>[] answers)
        : this(null, answers)
    {
    }

    public ScriptedServer(SslServerAuthenticationOptions? tls, params Func<Exchange, Task>[] answers)
    {
        _tls = tls;
        _answers = new ConcurrentQueue<Func<Exchange, Task>>(answers);
        _listener = new LoopbackListener(ServeAsync);
    }

    public int Port => _listener.EndPoint.Port;

    public Uri Url => new($"{(_tls is null ? "http" : "https")}://127.0.0.1:{Port}");

    public IReadOnlyList<Exchange> Requests => [.. _requests];

    public int Connections => _listener.Accepted;

    public int OpenConnections => _listener.Open;

    /// <summary>Ends when every connection made so far is closed.</summary>
    public Task AllClosedAsync() => _listener.AllClosedAsync();

    public void Then(Func<Exchange, Task> answer) => _answers.Enqueue(answer);

    public KubeConnection Connection => new() { Server = Url, Credentials = new KubeCredentials.None() };

    public KubeApiClient Client(TimeProvider? time = null, KubeCredentials? credentials = null) =>
        new(Connection with { Credentials = credentials ?? new KubeCredentials.None() }, time ?? TimeProvider.System);

    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    private async Task ServeAsync(Socket socket, CancellationToken stop)
    {
        await using var plain = new NetworkStream(socket);
        await using Stream stream = await SecureAsync(plain, stop);
        while (await ReadAsync(socket, stream, stop) is { } exchange)
        {
            _requests.Enqueue(exchange);
            Func<Exchange, Task> answer = _answers.TryDequeue(out Func<Exchange, Task>? next) ? next : e => e.AnswerAsync(599, "{}");
            await answer(exchange);
        }
    }

    private async Task<Stream> SecureAsync(NetworkStream plain, CancellationToken stop)
    {
        if (_tls is null)
            return plain;
        var secure = new SslStream(plain);
        await secure.AuthenticateAsServerAsync(_tls, stop);
        return secure;
    }

    private async Task<Exchange?> ReadAsync(Socket socket, Stream stream, CancellationToken stop)
    {
        if (await ReadLineAsync(stream, stop) is not { } start)
            return null;
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (await ReadLineAsync(stream, stop) is { Length: > 0 } line)
        {
            string[] pair = line.Split(": ", 2);
            headers[pair[0]] = pair[1];
        }

        byte[] body = new byte[int.Parse(headers.GetValueOrDefault("Content-Length", "0"), CultureInfo.InvariantCulture)];
        await stream.ReadExactlyAsync(body, stop);
        string[] parts = start.Split(' ');
        return new Exchange(socket, stream, parts[0], parts[1], headers, Encoding.UTF8.GetString(body), stop);
    }

    private async Task<string?> ReadLineAsync(Stream stream, CancellationToken stop)
    {
        var line = new StringBuilder();
        byte[] one = new byte[1];
        while (await stream.ReadAsync(one, stop) > 0)
        {
            if (one[0] == '\n')
                return line.ToString().TrimEnd('\r');
            line.Append((char)one[0]);
        }

        return null;
    }
}
