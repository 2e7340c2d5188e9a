using System.Net;
using DynamicToolset.Sandbox.Faults;
using DynamicToolset.Testing;
using static DynamicToolset.Sandbox.Tests.Cluster;

namespace DynamicToolset.Sandbox.Tests;

/// <summary>What a client sees of each kind of fault.</summary>
public sealed class FaultTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_rule_befalls_the_requests_that_it_names_and_no_others()
    {
        await using Cluster cluster = await StartAsync();
        cluster.Sim.Faults.Add(new FaultRule(new Fault.Answer(HttpStatusCode.ServiceUnavailable), "list", "configmaps", First: 2, Times: 2));
        (await cluster.GetAsync(Services)).Expect(200);
        int[] codes = new int[5];
        for (int index = 0; index < codes.Length; index++)
        {
            codes[index] = (await cluster.GetAsync(ConfigMaps)).Code;
        }

        Assert.Equal([200, 503, 503, 200, 200], codes);
    }

    [Fact]
    public async Task A_cleared_plan_lets_everything_through()
    {
        await using Cluster cluster = await StartAsync();
        cluster.Sim.Faults.Add(new FaultRule(new Fault.Refuse(), Times: int.MaxValue));
        cluster.Sim.Faults.Clear();
        (await cluster.GetAsync(ConfigMaps)).Expect(200);
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized, "Unauthorized")]
    [InlineData(HttpStatusCode.Forbidden, "Forbidden")]
    [InlineData(HttpStatusCode.Conflict, "Conflict")]
    [InlineData(HttpStatusCode.Gone, "Expired")]
    [InlineData(HttpStatusCode.UnprocessableEntity, "Invalid")]
    [InlineData(HttpStatusCode.TooManyRequests, "TooManyRequests")]
    [InlineData(HttpStatusCode.InternalServerError, "InternalError")]
    [InlineData(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable")]
    [InlineData(HttpStatusCode.GatewayTimeout, "Timeout")]
    public async Task A_refusal_comes_as_a_status_and_nothing_is_done(HttpStatusCode code, string reason)
    {
        await using Cluster cluster = await StartAsync();
        cluster.Sim.Faults.Add(new FaultRule(new Fault.Answer(code), "create"));
        (await cluster.PostAsync(ConfigMaps, """{"metadata":{"name":"a"}}""")).Expect((int)code, reason);
        (await cluster.GetAsync($"{ConfigMaps}/a")).Expect(404);
    }

    [Fact]
    public async Task A_refusal_can_say_when_to_come_back()
    {
        await using Cluster cluster = await StartAsync();
        cluster.Sim.Faults.Add(new FaultRule(new Fault.Answer(HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(3))));
        using HttpResponseMessage response = await cluster.Client.GetAsync(new Uri(ConfigMaps, UriKind.Relative), Stop);
        Assert.Equal(TimeSpan.FromSeconds(3), response.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task A_broken_connection_does_nothing()
    {
        await using Cluster cluster = await StartAsync();
        cluster.Sim.Faults.Add(new FaultRule(new Fault.Refuse(), "create"));
        await Assert.ThrowsAsync<HttpRequestException>(() => cluster.PostAsync(ConfigMaps, """{"metadata":{"name":"a"}}"""));
        (await cluster.GetAsync($"{ConfigMaps}/a")).Expect(404);
    }

    [Fact]
    public async Task A_lost_reply_hides_that_the_write_was_done()
    {
        await using Cluster cluster = await StartAsync();
        cluster.Sim.Faults.Add(new FaultRule(new Fault.LoseReply(), "create"));
        await Assert.ThrowsAsync<HttpRequestException>(() => cluster.PostAsync(ConfigMaps, """{"metadata":{"name":"a"}}"""));
        (await cluster.GetAsync($"{ConfigMaps}/a")).Expect(200);
    }

    [Fact]
    public async Task A_hanging_request_ends_when_the_client_gives_up()
    {
        await using Cluster cluster = await StartAsync();
        cluster.Sim.Faults.Add(new FaultRule(new Fault.Hang(), "list"));
        using var patience = new CancellationTokenSource();
        Task<HttpResponseMessage> request = cluster.Client.GetAsync(new Uri(ConfigMaps, UriKind.Relative), patience.Token);
        (await cluster.GetAsync(Services + "/other")).Expect(404);
        Assert.False(request.IsCompleted);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
    }

    [Fact]
    public async Task A_late_answer_comes_when_its_time_has_passed()
    {
        var time = new ObservedTime();
        await using Cluster cluster = await StartAsync(new KubeSimOptions { Time = time });
        cluster.Sim.Faults.Add(new FaultRule(new Fault.Delay(TimeSpan.FromMinutes(1)), "list"));
        Task<Answer> request = cluster.GetAsync(ConfigMaps);
        (await cluster.GetAsync($"{ConfigMaps}/other")).Expect(404);
        await time.WaitsAsync(TimeSpan.FromMinutes(1));
        Assert.False(request.IsCompleted);
        time.Advance(TimeSpan.FromMinutes(1));
        (await request).Expect(200);
    }

    [Fact]
    public async Task A_reset_leaves_half_a_list()
    {
        await using Cluster cluster = await StartAsync();
        await cluster.GivenConfigMapAsync("a");
        cluster.Sim.Faults.Add(new FaultRule(new Fault.ResetMidBody(), "list"));
        await Assert.ThrowsAsync<HttpRequestException>(() => cluster.GetAsync(ConfigMaps));
        (await cluster.GetAsync(ConfigMaps)).Expect(200);
    }

    [Fact]
    public async Task A_reset_breaks_a_watch_in_its_first_event()
    {
        await using Cluster cluster = await StartAsync();
        await cluster.GivenConfigMapAsync("a");
        cluster.Sim.Faults.Add(new FaultRule(new Fault.ResetMidBody(), "watch"));
        // The reset may overtake even the head of the answer.
        Exception? error = await Record.ExceptionAsync(() => ReadWatchAsync(cluster));
        Assert.True(error is IOException or HttpRequestException, $"{error}");
    }

    [Fact]
    public async Task A_truncated_event_is_half_a_line_at_an_orderly_end()
    {
        await using Cluster cluster = await StartAsync();
        await cluster.GivenConfigMapAsync("a");
        cluster.Sim.Faults.Add(new FaultRule(new Fault.TruncateEvent(), "watch"));
        string text = await ReadWatchAsync(cluster);
        Assert.StartsWith("{\"type\":\"ADDED\",\"object\":{", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', text);
    }

    [Fact]
    public async Task Single_bytes_make_the_same_answer()
    {
        await using Cluster cluster = await StartAsync();
        await cluster.GivenConfigMapAsync("a");
        cluster.Sim.Faults.Add(new FaultRule(new Fault.SingleBytes(), Times: 2));
        Assert.Equal(["a"], (await cluster.GetAsync(ConfigMaps)).Expect(200).Names);
        using Watch watch = await cluster.WatchAsync($"{ConfigMaps}?watch=1");
        Assert.Equal("ADDED a", await watch.NextNameAsync());
    }

    [Fact]
    public async Task Duplicated_events_come_twice_in_a_row()
    {
        await using Cluster cluster = await StartAsync();
        cluster.Sim.Faults.Add(new FaultRule(new Fault.DuplicateEvents(), "watch"));
        using Watch watch = await cluster.WatchAsync($"{ConfigMaps}?watch=1");
        await cluster.GivenConfigMapAsync("a");
        await cluster.DeleteAsync($"{ConfigMaps}/a");
        Assert.Equal("ADDED a", await watch.NextNameAsync());
        Assert.Equal("ADDED a", await watch.NextNameAsync());
        Assert.Equal("DELETED a", await watch.NextNameAsync());
    }

    private static Task<string> ReadWatchAsync(Cluster cluster) => ReadAsync(cluster.Client, $"{ConfigMaps}?watch=1");

    private static async Task<string> ReadAsync(HttpClient client, string path)
    {
        await using Stream body = await client.GetStreamAsync(new Uri(path, UriKind.Relative), Stop);
        using var reader = new StreamReader(body);
        return await reader.ReadToEndAsync(Stop);
    }
}
