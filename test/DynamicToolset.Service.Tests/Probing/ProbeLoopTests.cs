using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using DynamicToolset.Cluster;
using DynamicToolset.HealthCheck;
using DynamicToolset.Service.Probing;
using DynamicToolset.Service.Tests.Hosting;
using DynamicToolset.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.Probing;

public sealed partial class ProbeLoopTests
{
    private static readonly ProbeAnswer Passed = new ProbeAnswer.Response(200, null, null, default);
    private static readonly ProbeAnswer Failed = new ProbeAnswer.Response(503, null, null, default);
    private static readonly ProbeAnswer TimedOut = new ProbeAnswer.None(ProbeFailure.Timeout);

    [Fact]
    public async Task A_new_endpoint_is_checked_at_once_and_is_healthy_only_then()
    {
        await using Harness loop = new();
        TaskCompletionSource<ProbeAnswer> answer = new();
        loop.Answer = (_, _) => answer.Task;

        loop.SetTargets("grafana");
        await loop.SettleAsync();
        Assert.Equal(1, loop.Checks("grafana"));
        Assert.Equal(HealthStatus.Unknown, loop.StatusOf("grafana"));
        Assert.False(loop.Loop.FirstRound.IsCompleted);

        answer.SetResult(Passed);
        await loop.Loop.FirstRound.WithPatienceAsync();
        Assert.Equal(HealthStatus.Healthy, loop.StatusOf("grafana"));
    }

    [Fact]
    public async Task The_table_has_the_targets_as_soon_as_they_are_set()
    {
        await using Harness loop = new(start: false);

        loop.SetTargets(Target("known") with { InPlace = true }, Target("new"));
        Assert.Equal((HealthStatus.Healthy, HealthStatus.Unknown), (loop.StatusOf("known"), loop.StatusOf("new")));

        loop.SetTargets("new");
        Assert.Null(loop.StatusOf("known"));
    }

    [Fact]
    public async Task A_steady_endpoint_is_checked_again_after_its_interval_and_not_before()
    {
        await using Harness loop = new();
        loop.SetTargets("grafana");
        await loop.SettledAsync(checks: 1);

        loop.Time.Advance(TimeSpan.FromSeconds(26.9));
        await loop.SettledAsync(checks: 1);
        loop.Time.Advance(TimeSpan.FromSeconds(6.2));
        await loop.SettledAsync(checks: 2);
    }

    [Fact]
    public async Task A_failing_endpoint_is_checked_again_after_two_seconds_then_four()
    {
        await using Harness loop = new();
        loop.Answer = (_, _) => Task.FromResult(Failed);
        loop.SetTargets("grafana");
        await loop.SettledAsync(checks: 1);

        loop.Time.Advance(TimeSpan.FromSeconds(2.3));
        await loop.SettledAsync(checks: 2);
        loop.Time.Advance(TimeSpan.FromSeconds(3.5));
        await loop.SettledAsync(checks: 2);
        loop.Time.Advance(TimeSpan.FromSeconds(1));
        await loop.SettledAsync(checks: 3);
    }

    [Fact]
    public async Task Alternating_outcomes_change_nothing_and_are_told_to_nobody()
    {
        await using Harness loop = new();
        loop.Answer = (_, n) => Task.FromResult(n % 2 == 0 ? Failed : Passed);
        loop.SetTargets("grafana");
        await loop.SettledAsync(checks: 1);

        for (int i = 2; i <= 40; i++)
        {
            loop.Time.Advance(TimeSpan.FromSeconds(34));
            await loop.SettledAsync(checks: i);
            Assert.Equal(HealthStatus.Healthy, loop.StatusOf("grafana"));
        }

        Assert.Equal(1, loop.Changes);
        Assert.Empty(loop.Logged);
    }

    [Fact]
    public async Task Two_failed_checks_in_a_row_and_then_a_passed_one_are_two_changes()
    {
        await using Harness loop = new();
        loop.Answer = (_, n) => Task.FromResult(n is 2 or 3 ? Failed : Passed);
        loop.SetTargets("grafana");
        await loop.SettledAsync(checks: 1);
        List<(HealthStatus?, int)> seen = [];
        for (int i = 2; i <= 4; i++)
        {
            loop.Time.Advance(TimeSpan.FromSeconds(34));
            await loop.SettledAsync(checks: i);
            seen.Add((loop.StatusOf("grafana"), loop.Changes));
        }

        Assert.Equal([(HealthStatus.Healthy, 1), (HealthStatus.Unhealthy, 2), (HealthStatus.Healthy, 3)], seen);
    }

