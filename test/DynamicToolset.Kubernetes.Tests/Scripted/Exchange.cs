using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace DynamicToolset.Kubernetes.Tests.Scripted;

/// <summary>One HTTP/1.1 request, and the means to answer it well, badly or not at all.</summary>
internal sealed class Exchange(Socket socket, Stream stream, string method, string target, IReadOnlyDictionary<string, string> headers, string body, CancellationToken stop)
{
    public string Method => method;

    public string Target => target;

    public string Body => body;

    public string? Header(string name) => headers.GetValueOrDefault(name);

    public Task AnswerAsync(int status, string json, params string[] extraHeaders) =>
        WriteAsync($"{Head(status, extraHeaders)}Content-Length: {Encoding.UTF8.GetByteCount(json)}\r\n\r\n{json}");

    /// <summary>Headers of an answer whose body is sent in chunks.</summary>
    public Task BeginAsync(int status = 200) => WriteAsync($"{Head(status, [])}Transfer-Encoding: chunked\r\n\r\n");

    public Task ChunkAsync(string text) => ChunkAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>The text in chunks of one byte.</summary>
    public async Task DribbleAsync(string text)
    {
        foreach (byte one in Encoding.UTF8.GetBytes(text))
            await ChunkAsync([one]);
    }

    public Task EndAsync() => WriteAsync("0\r\n\r\n");

    /// <summary>Nothing more, until the server is stopped.</summary>
    public Task HangAsync() => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);

    /// <summary>Nothing more, until the client goes away.</summary>
    public async Task UntilClosedAsync()
    {
        byte[] buffer = new byte[1];
        while (await stream.ReadAsync(buffer, stop) > 0)
        {
            // Whatever is sent is dropped.
        }
    }

    /// <summary>The connection is gone at once, without a farewell.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Close();
    }

    private async Task ChunkAsync(byte[] bytes)
    {
        await WriteAsync(bytes.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n");
        await stream.WriteAsync(bytes, stop);
        await WriteAsync("\r\n");
    }

    private static string Head(int status, string[] extraHeaders) =>
        $"HTTP/1.1 {status} Scripted\r\nContent-Type: application/json\r\n{string.Concat(extraHeaders.Select(header => header + "\r\n"))}";

    private async Task WriteAsync(string text)
    {
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text), stop);
        await stream.FlushAsync(stop);
    }
}
