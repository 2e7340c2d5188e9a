using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Probing;

/// <summary>Answers over TLS whoever begins with a handshake, and others as it is told.</summary>
internal sealed class TlsServer : IAsyncDisposable
{
    private const byte Handshake = 0x16;

    private readonly X509Certificate2 _authority = TestCertificates.Authority("ours");
    private readonly X509Certificate2 _certificate;
    private readonly LoopbackListener _listener;
    private int _plain;
    private int _handshakes;

    public TlsServer(byte[] toPlain, string overTls)
    {
        _certificate = TestCertificates.For("elasticsearch.logging", _authority);
        _listener = new LoopbackListener(IPAddress.Loopback, (client, stop) => ServeAsync(client, toPlain, overTls, stop));
    }

    public IPEndPoint EndPoint => _listener.EndPoint;

    public int Plain => _plain;

    public int Handshakes => _handshakes;

    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync();
        _certificate.Dispose();
        _authority.Dispose();
    }

    private async Task ServeAsync(Socket client, byte[] toPlain, string overTls, CancellationToken stop)
    {
        byte[] buffer = new byte[4096];
        int read = await client.ReceiveAsync(buffer.AsMemory(0, 1), SocketFlags.Peek, stop);
        await using NetworkStream stream = new(client);
        if (read == 0)
            return;
        if (buffer[0] != Handshake)
        {
            Interlocked.Increment(ref _plain);
            _ = await stream.ReadAsync(buffer, stop);
            await stream.WriteAsync(toPlain, stop);
            client.Shutdown(SocketShutdown.Send);
            return;
        }

        await using SslStream secure = new(stream);
        try
        {
            await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, stop);
            Interlocked.Increment(ref _handshakes);
            _ = await secure.ReadAsync(buffer, stop);
            await secure.WriteAsync(Encoding.Latin1.GetBytes(overTls), stop);
            await secure.ShutdownAsync();
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            // The client did not want it.
        }
    }
}