    [Fact]
    public async Task A_first_check_that_fails_leaves_an_assumed_endpoint_in_place_and_is_told()
    {
        await using Harness loop = new();
        loop.Answer = (_, _) => Task.FromResult(Failed);

        loop.SetTargets(Target("grafana") with { InPlace = true });
        await loop.SettledAsync(checks: 1);

        Assert.Equal(HealthStatus.Healthy, loop.StatusOf("grafana"));
        Assert.Equal(1, loop.Changes);
        Assert.Empty(loop.Logged);
    }

    [Fact]
    public async Task A_changed_version_is_checked_at_once_and_the_same_version_is_not()
    {
        await using Harness loop = new();
        loop.SetTargets("grafana");
        await loop.SettledAsync(checks: 1);

        loop.SetTargets("grafana");
        await loop.SettledAsync(checks: 1);
        loop.SetTargets(Target("grafana") with { Version = "2" });
        await loop.SettledAsync(checks: 2);

        Assert.Equal(HealthStatus.Healthy, loop.StatusOf("grafana"));
    }

    [Fact]
    public async Task A_version_that_changes_during_a_check_is_checked_again_after_it()
    {
        await using Harness loop = new();
        TaskCompletionSource<ProbeAnswer> first = new();
        loop.Answer = (_, n) => n == 1 ? first.Task : Task.FromResult(Passed);
        loop.SetTargets("grafana");
        await loop.SettleAsync();
        Assert.Equal(1, loop.Checks("grafana"));

        loop.SetTargets(Target("grafana") with { Version = "2" });
        first.SetResult(Failed);
        await loop.SettledAsync(checks: 2);

        Assert.Equal(HealthStatus.Healthy, loop.StatusOf("grafana"));
    }

    [Theory]
    [InlineData("http", "", "/ready", 200)]
    [InlineData("http", "", "/health", 201)]
    [InlineData("https", "", "/health", 200)]
    [InlineData("http", "/prefix", "/health", 200)]
    public async Task An_endpoint_that_is_asked_in_a_new_way_is_checked_at_once_and_keeps_its_health_until_the_answer(
        string scheme, string prefix, string path, int accepted)
    {
        await using Harness loop = new();
        TaskCompletionSource<ProbeAnswer> second = new();
        loop.Answer = (_, n) => n == 2 ? second.Task : Task.FromResult(n == 1 ? Passed : Failed);
        loop.SetTargets("grafana");
        await loop.SettledAsync(checks: 1);

        EndpointUrl url = EndpointUrl.TryCreate(scheme, new ObjectKey("monitoring", "grafana"), 80, "", prefix)!;
        loop.SetTargets(Target("grafana") with { Target = new HealthCheckTarget(url, path, new AcceptedStatuses([accepted])) });
        Assert.Equal(HealthStatus.Healthy, loop.StatusOf("grafana"));
        await loop.SettleAsync();
        Assert.Equal(2, loop.AllChecks);
        second.SetResult(Failed);
        await loop.SettledAsync(checks: 2);

        Assert.Equal(HealthStatus.Healthy, loop.StatusOf("grafana"));
        Assert.Equal(1, loop.Changes);
    }

    [Fact]
    public async Task An_answer_to_what_is_no_longer_asked_does_not_count()
    {
        await using Harness loop = new();
        TaskCompletionSource<ProbeAnswer> first = new();
        loop.Answer = (_, n) => n == 1 ? first.Task : Task.FromResult(Passed);
        loop.SetTargets("grafana");
        await loop.SettleAsync();
        Assert.Equal(1, loop.AllChecks);

        ProbeTarget target = Target("grafana");
        loop.SetTargets(target with { Target = target.Target with { Path = "/ready" } });
        first.SetResult(Failed);
        await loop.SettleAsync();
        Assert.Equal(HealthStatus.Healthy, loop.StatusOf("grafana"));

        Assert.True(Assert.Single(loop.Completed).Outcome.IsSuccess);
    }

    [Fact]
    public async Task Another_port_is_another_endpoint()
    {
        await using Harness loop = new();
        loop.SetTargets("grafana");
        await loop.SettledAsync(checks: 1);

        ProbeTarget moved = Target("grafana") with
        {
            Target = new HealthCheckTarget(EndpointUrl.TryCreate("http", new ObjectKey("monitoring", "grafana"), 81, "")!, "/health", AcceptedStatuses.Default),
        };
        loop.SetTargets(moved);

        Assert.Equal((null, 1), (loop.StatusOf("grafana"), loop.Loop.Table.Count));
        await loop.SettledAsync(checks: 2);
        Assert.True(loop.Loop.Table.IsHealthy(moved.Endpoint));
    }

