using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace DynamicToolset.Service.Tests.HolmesReload;

/// <summary>Servers on one port of several loopback addresses, as the pods behind a headless Service are.</summary>
internal sealed class HolmesPods : IAsyncDisposable
{
    private readonly List<TcpListener> _listeners = [];
    private readonly List<Task> _serving = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<X509Certificate2>? _certificate;
    private readonly X509Certificate2? _clients;

    /// <param name="certificate">Asked at each connection; null for no TLS.</param>
    /// <param name="clients">Who has to have issued the client's certificate; null where none is wanted.</param>
    public HolmesPods(Func<X509Certificate2>? certificate, X509Certificate2? clients, params IPAddress[] addresses)
    {
        (_certificate, _clients) = (certificate, clients);
        int port = 0;
        foreach (IPAddress address in addresses)
        {
            var listener = new TcpListener(address, port);
            listener.Start();
            port = ((IPEndPoint)listener.LocalEndpoint).Port;
            _listeners.Add(listener);
            _serving.Add(ServeAsync(listener, address));
        }

        Port = port;
    }

    public int Port { get; }

    /// <summary>The status line's rest by address; 200 OK where there is none.</summary>
    public ConcurrentDictionary<IPAddress, string> Answers { get; } = [];

    /// <summary>Whom was asked, under which name of TLS, by whose certificate, and the head of the request.</summary>
    public ConcurrentQueue<(IPAddress Address, string? Name, string? Client, string Head)> Requests { get; } = [];

    public string[] Asked => [.. Requests.Select(r => r.Address.ToString()).Order(StringComparer.Ordinal)];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_serving);
        _listeners.ForEach(l => l.Dispose());
        _stop.Dispose();
    }

    private async Task ServeAsync(TcpListener listener, IPAddress address)
    {
        try
        {
            while (true)
            {
                using TcpClient client = await listener.AcceptTcpClientAsync(_stop.Token);
                await AnswerAsync(client.GetStream(), address);
            }
        }
        catch (OperationCanceledException)
        {
            // Asked for.
        }
    }

    private async Task AnswerAsync(NetworkStream connection, IPAddress address)
    {
        try
        {
            await using Stream stream = await SecureAsync(connection);
            string head = await ReadHeadAsync(stream);
            var secure = stream as SslStream;
            Requests.Enqueue((address, secure?.TargetHostName, secure?.RemoteCertificate?.Subject, head));
            string status = Answers.GetValueOrDefault(address, "200 OK");
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), _stop.Token);
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            // The client did not like the certificate, or this side the client's.
        }
    }

    private async Task<Stream> SecureAsync(NetworkStream connection)
    {
        if (_certificate is null)
            return connection;
        var secure = new SslStream(connection);
        await secure.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                ServerCertificate = _certificate(),
                ClientCertificateRequired = _clients is not null,
                RemoteCertificateValidationCallback = (_, client, _, _) => _clients is null || client?.Issuer == _clients.Subject,
            },
            _stop.Token);
        return secure;
    }

    /// <summary>What begins like no HTTP is answered at once, as servers do.</summary>
    private async Task<string> ReadHeadAsync(Stream stream)
    {
        var head = new StringBuilder();
        byte[] buffer = new byte[4096];
        while (!head.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            int read = await stream.ReadAsync(buffer, _stop.Token);
            head.Append(read == 0 ? throw new IOException("closed before a request") : Encoding.Latin1.GetString(buffer, 0, read));
            if (!char.IsAsciiLetter(head[0]))
                break;
        }

        return head.ToString();
    }
}
