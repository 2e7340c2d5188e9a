using System.Net;
using System.Net.Sockets;
using System.Text;

namespace DynamicToolset.Bench.Attack;

/// <summary>One listener on loopback for all backends of an attacker: how it answers goes by the number in the name that is asked for.</summary>
internal sealed class HostileBackends : IAsyncDisposable
{
    private static readonly int Kinds = Enum.GetValues<HostileBackend>().Length;
    private static readonly byte[] Page = new byte[64 * 1024];
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(7);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private int _asked;

    public HostileBackends()
    {
        _listener.Start(1024);
        _accepting = AcceptAsync();
    }

    public string Address => _listener.LocalEndpoint.ToString()!;

    public int Asked => Volatile.Read(ref _asked);

    public static HostileBackend KindOf(int index) => (HostileBackend)(index % Kinds);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
            _ = AnswerAsync(await _listener.AcceptSocketAsync(_stop.Token));
    }

    private async Task AnswerAsync(Socket socket)
    {
        using Socket _ = socket;
        try
        {
            var request = new byte[4096];
            int read = await socket.ReceiveAsync(request, _stop.Token);
            Interlocked.Increment(ref _asked);
            await AnswerAsync(socket, KindOf(NumberIn(Encoding.ASCII.GetString(request, 0, read))));
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // Whoever asked has had enough.
        }
    }

    /// <summary>Of <c>Host: e-0012.evil</c>.</summary>
    private static int NumberIn(string request)
    {
        int at = request.IndexOf("Host: e-", StringComparison.OrdinalIgnoreCase);
        return at >= 0 && int.TryParse(request.AsSpan(at + 8, 4), out int number) ? number : 0;
    }

    private Task AnswerAsync(Socket socket, HostileBackend kind) => kind switch
    {
        HostileBackend.Right => SendAsync(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
        HostileBackend.BodyWithoutEnd => RepeatAsync(socket, "HTTP/1.1 200 OK\r\n\r\n", Page),
        HostileBackend.AByteASecond => DripAsync(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
        HostileBackend.HugeHeaders => SendAsync(socket, $"HTTP/1.1 200 OK\r\nX: {new string('x', 10 * 1024 * 1024)}\r\n\r\n"),
        HostileBackend.HeadersWithoutEnd => RepeatAsync(socket, "HTTP/1.1 200 OK\r\n", "X: y\r\n"u8.ToArray()),
        HostileBackend.Garbage => SendAsync(socket, "\0\u0001\u0002 200 OK\n\n\n"),
        HostileBackend.Resets => ResetAsync(socket),
        HostileBackend.RedirectsToMetadata => SendAsync(socket, "HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/latest/\r\nContent-Length: 0\r\n\r\n"),
        HostileBackend.InformsWithoutEnd => RepeatAsync(socket, "", "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"u8.ToArray()),
        HostileBackend.ComesAndGoes => SendAsync(socket, IsUp ? "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" : "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"),
        _ => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _stop.Token),
    };

    private static bool IsUp => TimeProvider.System.GetUtcNow().Ticks / Turn.Ticks % 2 == 0;

    private static Task ResetAsync(Socket socket)
    {
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        return Task.CompletedTask;
    }

    private async Task SendAsync(Socket socket, string text) => await socket.SendAsync(Encoding.UTF8.GetBytes(text), _stop.Token);

    private async Task RepeatAsync(Socket socket, string head, byte[] rest)
    {
        await SendAsync(socket, head);
        while (true)
            await socket.SendAsync(rest, _stop.Token);
    }

    private async Task DripAsync(Socket socket, string text)
    {
        foreach (char c in text)
        {
            await SendAsync(socket, $"{c}");
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, _stop.Token);
        }
    }
}