    [Fact]
    public async Task Whoever_has_hundreds_of_failing_Services_buries_no_log()
    {
        await using Harness loop = new();
        loop.Answer = (_, _) => Task.FromResult(Failed);
        loop.SetTargets([.. Enumerable.Range(0, 150).Select(i => Target($"grafana-{i}"))]);
        await loop.PassAsync(TimeSpan.FromMinutes(5), () => loop.Logged.Any(l => l.Message.StartsWith("More Services", StringComparison.Ordinal)));
        Assert.Equal(100, loop.Logged.Count(l => l.Message == "Service health check failed, skipping"));
        Assert.Equal(50, Assert.Single(loop.Logged, l => l.Message == "More Services failed their health checks, not all are logged").Fields["count"]);
    }

    [Fact]
    public async Task Everything_is_checked_now_on_request()
    {
        await using Harness loop = new();
        loop.SetTargets("grafana", "jaeger");
        await loop.SettledAsync(checks: 2);

        _ = loop.Loop.CheckNowAsync();
        await loop.SettledAsync(checks: 4);

        Assert.Equal((2, 2), (loop.Checks("grafana"), loop.Checks("jaeger")));
    }

    /// <summary>A check that was under way when it was asked for began too early, and so does not count.</summary>
    [Fact]
    public async Task Who_has_everything_checked_is_told_when_each_was_since()
    {
        await using Harness loop = new();
        TaskCompletionSource<ProbeAnswer>[] answers = [.. Enumerable.Range(0, 4).Select(_ => new TaskCompletionSource<ProbeAnswer>(TaskCreationOptions.RunContinuationsAsynchronously))];
        loop.Answer = (stop, n) => answers[n - 1].Task.WaitAsync(stop);
        loop.SetTargets("grafana");
        await loop.SettleAsync();
        Task all = loop.Loop.CheckNowAsync();
        await loop.SettleAsync();
        answers[0].SetResult(Passed);
        // What was answered goes on on another thread.
        await Patience.EventuallyAsync(() => loop.AllChecks == 2, "the check that began too early is made again");
        Assert.False(all.IsCompleted);
        Task again = loop.Loop.CheckNowAsync();
        await loop.SettleAsync();
        answers[1].SetResult(Failed);
        await all.WithPatienceAsync();
        await Patience.EventuallyAsync(() => loop.AllChecks == 3, "and once more for who asked later");
        Assert.False(again.IsCompleted);
        answers[2].SetResult(Passed);
        await again.WithPatienceAsync();
    }

    [Fact]
    public async Task Nobody_waits_for_what_is_wanted_no_more_or_was_never_there()
    {
        await using Harness loop = new();
        loop.SetTargets();
        await loop.Loop.CheckNowAsync().WithPatienceAsync();
        loop.Answer = async (stop, _) =>
        {
            await Task.Delay(Timeout.Infinite, stop);
            return Passed;
        };
        loop.SetTargets("grafana", "jaeger");
        Task all = loop.Loop.CheckNowAsync();
        await loop.SettleAsync();
        Assert.False(all.IsCompleted);
        loop.SetTargets("jaeger");
        await loop.SettleAsync();
        Assert.False(all.IsCompleted);
        loop.SetTargets();
        await all.WithPatienceAsync();
    }

    [Fact]
    public async Task A_target_that_is_gone_is_forgotten_and_its_check_cancelled()
    {
        await using Harness loop = new();
        TaskCompletionSource cancelled = new();
        loop.Answer = async (stop, _) =>
        {
            await using CancellationTokenRegistration registration = stop.Register(cancelled.SetResult);
            await Task.Delay(Timeout.Infinite, stop);
            return Passed;
        };
        loop.SetTargets("grafana");
        await loop.SettleAsync();
        Assert.Equal(1, loop.Checks("grafana"));

        loop.SetTargets();
        await cancelled.Task.WithPatienceAsync();
        await loop.Loop.FirstRound.WithPatienceAsync();

        Assert.Equal(0, loop.Loop.Table.Count);
        Assert.Equal(0, loop.Changes);
    }

