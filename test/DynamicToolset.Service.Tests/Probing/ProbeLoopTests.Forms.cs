using System.Collections.Concurrent;
using DynamicToolset.Cluster;
using DynamicToolset.HealthCheck;
using DynamicToolset.Service.Probing;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.Probing;

/// <content>Endpoints that answer in another form than their Service shows.</content>
public sealed partial class ProbeLoopTests
{
    private static readonly ProbeAnswer CutOff = new ProbeAnswer.None(ProbeFailure.CutOff);
    private static readonly ProbeAnswer NoTls = new ProbeAnswer.None(ProbeFailure.TlsFailed);

    [Fact]
    public async Task A_newcomer_that_speaks_TLS_is_healthy_by_its_first_check_and_asked_so_from_then_on()
    {
        await using Harness loop = new();
        ConcurrentQueue<string> asked = Speaking(loop, () => "https");
        loop.SetTargets(Open("elastic"));
        await loop.SettledAsync(requests: 2, checks: 1);
        Assert.Equal(HealthStatus.Healthy, loop.StatusOf("elastic"));
        Assert.Equal(new EndpointForm("https", ""), loop.Loop.Table.Forms[Open("elastic").Endpoint]);
        Assert.Equal("https://elastic.monitoring:80/health", loop.Completed.Single().Asked.Url);
        Assert.Equal(1, loop.Changes);
        loop.Time.Advance(TimeSpan.FromSeconds(34));
        await loop.SettledAsync(requests: 3, checks: 2);
        Assert.Equal(["http", "https", "https"], asked);
        Assert.Equal(1, loop.Changes);
        Assert.Contains(loop.Logged, l => l.Message == "Service answers at another URL" && l.Fields["endpoint"]!.Equals("https://elastic.monitoring:80"));
    }

    [Fact]
    public async Task A_check_of_several_attempts_tries_one_other_form()
    {
        await using Harness loop = new(new ProbeLoopOptions { Attempts = 3 });
        ConcurrentQueue<string> asked = Speaking(loop, () => "neither");
        loop.SetTargets(Open("elastic"));
        await loop.PassAsync(TimeSpan.FromSeconds(3), until: () => loop.Completed.Count == 1);
        Assert.Equal(["http", "https", "http", "http"], asked);
        HealthState state = loop.Loop.Table.Find(Open("elastic").Endpoint)!;
        Assert.Equal(("connection", "tls"), (state.Last!.Reason, state.Tried!.Outcome.Reason));
    }

    [Fact]
    public async Task What_was_told_of_the_ConfigMap_is_asked_first_and_a_first_failure_changes_nothing()
    {
        await using Harness loop = new();
        ConcurrentQueue<string> asked = Speaking(loop, () => "neither");
        loop.SetTargets(Open("elastic") with { InPlace = true, Told = new EndpointForm("https", "") });
        Assert.Equal(new EndpointForm("https", ""), loop.Loop.Table.Forms[Open("elastic").Endpoint]);
        await loop.SettledAsync(requests: 1, checks: 1);
        Assert.Equal(["https"], asked);
        Assert.Equal(HealthStatus.Healthy, loop.StatusOf("elastic"));
    }

