using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Tests.Scripted;
using DynamicToolset.Testing;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Kubernetes.Tests.Client;

public sealed class WatchTests
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;
    private static readonly TimeSpan Asked = TimeSpan.FromSeconds(270);

    private static readonly string Script =
        Json.Event("ADDED", Json.Service("a", "11")) + Json.Event("MODIFIED", Json.Service("a", "12")) + Json.Bookmark("15") + Json.Event("DELETED", Json.Service("a", "16"));

    [Fact]
    public async Task A_watch_asks_for_an_end_and_for_bookmarks()
    {
        await using var server = new ScriptedServer(e => e.AnswerAsync(200, ""));
        using KubeApiClient client = server.Client();
        await ReadAsync(client, "9");
        Assert.Equal("/api/v1/services?watch=true&allowWatchBookmarks=true&timeoutSeconds=270&resourceVersion=9", server.Requests[0].Target);
    }

    [Theory, InlineData(1), InlineData(7), InlineData(4096)]
    public async Task Events_are_the_same_however_their_bytes_are_cut(int chunk)
    {
        await using var server = new ScriptedServer(async e =>
        {
            await e.BeginAsync();
            foreach (char[] part in Script.Chunk(chunk))
                await e.ChunkAsync(new string(part));
            await e.EndAsync();
        });
        using KubeApiClient client = server.Client();
        Assert.Equal(["Opened 9", "Added 11 a", "Modified 12 a", "Bookmark 15", "Deleted 16 a"], await ReadAsync(client, "9"));
    }

    [Fact]
    public async Task An_event_is_handed_on_before_the_next_one_comes()
    {
        var seen = new TaskCompletionSource();
        await using var server = new ScriptedServer(async e =>
        {
            await e.BeginAsync();
            await e.ChunkAsync(Json.Event("ADDED", Json.Service("a")).TrimEnd());
            await seen.Task;
            await e.EndAsync();
        });
        using KubeApiClient client = server.Client();
        await foreach (WatchEvent<ServiceRecord> next in Watch(client, "1"))
        {
            if (next.Kind == WatchEventKind.Added)
                seen.SetResult();
        }

        Assert.True(seen.Task.IsCompleted);
    }

    [Fact]
    public async Task A_watch_without_events_is_known_to_be_open()
    {
        await using var server = new ScriptedServer(async e =>
        {
            await e.BeginAsync();
            await e.HangAsync();
        });
        using KubeApiClient client = server.Client();
        await using IAsyncEnumerator<WatchEvent<ServiceRecord>> watch = Watch(client, "1").GetAsyncEnumerator(Stop);
        Assert.True(await watch.MoveNextAsync());
        Assert.Equal(WatchEventKind.Opened, watch.Current.Kind);
    }

    [Theory, InlineData("ended"), InlineData("reset")]
    public async Task A_line_that_breaks_off_is_a_fault_and_no_event(string how)
    {
        await using var server = new ScriptedServer(async e =>
        {
            await e.BeginAsync();
            await e.ChunkAsync(Json.Event("ADDED", Json.Service("a", "11")) + Json.Event("ADDED", Json.Service("b", "12"))[..60]);
            if (how == "ended")
                await e.EndAsync();
            else
                e.Reset();
        });
        using KubeApiClient client = server.Client();
        var seen = new List<string>();
        KubeApiException error = await Assert.ThrowsAsync<KubeApiException>(() => ReadAsync(client, "9", seen));
        Assert.True(error.IsRetryable);
        Assert.DoesNotContain(seen, line => line.EndsWith(" b", StringComparison.Ordinal));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_version_that_is_too_old_is_gone_in_either_form(bool asStatus)
    {
        string status = Json.Status(410, "Expired", "too old resource version: 1 (9)");
        await using var server = new ScriptedServer(e => asStatus ? e.AnswerAsync(410, status) : e.AnswerAsync(200, Json.Event("ERROR", status)));
        using KubeApiClient client = server.Client();
        KubeApiException error = await Assert.ThrowsAsync<KubeApiException>(() => ReadAsync(client, "1"));
        Assert.Equal((410, "Expired", true), (error.Code, error.Reason, error.IsGone));
    }

    [Fact]
    public async Task A_version_that_the_API_server_has_not_reached_is_of_no_use_either()
    {
        string details = """{"causes":[{"reason":"ResourceVersionTooLarge","message":"Too large resource version"}],"retryAfterSeconds":1}""";
        await using var server = new ScriptedServer(e => e.AnswerAsync(504, Json.Status(504, "Timeout", details: details)));
        using KubeApiClient client = server.Client();
        Assert.True((await Assert.ThrowsAsync<KubeApiException>(() => ReadAsync(client, "999"))).IsGone);
    }

    [Theory, InlineData(7, 7), InlineData(61, 60), InlineData(int.MaxValue, 60)]
    public async Task An_error_event_may_ask_to_be_left_alone_for_a_minute_at_most(int asked, int taken)
    {
        string status = Json.Status(429, "TooManyRequests", details: $"{{\"retryAfterSeconds\":{asked}}}");
        await using var server = new ScriptedServer(e => e.AnswerAsync(200, Json.Event("ERROR", status)));
        using KubeApiClient client = server.Client();
        KubeApiException error = await Assert.ThrowsAsync<KubeApiException>(() => ReadAsync(client, "1"));
        Assert.Equal(TimeSpan.FromSeconds(taken), error.RetryAfter);
    }

    [Fact]
    public async Task An_error_event_of_another_kind_is_a_refusal_with_its_own_code()
    {
        await using var server = new ScriptedServer(e => e.AnswerAsync(200, Json.Event("ERROR", Json.Status(500, "InternalError"))));
        using KubeApiClient client = server.Client();
        KubeApiException error = await Assert.ThrowsAsync<KubeApiException>(() => ReadAsync(client, "1"));
        Assert.Equal((500, false, true), (error.Code, error.IsGone, error.IsRetryable));
    }

    [Theory]
    [InlineData("""{"type":"RENAMED","object":{"metadata":{"name":"a","resourceVersion":"1"}}}""")]
    [InlineData("""{"type":"ADDED"}""")]
    [InlineData("""{"type":"ADDED","object":{"metadata":{"name":"a"}}}""")]
    [InlineData("""{"type":"BOOKMARK","object":{"metadata":{}}}""")]
    [InlineData("""{"type":"ERROR","object":{}}""")]
    [InlineData("[]")]
    [InlineData("<html>")]
    public async Task What_is_no_event_is_a_fault(string line)
    {
        await using var server = new ScriptedServer(e => e.AnswerAsync(200, line + "\n"));
        using KubeApiClient client = server.Client();
        Assert.Equal(KubeFault.Malformed, (await Assert.ThrowsAsync<KubeApiException>(() => ReadAsync(client, "1"))).Fault);
    }

    [Fact]
    public async Task A_watch_that_is_silent_for_longer_than_it_should_last_is_given_up()
    {
        var time = new FakeTimeProvider();
        await using var server = new ScriptedServer(async e =>
        {
            await e.BeginAsync();
            await e.HangAsync();
        });
        using KubeApiClient client = server.Client(time);
        await using IAsyncEnumerator<WatchEvent<ServiceRecord>> watch = Watch(client, "1").GetAsyncEnumerator(Stop);
        await watch.MoveNextAsync();

        ValueTask<bool> next = watch.MoveNextAsync();
        time.Advance(Asked);
        Assert.False(next.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(31));

        Assert.Equal(KubeFault.Timeout, (await Assert.ThrowsAsync<KubeApiException>(async () => await next)).Fault);
    }

    [Fact]
    public async Task A_watch_that_is_not_accepted_in_time_is_given_up()
    {
        var time = new FakeTimeProvider();
        var asked = new TaskCompletionSource();
        await using var server = new ScriptedServer(e =>
        {
            asked.SetResult();
            return e.HangAsync();
        });
        using KubeApiClient client = server.Client(time);
        Task<List<string>> watch = ReadAsync(client, "1");
        await asked.Task;
        time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(KubeFault.Timeout, (await Assert.ThrowsAsync<KubeApiException>(() => watch)).Fault);
    }

    [Fact]
    public async Task The_callers_own_stop_is_no_fault()
    {
        using var stop = new CancellationTokenSource();
        await using var server = new ScriptedServer(async e =>
        {
            await e.BeginAsync();
            await e.HangAsync();
        });
        using KubeApiClient client = server.Client();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (WatchEvent<ServiceRecord> next in client.WatchServicesAsync(null, "1", Asked, stop.Token))
                await stop.CancelAsync();
        });
    }

    [Fact]
    public async Task A_watch_that_is_left_closes_its_connection()
    {
        const int Times = 200;
        await using var server = new ScriptedServer([.. Enumerable.Repeat<Func<Exchange, Task>>(
            async e =>
            {
                await e.BeginAsync();
                await e.UntilClosedAsync();
            },
            Times)]);
        using KubeApiClient client = server.Client();
        for (int i = 0; i < Times; i++)
        {
            await foreach (WatchEvent<ServiceRecord> opened in Watch(client, "1"))
                break;
        }

        await server.AllClosedAsync().WithPatienceAsync();
        Assert.Equal(Times, server.Connections);
    }

    [Fact]
    public async Task However_watches_end_thousands_of_them_leave_one_connection_at_most()
    {
        Func<Exchange, Task>[] ends =
        [
            e => e.AnswerAsync(200, Script),
            e => e.AnswerAsync(503, Json.Status(503, "ServiceUnavailable")),
            e => e.AnswerAsync(200, Json.Event("ERROR", Json.Status(410, "Expired"))),
            e => e.AnswerAsync(200, "<html>"),
            async e =>
            {
                await e.BeginAsync();
                await e.ChunkAsync(Script[..^9]);
                e.Reset();
            },
        ];
        await using var server = new ScriptedServer([.. Enumerable.Repeat(ends, 500).SelectMany(e => e)]);
        using KubeApiClient client = server.Client();
        for (int i = 0; i < 500 * ends.Length; i++)
            await Record.ExceptionAsync(() => ReadAsync(client, "1"));
        Assert.Equal(500 * ends.Length, server.Requests.Count);
        await Patience.EventuallyAsync(() => server.OpenConnections <= 1, "all others are closed");
    }

    private static IAsyncEnumerable<WatchEvent<ServiceRecord>> Watch(KubeApiClient client, string version) =>
        client.WatchServicesAsync(null, version, Asked, Stop);

    private static async Task<List<string>> ReadAsync(KubeApiClient client, string version, List<string>? into = null)
    {
        List<string> seen = into ?? [];
        await foreach (WatchEvent<ServiceRecord> next in Watch(client, version))
            seen.Add($"{next.Kind} {next.ResourceVersion} {next.Item?.Key.Name}".TrimEnd());
        return seen;
    }
}