    [Fact]
    public async Task A_target_that_comes_back_during_its_cancelled_check_starts_anew()
    {
        await using Harness loop = new();
        TaskCompletionSource<ProbeAnswer> stubborn = new();
        loop.Answer = (_, n) => n == 1 ? stubborn.Task : Task.FromResult(Passed);
        loop.SetTargets("grafana");
        await loop.SettleAsync();
        Assert.Equal(1, loop.Checks("grafana"));

        loop.SetTargets();
        loop.SetTargets("grafana");
        await loop.SettleAsync();
        Assert.Equal(HealthStatus.Healthy, loop.StatusOf("grafana"));
        stubborn.SetResult(Failed);
        _ = loop.Loop.CheckNowAsync();
        await loop.SettleAsync();
        Assert.Equal(3, loop.Checks("grafana"));

        Assert.Equal(HealthStatus.Healthy, loop.StatusOf("grafana"));
        Assert.DoesNotContain(loop.Completed, check => !check.Outcome.IsSuccess);
    }

    [Fact]
    public async Task Switched_off_every_target_is_healthy_and_nothing_is_asked()
    {
        await using Harness loop = new(new ProbeLoopOptions { Enabled = false });

        loop.SetTargets("grafana", "jaeger");
        Assert.Equal((HealthStatus.Healthy, HealthStatus.Healthy), (loop.StatusOf("grafana"), loop.StatusOf("jaeger")));
        await loop.Loop.FirstRound.WithPatienceAsync();
        await loop.Loop.CheckNowAsync().WithPatienceAsync();
        loop.Time.Advance(TimeSpan.FromHours(1));
        loop.SetTargets("grafana");
        await loop.StopAsync();

        Assert.Equal(0, loop.Checks("grafana") + loop.Checks("jaeger"));
    }

    [Fact]
    public async Task Without_targets_the_first_round_is_over_at_once()
    {
        await using Harness loop = new();

        loop.SetTargets();

        await loop.Loop.FirstRound.WithPatienceAsync();
    }

    [Fact]
    public async Task No_more_checks_are_in_flight_than_allowed_though_five_hundred_backends_hang()
    {
        int inFlight = 0, most = 0;
        await using Harness loop = new(new ProbeLoopOptions { Concurrency = 16 });
        loop.Ask = async (request, stop) =>
        {
            most = Math.Max(most, ++inFlight);
            await Task.Delay(request.Timeout, loop.Time, stop);
            inFlight--;
            return TimedOut;
        };

        loop.SetTargets([.. Enumerable.Range(0, 500).Select(i => Target($"hangs-{i}"))]);
        await loop.PassAsync(TimeSpan.FromMinutes(5), () => loop.Loop.FirstRound.IsCompleted);

        Assert.Equal(16, most);
        Assert.All(loop.Loop.Table.States, state => Assert.Equal(HealthStatus.Unhealthy, state.Value.Status));
    }

    [Fact]
    public async Task Over_real_sockets_five_hundred_hanging_backends_hold_sixteen_connections()
    {
        await using LoopbackBackend backend = LoopbackBackend.Hanging();
        var options = new ProbeLoopOptions { Concurrency = 16 };
        await using Harness loop = new(options);
        HttpProber prober = ProberOf(_ => backend, loop.Time);
        int asked = 0;
        loop.Ask = async (request, stop) =>
        {
            Interlocked.Increment(ref asked);
            ProbeAnswer answer = await prober.AskAsync(request, stop);
            Interlocked.Decrement(ref asked);
            return answer;
        };

        loop.SetTargets([.. Enumerable.Range(0, 500).Select(i => Target($"hangs-{i}"))]);
        while (!loop.Loop.FirstRound.IsCompleted)
        {
            await loop.SettleAsync();
            await TestCluster.EventuallyAsync(() => backend.Open == Volatile.Read(ref asked), "the backend has seen who came and who went");
            loop.Time.Advance(options.Timeout);
        }

        // A closed connection may be seen by the server a moment after its successor.
        Assert.InRange(backend.MostOpen, 1, 32);
        Assert.True(backend.Accepted >= 500, $"{backend.Accepted} connections");
    }

