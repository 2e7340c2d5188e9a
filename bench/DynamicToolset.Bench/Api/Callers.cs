using System.Collections.Concurrent;
using System.Net.Http.Headers;
using DynamicToolset.Bench.Figures;

namespace DynamicToolset.Bench.Api;

/// <summary>
/// Good callers who ask on a schedule, whether the last answer is there or not: what a slow answer delays counts from when it was to be asked for.
/// </summary>
internal sealed class Callers : IDisposable
{
    private readonly HttpClient[] _clients;
    private readonly ConcurrentQueue<TimeSpan> _latencies = new();
    private readonly ConcurrentDictionary<string, int> _refused = new();

    /// <param name="tokens">One for each identity.</param>
    public Callers(Uri api, IEnumerable<string> tokens) => _clients =
    [
        .. tokens.Select(token => new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = api,
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
        }),
    ];

    /// <summary>The status codes of answers that were no success, and connections that were cut, with how many.</summary>
    public IReadOnlyDictionary<string, int> Refused => _refused;

    /// <summary>Of one answer, in bytes.</summary>
    public long Length { get; private set; }

    public Task<string> ReadAsync(string path, CancellationToken stop) => _clients[0].GetStringAsync(new Uri(path, UriKind.Relative), stop);

    /// <param name="perSecond">Of all identities together.</param>
    public async Task<Sample> AskAsync(string path, int perSecond, TimeSpan lasting, CancellationToken stop)
    {
        _latencies.Clear();
        _refused.Clear();
        TimeProvider time = TimeProvider.System;
        long begun = time.GetTimestamp();
        var asked = new List<Task>();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1), time);
        while (time.GetElapsedTime(begun) < lasting && await timer.WaitForNextTickAsync(stop))
        {
            // The first one is due at once.
            for (int due = 1 + (int)(time.GetElapsedTime(begun).TotalSeconds * perSecond); asked.Count < due;)
                asked.Add(AskOneAsync(_clients[asked.Count % _clients.Length], path, begun, asked.Count / (double)perSecond, stop));
        }

        await Task.WhenAll(asked);
        return new Sample(_latencies);
    }

    private async Task AskOneAsync(HttpClient client, string path, long begun, double dueSeconds, CancellationToken stop)
    {
        string? refused;
        try
        {
            using HttpResponseMessage response = await client.GetAsync(new Uri(path, UriKind.Relative), stop);
            Length = (await response.Content.ReadAsByteArrayAsync(stop)).Length;
            refused = response.IsSuccessStatusCode ? null : $"{(int)response.StatusCode}";
        }
        catch (HttpRequestException)
        {
            // As one connection too many is, where answers take so long that they pile up.
            refused = "not at all";
        }

        _latencies.Enqueue(TimeProvider.System.GetElapsedTime(begun) - TimeSpan.FromSeconds(dueSeconds));
        if (refused is not null)
            _refused.AddOrUpdate(refused, 1, (_, count) => count + 1);
    }

    public void Dispose()
    {
        foreach (HttpClient client in _clients)
            client.Dispose();
    }
}
