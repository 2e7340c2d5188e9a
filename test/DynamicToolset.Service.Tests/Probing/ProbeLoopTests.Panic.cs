using DynamicToolset.HealthCheck;
using DynamicToolset.Service.Probing;

namespace DynamicToolset.Service.Tests.Probing;

/// <content>Who is asked when somebody fails, and what is believed then. The clock stands still unless a test says otherwise.</content>
public sealed partial class ProbeLoopTests
{
    private readonly HashSet<string> _down = [];

    [Fact]
    public async Task A_first_failure_has_every_other_endpoint_checked_at_once_and_a_second_one_nobody()
    {
        await using Harness loop = Started("a", "b", "c");
        await loop.SettledAsync(checks: 3);

        _down.Add("a");
        loop.SetTargets(Target("a") with { Version = "2" }, Target("b"), Target("c"));
        await loop.SettledAsync(checks: 6);
        Assert.Equal((2, 2, 2), (loop.Checks("a"), loop.Checks("b"), loop.Checks("c")));

        loop.Time.Advance(TimeSpan.FromSeconds(2.3));
        await loop.SettledAsync(checks: 7);
        Assert.Equal("bc", InPlace(loop));
    }

    [Fact]
    public async Task A_check_that_was_under_way_when_another_failed_is_made_again()
    {
        await using Harness loop = Started("a", "b");
        await loop.SettledAsync(checks: 2);
        TaskCompletionSource<ProbeAnswer> slow = new();
        loop.Ask = (request, _) => NameOf(request) == "b" ? slow.Task : Task.FromResult(Failed);
        _ = loop.Loop.CheckNowAsync();
        await loop.SettleAsync();
        loop.Ask = AnswerAsync;
        _down.Add("a");
        slow.SetResult(Passed);
        await loop.SettledAsync(checks: 5);
        Assert.Equal(3, loop.Checks("b"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task When_everything_fails_all_stay_and_the_first_success_has_the_others_asked_at_once(int threshold)
    {
        await using Harness loop = Started(new ProbeLoopOptions { Attempts = 1, Thresholds = new HealthThresholds(threshold) }, "a", "b", "c", "d");
        await loop.SettledAsync(checks: 4);
        _down.UnionWith(["a", "b", "c", "d"]);
        await loop.PassAsync(TimeSpan.FromMinutes(10), step: TimeSpan.FromSeconds(1));
        Assert.Equal(("abcd", true), (InPlace(loop), loop.Loop.Health.IsPanic));

        _down.ExceptWith(["a", "b", "c"]);
        int before = loop.AllChecks;
        await loop.PassAsync(TimeSpan.FromSeconds(34), () => loop.AllChecks > before, TimeSpan.FromSeconds(0.1));
        Assert.Equal((4, "abc", false), (loop.AllChecks - before, InPlace(loop), loop.Loop.Health.IsPanic));
    }

    [Fact]
    public async Task Switched_off_all_go_and_nobody_is_asked_for_another()
    {
        await using Harness loop = Started(new ProbeLoopOptions { Attempts = 1, Panic = false }, "a", "b");
        await loop.SettledAsync(checks: 2);
        _down.UnionWith(["a", "b"]);
        loop.SetTargets(Target("a") with { Version = "2" }, Target("b"));
        await loop.SettledAsync(checks: 3);
        await loop.PassAsync(TimeSpan.FromMinutes(1), step: TimeSpan.FromSeconds(1));
        Assert.Equal("", InPlace(loop));
    }

    /// <summary>The attack: Services that are there and fail have everybody checked again and again.</summary>
    [Fact]
    public async Task What_was_never_healthy_may_fail_as_often_as_it_likes_and_nobody_else_is_asked()
    {
        await using Harness loop = Started("well", "bad");
        _down.Add("bad");
        await loop.PassAsync(TimeSpan.FromMinutes(10), step: TimeSpan.FromSeconds(1));
        Assert.InRange(loop.Checks("well"), 18, 23);
    }

    /// <summary>The attack: it is healthy and fails in turn, by an edit as often as its tenant likes.</summary>
    [Fact]
    public async Task A_tenant_whose_Services_fail_and_recover_in_turn_has_others_asked_at_most_once_more_in_an_interval()
    {
        await using Harness loop = Started(new ProbeLoopOptions { Attempts = 1 });
        for (int i = 0; i < 1200; i++)
        {
            (i % 2 == 0 ? (Action<string>)(n => _down.Remove(n)) : n => _down.Add(n))("flaps");
            loop.SetTargets(Target("flaps", "tenant") with { Version = $"{i}" }, Target("well"));
            await loop.PassAsync(TimeSpan.FromSeconds(0.5), step: TimeSpan.FromSeconds(0.5));
        }

        // Ten minutes: twenty by its own interval, as many again, and some at the beginning.
        Assert.InRange(loop.Checks("well"), 20, 48);
    }

    [Fact]
    public async Task When_hundreds_fail_together_each_is_asked_a_few_times_and_not_once_for_each_other()
    {
        string[] names = [.. Enumerable.Range(0, 300).Select(i => $"e{i}")];
        await using Harness loop = Started(new ProbeLoopOptions { Attempts = 1 }, names);
        await loop.SettledAsync(checks: 300);
        _down.UnionWith(names);
        await loop.PassAsync(TimeSpan.FromSeconds(34), step: TimeSpan.FromSeconds(0.5));
        Assert.True(loop.Loop.Health.IsPanic);
        // Eight would be by the back-off alone.
        Assert.InRange(loop.AllChecks, 300, 300 * 15);
    }

    [Fact]
    public async Task A_failure_that_found_no_share_left_has_the_others_asked_when_it_goes_on()
    {
        await using Harness loop = Started("a", "b", "c");
        await loop.SettledAsync(checks: 3);
        _down.Add("a");
        loop.SetTargets(Target("a") with { Version = "2" }, Target("b"), Target("c"));
        await loop.SettledAsync(checks: 6);
        _down.Add("b");
        loop.SetTargets(Target("a") with { Version = "2" }, Target("b") with { Version = "2" }, Target("c"));
        await loop.SettledAsync(checks: 7);
        await loop.PassAsync(TimeSpan.FromSeconds(2.5), () => InPlace(loop) == "c", TimeSpan.FromSeconds(0.1));
    }

    [Fact]
    public async Task Where_another_replica_puts_in_place_what_fails_here_the_others_are_asked_at_its_next_failure()
    {
        await using Harness loop = Started("a", "b");
        _down.Add("n");
        loop.SetTargets(Target("a"), Target("b"), Target("n"));
        await loop.SettledAsync(checks: 3);
        loop.SetTargets(Target("a"), Target("b"), Target("n") with { InPlace = true });
        await loop.SettleAsync();
        Assert.Equal("abn", InPlace(loop));
        await loop.PassAsync(TimeSpan.FromSeconds(5), () => (loop.Checks("a"), loop.Checks("b")) == (2, 2), TimeSpan.FromSeconds(0.1));
    }

    [Fact]
    public async Task A_warning_says_whether_the_toolset_stays()
    {
        await using Harness loop = Started("a", "b");
        await loop.SettledAsync(checks: 2);
        _down.UnionWith(["a", "b"]);
        await loop.PassAsync(TimeSpan.FromMinutes(1), step: TimeSpan.FromSeconds(1));
        Assert.Equal([true, true], loop.Logged.Where(l => l.Message == "Service health check failed, skipping").Select(l => l.Fields["kept"]));
    }

    private Harness Started(params string[] names) => Started(new ProbeLoopOptions { Attempts = 1 }, names);

    private Harness Started(ProbeLoopOptions options, params string[] names)
    {
        var loop = new Harness(options) { Ask = AnswerAsync };
        loop.SetTargets([.. names.Select(Target)]);
        return loop;
    }

    private Task<ProbeAnswer> AnswerAsync(ProbeRequest request, CancellationToken stop) => Task.FromResult(_down.Contains(NameOf(request)) ? Failed : Passed);

    private static string NameOf(ProbeRequest request) => request.Endpoint.Host.Split('.')[0];

    private static string InPlace(Harness loop) => string.Concat(
        loop.Loop.Table.States.Select(s => s.Key).Where(loop.Loop.Health.IsHealthy).Select(e => e.Service.Name).Order(StringComparer.Ordinal));
}