    [Theory]
    [InlineData(100, "monitoring")]
    [InlineData(100, "tenant")]
    [InlineData(1000, "monitoring")]
    [InlineData(1000, "tenant")]
    public async Task Beside_backends_that_hang_healthy_ones_are_found_within_ten_seconds_and_dying_ones_within_a_minute(int hanging, string ns)
    {
        await using Harness loop = new(new ProbeLoopOptions { Concurrency = 16, Attempts = 3 });
        loop.HangUnless(name => name.StartsWith("well", StringComparison.Ordinal));
        ImmutableArray<ProbeTarget> hang = [.. Enumerable.Range(0, hanging).Select(i => Target($"hangs-{i}", ns))];
        ImmutableArray<ProbeTarget> well = [.. Enumerable.Range(0, 5).Select(i => Target($"well-{i}"))];

        loop.SetTargets([.. hang, .. well]);
        await loop.PassAsync(TimeSpan.FromSeconds(10), () => well.All(loop.IsHealthy));

        // In the middle of the crowd's first checks, and long after them.
        foreach (int minutes in (int[])[0, 15])
        {
            await loop.PassAsync(TimeSpan.FromMinutes(minutes), step: TimeSpan.FromSeconds(1));
            well = [.. well, Target($"well-new-{minutes}")];
            loop.SetTargets([.. hang, .. well]);
            await loop.PassAsync(TimeSpan.FromSeconds(10), () => well.All(loop.IsHealthy));
        }

        loop.HangUnless(name => name.StartsWith("well", StringComparison.Ordinal) && name != "well-0");
        await loop.PassAsync(TimeSpan.FromMinutes(1), () => !loop.IsHealthy(well[0]));
        Assert.All(well[1..], target => Assert.True(loop.IsHealthy(target)));
    }

    [Fact]
    public async Task Beside_a_thousand_that_hang_healthy_ones_are_checked_at_their_interval()
    {
        await using Harness loop = new(new ProbeLoopOptions { Concurrency = 16, Attempts = 3 });
        loop.HangUnless(name => name == "well");
        loop.SetTargets([.. Enumerable.Range(0, 1000).Select(i => Target($"hangs-{i}")), Target("well")]);

        await loop.PassAsync(TimeSpan.FromMinutes(30), step: TimeSpan.FromSeconds(1));

        DateTimeOffset[] checks = [.. loop.Completed.Where(c => c.Target.ServiceType == "well").Select(c => c.StartedAt)];
        Assert.All(checks.Skip(1).Zip(checks, (next, before) => next - before), gap => Assert.InRange(gap.TotalSeconds, 27, 36));
        Assert.InRange(checks.Length, 50, 67);
    }

    [Fact]
    public async Task A_namespace_with_a_thousand_that_hang_delays_neither_a_first_nor_a_repeated_check_of_another()
    {
        await using Harness loop = new(new ProbeLoopOptions { Concurrency = 16 });
        loop.HangUnless(name => name == "well");
        ImmutableArray<ProbeTarget> tenant = [.. Enumerable.Range(0, 1000).Select(i => Target($"hangs-{i}", "tenant"))];
        loop.SetTargets([.. tenant, Target("down")]);
        await loop.PassAsync(TimeSpan.FromSeconds(1));
        loop.SetTargets([.. tenant, Target("down"), Target("well")]);
        await loop.PassAsync(TimeSpan.FromSeconds(0.5), () => loop.StatusOf("well") == HealthStatus.Healthy);

        await loop.PassAsync(TimeSpan.FromMinutes(15), step: TimeSpan.FromSeconds(1));
        loop.HangUnless(name => name is "well" or "down");
        await loop.PassAsync(TimeSpan.FromSeconds(45), () => loop.StatusOf("down") == HealthStatus.Healthy);
    }

    [Fact]
    public async Task A_backend_that_starts_after_its_Service_is_found_soon_though_a_thousand_beside_it_hang()
    {
        await using Harness loop = new(new ProbeLoopOptions { Concurrency = 16 });
        loop.Ask = async (request, stop) =>
        {
            if (request.Endpoint.Host.StartsWith("late", StringComparison.Ordinal))
                return loop.Time.GetUtcNow() < loop.Start.AddMinutes(2) ? new ProbeAnswer.None(ProbeFailure.Refused) : Passed;
            await Task.Delay(request.Timeout, loop.Time, stop);
            return TimedOut;
        };

        loop.SetTargets([.. Enumerable.Range(0, 1000).Select(i => Target($"hangs-{i}")), Target("late")]);
        await loop.PassAsync(TimeSpan.FromMinutes(2), step: TimeSpan.FromSeconds(1));
        await loop.PassAsync(TimeSpan.FromSeconds(34), () => loop.StatusOf("late") == HealthStatus.Healthy);
    }

    [Fact]
    public async Task A_tenant_that_keeps_changing_its_Services_delays_no_check_of_others()
    {
        await using Harness loop = new(new ProbeLoopOptions { Concurrency = 16, Attempts = 3 });
        loop.HangUnless(name => name == "well");
        for (int i = 0; i < 600; i++)
        {
            loop.SetTargets([.. Enumerable.Range(0, 200).Select(n => Target($"hangs-{n}", "tenant") with { Version = $"{i}" }), Target("well")]);
            await loop.PassAsync(TimeSpan.FromSeconds(0.5), step: TimeSpan.FromSeconds(0.1));
        }

        Assert.InRange(loop.Completed.Count(c => c.Target.ServiceType == "well"), 8, 12);
    }

