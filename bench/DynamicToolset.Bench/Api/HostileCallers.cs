using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace DynamicToolset.Bench.Api;

/// <summary>What somebody may do to the API who has no right to it.</summary>
internal sealed class HostileCallers(int port)
{
    private readonly ConcurrentDictionary<string, int> _answers = new();

    /// <summary>How they were answered: status codes, or that the connection was cut.</summary>
    public string Answers => string.Join(", ", _answers.OrderBy(a => a.Key).Select(a => $"{a.Key}: {a.Value}"));

    /// <summary>Tokens that are no tokens, each another one.</summary>
    public async Task SendBadTokensAsync(int perSecond, TimeSpan lasting, CancellationToken stop)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = 50 });
        long begun = TimeProvider.System.GetTimestamp();
        var sent = new List<Task>();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        while (TimeProvider.System.GetElapsedTime(begun) < lasting && await timer.WaitForNextTickAsync(stop))
        {
            for (int due = (int)(TimeProvider.System.GetElapsedTime(begun).TotalSeconds * perSecond); sent.Count < due;)
                sent.Add(SendAsync(http, $"bad-{sent.Count}", stop));
        }

        await Task.WhenAll(sent);
    }

    /// <summary>Connections on which nothing comes; held until disposed of.</summary>
    public async Task<IReadOnlyList<Socket>> ConnectAsync(int count, CancellationToken stop)
    {
        var sockets = new List<Socket>();
        for (int i = 0; i < count; i++)
            sockets.Add(await OpenAsync(stop));
        return sockets;
    }

    /// <summary>Headers, or a body, of one byte a second.</summary>
    public async Task SendSlowlyAsync(int count, bool isBody, TimeSpan lasting, CancellationToken stop) =>
        await Task.WhenAll(Enumerable.Range(0, count).Select(_ => SendSlowlyAsync(isBody, lasting, stop)));

    /// <param name="isBody">Else it is a header.</param>
    public async Task SendMuchAsync(int megabytes, bool isBody, CancellationToken stop)
    {
        using Socket socket = await OpenAsync(stop);
        byte[] piece = Encoding.ASCII.GetBytes(new string('x', 64 * 1024));
        try
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes(isBody
                ? $"POST /api/v1/discover HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {megabytes * 1024 * 1024}\r\n\r\n"
                : "GET /api/v1/toolsets HTTP/1.1\r\nHost: x\r\nX-Much: "), stop);
            for (int i = 0; i < megabytes * 16; i++)
                await socket.SendAsync(piece, stop);
        }
        catch (SocketException)
        {
            // Cut, as it should be; what was answered before may still be read.
        }

        await CountAnswerAsync(socket, stop);
    }

    private async Task SendSlowlyAsync(bool isBody, TimeSpan lasting, CancellationToken stop)
    {
        using Socket socket = await OpenAsync(stop);
        string text = isBody ? "POST /api/v1/discover HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n" : "";
        try
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes(text), stop);
            for (int i = 0; i < lasting.TotalSeconds; i++)
            {
                await socket.SendAsync("G"u8.ToArray(), stop);
                await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, stop);
            }
        }
        catch (SocketException)
        {
            // Cut, as it should be.
        }

        await CountAnswerAsync(socket, stop);
    }

    private async Task SendAsync(HttpClient http, string token, CancellationToken stop)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{port}/api/v1/toolsets");
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        using HttpResponseMessage response = await http.SendAsync(request, stop);
        Count($"{(int)response.StatusCode}");
    }

    private async Task CountAnswerAsync(Socket socket, CancellationToken stop)
    {
        byte[] answer = new byte[64];
        try
        {
            int length = await socket.ReceiveAsync(answer, stop).AsTask().WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, stop);
            Count(length == 0 ? "cut" : Encoding.ASCII.GetString(answer, 0, length).Split(' ') is [_, var code, ..] ? code : "nonsense");
        }
        catch (SocketException)
        {
            Count("cut");
        }
        catch (TimeoutException)
        {
            Count("left open");
        }
    }

    private void Count(string answer) => _answers.AddOrUpdate(answer, 1, (_, count) => count + 1);

    private async Task<Socket> OpenAsync(CancellationToken stop)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port, stop);
        return socket;
    }
}