    [Fact]
    public async Task One_in_place_moves_when_it_would_have_gone_and_never_back_to_plain_HTTP()
    {
        await using Harness loop = new();
        string spoken = "http";
        ConcurrentQueue<string> asked = Speaking(loop, () => spoken);
        loop.SetTargets(Open("elastic"));
        await loop.SettledAsync(requests: 1, checks: 1);
        spoken = "https";
        loop.Time.Advance(TimeSpan.FromSeconds(34));
        await loop.SettledAsync(requests: 3, checks: 2);
        Assert.Empty(loop.Loop.Table.Forms);
        Assert.Equal(HealthStatus.Healthy, loop.StatusOf("elastic"));
        await loop.PassAsync(TimeSpan.FromSeconds(3), until: () => loop.Completed.Count == 3);
        Assert.Equal(new EndpointForm("https", ""), Assert.Single(loop.Loop.Table.Forms).Value);
        Assert.Equal(HealthStatus.Healthy, loop.StatusOf("elastic"));

        spoken = "http";
        asked.Clear();
        await loop.PassAsync(TimeSpan.FromMinutes(5), step: TimeSpan.FromSeconds(1));
        Assert.Equal(HealthStatus.Unhealthy, loop.StatusOf("elastic"));
        Assert.All(asked, scheme => Assert.Equal("https", scheme));
        spoken = "https";
        await loop.PassAsync(TimeSpan.FromMinutes(1), until: () => loop.StatusOf("elastic") == HealthStatus.Healthy, step: TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task The_other_form_has_the_time_that_the_first_one_left()
    {
        await using Harness loop = new();
        List<TimeSpan> timeouts = [];
        loop.Ask = (request, _) =>
        {
            timeouts.Add(request.Timeout);
            ((FakeTimeProvider)loop.Time).Advance(TimeSpan.FromSeconds(timeouts.Count == 1 ? 3 : 0));
            return Task.FromResult(CutOff);
        };
        loop.SetTargets(Open("elastic"));
        await loop.SettledAsync(requests: 2, checks: 1);
        Assert.Equal([TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(2)], timeouts);
    }

    [Fact]
    public async Task Those_that_hang_in_the_handshake_alone_hold_nobody_up()
    {
        await using Harness loop = new(new ProbeLoopOptions { Attempts = 1, Concurrency = 4 });
        loop.Ask = async (request, stop) =>
        {
            if (request.Endpoint.Host.StartsWith("well", StringComparison.Ordinal))
                return Passed;
            if (request.Endpoint.Scheme == "http")
                return CutOff;
            await Task.Delay(request.Timeout, loop.Time, stop);
            return TimedOut;
        };
        loop.SetTargets([.. Enumerable.Range(0, 100).Select(i => Open($"hangs-{i}"))]);
        await loop.PassAsync(TimeSpan.FromMinutes(3), step: TimeSpan.FromSeconds(1));
        loop.SetTargets([.. Enumerable.Range(0, 100).Select(i => Open($"hangs-{i}")), Open("well")]);
        await loop.PassAsync(TimeSpan.FromMilliseconds(500), until: () => loop.IsHealthy(Open("well")));
        // And again, when it is no newcomer any more.
        int checks = loop.Checks("well");
        await loop.PassAsync(TimeSpan.FromSeconds(34), until: () => loop.Checks("well") > checks, step: TimeSpan.FromMilliseconds(250));
    }

    [Fact]
    public async Task A_form_that_its_Service_no_longer_leaves_open_is_forgotten()
    {
        await using Harness loop = new();
        ConcurrentQueue<string> asked = Speaking(loop, () => "https");
        loop.SetTargets(Open("elastic"));
        await loop.SettledAsync(requests: 2, checks: 1);
        loop.SetTargets(Target("elastic"));
        Assert.Empty(loop.Loop.Table.Forms);
        await loop.SettledAsync(requests: 3, checks: 2);
        Assert.Equal(["http", "https", "http"], asked);
    }

    private static ProbeTarget Open(string name)
    {
        ProbeTarget target = Target(name);
        return target with { Ways = new CheckWays(target.Target) { MayBeHttps = true } };
    }

    /// <summary>Every backend speaks this scheme, if it is one.</summary>
    private static ConcurrentQueue<string> Speaking(Harness loop, Func<string> spoken)
    {
        ConcurrentQueue<string> asked = [];
        loop.Ask = (request, _) =>
        {
            string scheme = request.Endpoint.Scheme;
            asked.Enqueue(scheme);
            return Task.FromResult(scheme == spoken() ? Passed : scheme == "https" ? NoTls : CutOff);
        };
        return asked;
    }
}