    [Fact]
    public async Task A_slow_backend_in_a_crowd_is_found_healthy_though_its_first_look_was_short()
    {
        await using Harness loop = new(new ProbeLoopOptions { Concurrency = 16 });
        loop.Ask = async (request, stop) =>
        {
            TimeSpan takes = request.Endpoint.Host.StartsWith("slow", StringComparison.Ordinal) ? TimeSpan.FromSeconds(3) : request.Timeout;
            await Task.Delay(takes < request.Timeout ? takes : request.Timeout, loop.Time, stop);
            return takes < request.Timeout ? Passed : TimedOut;
        };

        loop.SetTargets([Target("slow"), .. Enumerable.Range(0, 1000).Select(i => Target($"hangs-{i}", "tenant"))]);
        await loop.PassAsync(TimeSpan.FromSeconds(20), () => loop.StatusOf("slow") == HealthStatus.Healthy);

        Assert.True(Assert.Single(loop.Completed, c => c.Target.ServiceType == "slow").Outcome.IsSuccess);
    }

    [Fact]
    public async Task A_pause_between_attempts_holds_no_slot()
    {
        await using Harness loop = new(new ProbeLoopOptions { Concurrency = 1, Attempts = 3, RetryInterval = TimeSpan.FromSeconds(1) });
        loop.Answer = (_, n) => Task.FromResult(n == 1 ? Failed : Passed);
        loop.SetTargets("fails");
        await loop.SettleAsync();
        loop.SetTargets("fails", "well");
        await loop.SettleAsync();

        Assert.Equal((HealthStatus.Unknown, HealthStatus.Healthy), (loop.StatusOf("fails"), loop.StatusOf("well")));
        loop.Time.Advance(TimeSpan.FromSeconds(1));
        await loop.SettleAsync();
        Assert.Equal(HealthStatus.Healthy, loop.StatusOf("fails"));
        Assert.Equal(["fails", "well", "fails"], loop.Order);
    }

    [Fact]
    public async Task A_check_of_what_is_well_has_all_its_attempts_with_a_pause_in_between_and_of_what_failed_one()
    {
        await using Harness loop = new(new ProbeLoopOptions { Attempts = 3, RetryInterval = TimeSpan.FromSeconds(1) });
        loop.SetTargets("grafana");
        await loop.SettledAsync(checks: 1);
        loop.Answer = (_, _) => Task.FromResult(Failed);
        _ = loop.Loop.CheckNowAsync();
        List<int> attempts = [];
        foreach (double seconds in (double[])[0, 0.9, 0.1, 1, 1.5, 1, 2.5, 2])
        {
            loop.Time.Advance(TimeSpan.FromSeconds(seconds));
            await loop.SettleAsync();
            attempts.Add(loop.AllChecks - 1);
        }

        Assert.Equal([1, 1, 2, 3, 3, 4, 4, 5], attempts);
        Assert.Equal(TimeSpan.FromSeconds(2), loop.Completed.ElementAt(1).Duration);
        Assert.Equal(HealthStatus.Unhealthy, loop.StatusOf("grafana"));
    }

    [Fact]
    public async Task The_loop_shows_that_it_turns()
    {
        await using Harness loop = new();
        loop.SetTargets("grafana");
        await loop.PassAsync(TimeSpan.FromMinutes(10), step: TimeSpan.FromSeconds(10));
        Assert.False(loop.Loop.Heartbeat.IsStuck);

        await loop.StopAsync();
        loop.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.True(loop.Loop.Heartbeat.IsStuck);
    }

    [Fact]
    public async Task Over_real_sockets_a_new_healthy_backend_is_found_before_the_hanging_ones_are_through()
    {
        await using LoopbackBackend hangs = LoopbackBackend.Hanging();
        await using LoopbackBackend well = LoopbackBackend.AnsweringStatus("200 OK");
        var options = new ProbeLoopOptions { Concurrency = 8 };
        await using Harness loop = new(options);
        loop.Ask = ProberOf(host => host.StartsWith("well", StringComparison.Ordinal) ? well : hangs, loop.Time).AskAsync;
        ImmutableArray<ProbeTarget> crowd = [.. Enumerable.Range(0, 16).Select(i => Target($"hangs-{i}"))];

        loop.SetTargets(crowd);
        await hangs.FirstRequest.WithPatienceAsync();
        loop.SetTargets([.. crowd, Target("well", "elsewhere")]);
        await loop.SettleAsync();
        // The first looks are over, and the next ones are not.
        loop.Time.Advance(options.Timeout);
        await TestCluster.EventuallyAsync(() => loop.IsHealthy(Target("well", "elsewhere")), "it is found");

        Assert.False(loop.Loop.FirstRound.IsCompleted);
        Assert.InRange(hangs.MostOpen, 1, 16);
    }

