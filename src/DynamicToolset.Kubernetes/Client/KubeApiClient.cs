using System.Buffers;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using DynamicToolset.Kubernetes.Config;
using DynamicToolset.Kubernetes.Serialization;
using DynamicToolset.Messages;

namespace DynamicToolset.Kubernetes.Client;

/// <summary>
/// The few calls to the Kubernetes API that this program makes, https://kubernetes.io/docs/reference/using-api/api-concepts/. Every failure is a
/// <see cref="KubeApiException"/>, unless the caller's own token ended the call. Nothing is retried here but a refused credential, once.
/// Safe for use by several callers at once.
/// </summary>
public sealed partial class KubeApiClient : IKubeApi, IDisposable
{
    private readonly KubeApiClientOptions _options;
    private readonly TimeProvider _time;
    private readonly KubeTransport _transport;
    private readonly StringCache _strings = new();

    public KubeApiClient(KubeConnection connection, TimeProvider time, KubeApiClientOptions? options = null)
    {
        Connection = connection;
        _time = time;
        _options = options ?? new KubeApiClientOptions();
        _transport = new KubeTransport(connection, _options.UserAgent, time);
    }

    public KubeConnection Connection { get; }

    /// <summary>The API server's URL.</summary>
    public Uri Server => Connection.Server;

    /// <summary>
    /// The addresses and the port behind <see cref="Server"/> as the resolver gives them now: nothing but this client may connect there.
    /// </summary>
    /// <exception cref="System.Net.Sockets.SocketException">The name does not resolve.</exception>
    public async Task<IReadOnlyList<IPEndPoint>> ResolveServerAsync(CancellationToken cancellation)
    {
        // The resolver itself heeds no token once it has begun to ask.
        IPAddress[] addresses = await Dns.GetHostAddressesAsync(Server.IdnHost, cancellation).WaitAsync(cancellation);
        return [.. addresses.Select(address => new IPEndPoint(address, Server.Port))];
    }

    /// <summary>Which API server this is; needs no right.</summary>
    public Task<KubeVersion> GetVersionAsync(CancellationToken cancellation)
    {
        var call = new KubeCall("get", "version") { Method = HttpMethod.Get, PathAndQuery = "version" };
        return AskForOneAsync(
            call,
            AnswerBounds.Version,
            json => KubeJson.Read(json, KubeJson.Default.KubeVersion) is { GitVersion: not (null or "") } version
                ? version
                : throw new JsonException("a version was expected"),
            cancellation);
    }

    public void Dispose() => _transport.Dispose();

    /// <summary>Sends, and reads the answer within the same time limit.</summary>
    private async Task<T> AskAsync<T>(KubeCall call, Func<JsonSource, CancellationToken, Task<T>> read, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(_options.RequestTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            using HttpResponseMessage response = await SendAsync(call, either.Token);
            return await ReadAsync(response, read, either.Token);
        }
        catch (Exception e) when (KubeFaults.IsFault(e, cancellation))
        {
            throw KubeFaults.Wrap(e, call, Connection.Route);
        }
    }

    /// <param name="parse">Throws <see cref="JsonException"/> for what it cannot make anything of.</param>
    private Task<T> AskForOneAsync<T>(KubeCall call, Bound longest, Func<ReadOnlySequence<byte>, T> parse, CancellationToken cancellation) => AskAsync(
        call,
        async (source, token) =>
            await source.ReadValueAsync(longest, token) is { } json ? parse(json) : throw new EndOfStreamException("an empty answer"),
        cancellation);

    /// <summary>Sends, and turns every answer but a success into an exception.</summary>
    private async Task<HttpResponseMessage> SendAsync(KubeCall call, CancellationToken cancellation)
    {
        int code = 0;
        try
        {
            HttpResponseMessage response = await _transport.SendAsync(call, cancellation);
            code = (int)response.StatusCode;
            if (response.IsSuccessStatusCode)
                return response;
            using (response)
                throw KubeApiException.FromStatus(call, await RefusalAnswer.ReadAsync(response, _time.GetUtcNow(), cancellation));
        }
        finally
        {
            _options.OnRequest?.Invoke(call.Verb, call.Resource, code);
        }
    }

    private async IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(
        KubeCall call, Projection<T> projection, string resourceVersion, TimeSpan timeout, [EnumeratorCancellation] CancellationToken cancellation)
        where T : class
    {
        await using WatchStream<T> stream = await OpenWatchAsync(call, projection, timeout, cancellation);
        yield return new WatchEvent<T>(WatchEventKind.Opened, null, resourceVersion);
        while (await stream.NextAsync(cancellation) is { } next)
            yield return next;
    }

    private async Task<WatchStream<T>> OpenWatchAsync<T>(KubeCall call, Projection<T> projection, TimeSpan timeout, CancellationToken cancellation)
        where T : class
    {
        using var limit = new CancellationTokenSource(_options.RequestTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            HttpResponseMessage response = await SendAsync(call, either.Token);
            // Synchronous where the headers are there: nothing can come between and leave the response to nobody.
            var source = JsonSource.Over(response.Content.ReadAsStream(CancellationToken.None));
            return new WatchStream<T>(call, Connection.Route, projection, _strings, response, source, timeout + WatchStream<T>.Margin, _time);
        }
        catch (Exception e) when (KubeFaults.IsFault(e, cancellation))
        {
            throw KubeFaults.Wrap(e, call, Connection.Route);
        }
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, Func<JsonSource, CancellationToken, Task<T>> read, CancellationToken cancellation)
    {
        await using Stream body = await response.Content.ReadAsStreamAsync(cancellation);
        var source = JsonSource.Over(body);
        try
        {
            return await read(source, cancellation);
        }
        finally
        {
            await source.CompleteAsync();
        }
    }
}
