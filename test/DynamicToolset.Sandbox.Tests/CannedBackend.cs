using System.Net;
using System.Net.Sockets;
using System.Text;

namespace DynamicToolset.Sandbox.Tests;

/// <summary>Listens on loopback and answers one request with the same bytes whatever it is, or with none.</summary>
internal sealed class CannedBackend : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public CannedBackend() => _listener.Start();

    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndpoint;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>The lines of the request's head. An answer of null leaves the caller waiting until the backend is disposed of.</summary>
    public async Task<string[]> AnswerAsync(string? answer)
    {
        Socket caller = await _listener.AcceptSocketAsync(Stop);
        var stream = new NetworkStream(caller, ownsSocket: answer is not null);
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        var head = new List<string>();
        while (await reader.ReadLineAsync(Stop) is { Length: > 0 } line)
        {
            head.Add(line);
        }

        if (answer is not null)
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(answer.ReplaceLineEndings("\r\n")), Stop);
            await stream.DisposeAsync();
        }

        return [.. head];
    }

    public void Dispose() => _listener.Dispose();
}