    [Fact]
    public async Task A_new_backend_does_not_queue_behind_those_that_hang()
    {
        await using Harness loop = new(new ProbeLoopOptions { Attempts = 1, Concurrency = 1 });
        TaskCompletionSource<ProbeAnswer> second = new();
        loop.Answer = (_, n) => n <= 20 ? Task.FromResult(Failed) : n == 21 ? second.Task : Task.FromResult(Passed);
        loop.SetTargets([.. Enumerable.Range(0, 20).Select(i => Target($"hangs-{i}"))]);
        await loop.SettledAsync(checks: 20);

        loop.Time.Advance(TimeSpan.FromSeconds(3));
        await loop.SettleAsync();
        Assert.Equal(21, loop.AllChecks);
        loop.SetTargets([.. Enumerable.Range(0, 20).Select(i => Target($"hangs-{i}")), Target("new")]);
        second.SetResult(Failed);
        await loop.SettleAsync();

        Assert.Equal("new", loop.Order[21]);
    }

    [Fact]
    public async Task An_unhealthy_service_is_logged_when_it_becomes_so_and_then_once_per_warning_interval()
    {
        await using Harness loop = new(new ProbeLoopOptions { Attempts = 1, WarningInterval = TimeSpan.FromMinutes(5) });
        loop.Answer = (_, n) => Task.FromResult(n == 1 || loop.Time.GetUtcNow() >= loop.Start.AddMinutes(12) ? Passed : Failed);
        loop.SetTargets("grafana");
        await loop.SettledAsync(checks: 1);
        for (int i = 2; i <= 24; i++)
        {
            loop.Time.Advance(TimeSpan.FromSeconds(34));
            await loop.SettledAsync(checks: i);
        }

        Assert.Equal(
            ["Service health check failed, skipping", "Service health check failed, skipping", "Service health check failed, skipping", "Service health check passed again"],
            loop.Logged.Select(line => line.Message));
        IReadOnlyDictionary<string, object?> fields = loop.Logged.First().Fields;
        Assert.Equal(
            ("grafana", "monitoring/grafana", "http://grafana.monitoring:80", "status", 503),
            (fields["serviceType"], fields["service"], fields["endpoint"], fields["reason"], fields["statusCode"]));
    }

    [Fact]
    public async Task A_bug_in_a_check_ends_the_loop_instead_of_hiding()
    {
        await using Harness loop = new();
        loop.Answer = (_, _) => throw new InvalidOperationException("bug");

        loop.SetTargets("grafana");

        InvalidOperationException bug = await Assert.ThrowsAsync<InvalidOperationException>(() => loop.Running);
        Assert.Equal("bug", bug.Message);
    }

    [Fact]
    public async Task Stopping_cancels_what_is_in_flight_and_waits_for_it()
    {
        await using Harness loop = new();
        bool ended = false;
        loop.Answer = async (stop, _) =>
        {
            try
            {
                await Task.Delay(Timeout.Infinite, stop);
            }
            finally
            {
                ended = true;
            }

            return Passed;
        };
        loop.SetTargets("grafana");
        await loop.SettleAsync();
        Assert.Equal(1, loop.Checks("grafana"));

        await loop.StopAsync();

        Assert.True(ended);
    }

    private static HttpProber ProberOf(Func<string, LoopbackBackend> backendOf, TimeProvider time) =>
        new(new HttpProberOptions { AllowedNetworks = [IPNetwork.Parse("127.0.0.0/8")], Resolve = (host, _) => backendOf(host).EndPoint }, time);

    private static ProbeTarget Target(string name) => Target(name, "monitoring");

    private static ProbeTarget Target(string name, string ns)
    {
        ObjectKey service = new(ns, name);
        return new ProbeTarget(
            new HealthCheckTarget(EndpointUrl.TryCreate("http", service, 80, "")!, "/health", AcceptedStatuses.Default), name, service, "1", InPlace: null);
    }

    /// <summary>A running loop on a clock that stands still, asked by <see cref="Answer"/>.</summary>
    private sealed class Harness : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly RecordingLogger _logger = new();
        private int _changes;

