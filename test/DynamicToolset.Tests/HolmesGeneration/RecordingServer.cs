using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace DynamicToolset.Tests.HolmesGeneration;

/// <summary>Answers every request on a port of loopback with one status, and keeps their first lines and headers, byte by byte.</summary>
internal sealed class RecordingServer : IAsyncDisposable
{
    /// <summary>In place of a status: the connection is closed without an answer.</summary>
    public const int HangUp = 0;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _requests = [];
    private readonly Task _serving;

    public RecordingServer()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Url => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    public int Status { get; set; } = 200;

    /// <summary>The heads of the requests since the last call.</summary>
    public string[] TakeRequests()
    {
        string[] requests = [.. _requests];
        _requests.Clear();
        return requests;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _stop.Dispose();
        _listener.Dispose();
    }

    private string Answer => Status == HangUp ? "" : string.Create(
        CultureInfo.InvariantCulture, $"HTTP/1.1 {Status} X\r\nContent-Length: {(Status == 204 ? 0 : 2)}\r\nConnection: close\r\n\r\n{(Status == 204 ? "" : "ok")}");

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                NetworkStream stream = client.GetStream();
                // Kept before it is answered: who has the answer finds the request here.
                _requests.Enqueue(await ReadHeadAsync(stream));
                await stream.WriteAsync(Encoding.ASCII.GetBytes(Answer), _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Asked for.
        }
    }

    private async Task<string> ReadHeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        byte[] buffer = new byte[4096];
        while (!head.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            int read = await stream.ReadAsync(buffer, _stop.Token);
            if (read == 0)
                break;
            head.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }

        return head.ToString();
    }
}