        public Harness(ProbeLoopOptions? options = null, bool start = true)
        {
            Start = Time.GetUtcNow();
            Ask = (_, stop) => Answer(stop, AllChecks);
            Loop = new ProbeLoop(
                options ?? new ProbeLoopOptions { Attempts = 1 },
                AskAsync,
                () => Interlocked.Increment(ref _changes),
                Completed.Enqueue,
                Time,
                new Random(1),
                _logger);
            Running = start ? Task.Run(() => Loop.RunAsync(_stop.Token)) : Task.CompletedTask;
        }

        public FakeTimeProvider Time { get; } = new();

        public DateTimeOffset Start { get; }

        public ProbeLoop Loop { get; }

        public Task Running { get; }

        public Func<ProbeRequest, CancellationToken, Task<ProbeAnswer>> Ask { get; set; }

        /// <summary>From the cancellation and the number of the attempt, counted over all targets from 1.</summary>
        public Func<CancellationToken, int, Task<ProbeAnswer>> Answer { get; set; } = (_, _) => Task.FromResult(Passed);

        public List<string> Order { get; } = [];

        public ConcurrentQueue<CompletedCheck> Completed { get; } = [];

        public IReadOnlyCollection<LogLine> Logged => _logger.Lines;

        public int Changes => Volatile.Read(ref _changes);

        public int AllChecks
        {
            get
            {
                lock (Order)
                    return Order.Count;
            }
        }

        public void SetTargets(params ImmutableArray<ProbeTarget> targets) => Loop.SetTargets(targets);

        public void SetTargets(string first, params string[] others) => Loop.SetTargets([.. others.Prepend(first).Select(Target)]);

        public HealthStatus? StatusOf(string name) => Loop.Table.Find(Target(name).Endpoint)?.Status;

        public int Checks(string name)
        {
            lock (Order)
                return Order.Count(n => n == name);
        }

        public bool IsHealthy(ProbeTarget target) => Loop.Table.IsHealthy(target.Endpoint);

        /// <summary>Who is not well hangs until its time is over.</summary>
        public void HangUnless(Func<string, bool> isWell) => Ask = async (request, stop) =>
        {
            if (isWell(request.Endpoint.Host.Split('.')[0]))
                return Passed;
            await Task.Delay(request.Timeout, Time, stop);
            return TimedOut;
        };

        /// <summary>Exactly so many checks have ended, and the loop has nothing left to do before the clock moves.</summary>
        public Task SettledAsync(int checks) => SettledAsync(checks, checks);

        /// <summary>The same, where checks are more requests than one.</summary>
        public async Task SettledAsync(int requests, int checks)
        {
            await SettleAsync();
            Assert.Equal(requests, AllChecks);
            Assert.Equal(checks, Completed.Count);
        }

        /// <summary>Returns when the loop has nothing left to do before the clock moves, or an answer comes that a test holds back.</summary>
        public async Task SettleAsync()
        {
            int before;
            do
            {
                before = AllChecks;
                await Loop.PingAsync().WithPatienceAsync();
            }
            while (AllChecks != before);
        }

        /// <summary>Lets time pass, in steps so small that what should come of one is done before the next; fails where the condition is not met in time.</summary>
        public async Task PassAsync(TimeSpan atMost, Func<bool>? until = null, TimeSpan? step = null)
        {
            TimeSpan small = step ?? TimeSpan.FromMilliseconds(50);
            for (TimeSpan passed = TimeSpan.Zero; passed < atMost; passed += small)
            {
                await SettleAsync();
                if (until?.Invoke() == true)
                    return;
                Time.Advance(small);
            }

            await SettleAsync();
            Assert.True(until is null || until(), $"not within {atMost}");
        }

        public async Task StopAsync()
        {
            await _stop.CancelAsync();
            await Running.WithPatienceAsync();
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            // A test that failed may hold an answer back for ever.
            await Task.WhenAny(Running, Task.Delay(TimeSpan.FromSeconds(5)));
            _stop.Dispose();
        }

        private Task<ProbeAnswer> AskAsync(ProbeRequest request, CancellationToken stop)
        {
            lock (Order)
                Order.Add(request.Endpoint.Host.Split('.')[0]);
            return Ask(request, stop);
        }
    }

    private sealed record LogLine(string Message, IReadOnlyDictionary<string, object?> Fields);

    private sealed class RecordingLogger : ILogger<ProbeLoop>
    {
        public ConcurrentQueue<LogLine> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue(new LogLine(
                formatter(state, exception), ((IReadOnlyList<KeyValuePair<string, object?>>)state!).ToDictionary(f => f.Key, f => f.Value)));
    }
}
