using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using DynamicToolset.Cluster;
using DynamicToolset.HealthCheck;
using DynamicToolset.Service.Probing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.Probing;

public sealed class ProbeLoopTests
{
    private static readonly ProbeOutcome Passed = new ProbeOutcome.Success(200);
    private static readonly ProbeOutcome Failed = new ProbeOutcome.BadStatus(503);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_new_endpoint_is_checked_at_once_and_is_healthy_only_then()
    {
        await using Harness loop = new();
        TaskCompletionSource<ProbeOutcome> answer = new();
        loop.Answer = (_, _) => answer.Task;

        loop.SetTargets("grafana");
        await loop.UntilAsync(() => loop.Checks("grafana") == 1);
        Assert.Equal(HealthStatus.Unknown, loop.StatusOf("grafana"));
        Assert.False(loop.Loop.FirstRound.IsCompleted);

        answer.SetResult(Passed);
        await loop.Loop.FirstRound.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal(HealthStatus.Healthy, loop.StatusOf("grafana"));
    }

    [Fact]
    public async Task The_table_has_the_targets_as_soon_as_they_are_set()
    {
        await using Harness loop = new(start: false);

        loop.SetTargets(Target("known") with { AssumeHealthy = true }, Target("new"));
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

        loop.SetTargets(Target("grafana") with { AssumeHealthy = true });
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
        TaskCompletionSource<ProbeOutcome> first = new();
        loop.Answer = (_, n) => n == 1 ? first.Task : Task.FromResult(Passed);
        loop.SetTargets("grafana");
        await loop.UntilAsync(() => loop.Checks("grafana") == 1);

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
        TaskCompletionSource<ProbeOutcome> second = new();
        loop.Answer = (_, n) => n == 2 ? second.Task : Task.FromResult(n == 1 ? Passed : Failed);
        loop.SetTargets("grafana");
        await loop.SettledAsync(checks: 1);

        EndpointUrl url = EndpointUrl.TryCreate(scheme, new ObjectKey("monitoring", "grafana"), 80, "", prefix)!;
        loop.SetTargets(Target("grafana") with { Target = new HealthCheckTarget(url, path, new AcceptedStatuses([accepted])) });
        Assert.Equal(HealthStatus.Healthy, loop.StatusOf("grafana"));
        await loop.UntilAsync(() => loop.AllChecks == 2);
        second.SetResult(Failed);
        await loop.SettledAsync(checks: 2);

        Assert.Equal(HealthStatus.Healthy, loop.StatusOf("grafana"));
        Assert.Equal(1, loop.Changes);
    }

    [Fact]
    public async Task An_answer_to_what_is_no_longer_asked_does_not_count()
    {
        await using Harness loop = new();
        TaskCompletionSource<ProbeOutcome> first = new();
        loop.Answer = (_, n) => n == 1 ? first.Task : Task.FromResult(Passed);
        loop.SetTargets("grafana");
        await loop.UntilAsync(() => loop.AllChecks == 1);

        ProbeTarget target = Target("grafana");
        loop.SetTargets(target with { Target = target.Target with { Path = "/ready" } });
        first.SetResult(Failed);
        await loop.UntilAsync(() => loop.StatusOf("grafana") == HealthStatus.Healthy);

        Assert.Equal(Passed, Assert.Single(loop.Completed).Outcome);
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
    public async Task Everything_is_checked_now_on_request()
    {
        await using Harness loop = new();
        loop.SetTargets("grafana", "jaeger");
        await loop.SettledAsync(checks: 2);

        loop.Loop.CheckNow();
        await loop.SettledAsync(checks: 4);

        Assert.Equal((2, 2), (loop.Checks("grafana"), loop.Checks("jaeger")));
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
        await loop.UntilAsync(() => loop.Checks("grafana") == 1);

        loop.SetTargets();
        await cancelled.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        await loop.Loop.FirstRound.WaitAsync(Patience, TestContext.Current.CancellationToken);

        Assert.Equal(0, loop.Loop.Table.Count);
        Assert.Equal(0, loop.Changes);
    }

    [Fact]
    public async Task A_target_that_comes_back_during_its_cancelled_check_starts_anew()
    {
        await using Harness loop = new();
        TaskCompletionSource<ProbeOutcome> stubborn = new();
        loop.Answer = (_, n) => n == 1 ? stubborn.Task : Task.FromResult(Passed);
        loop.SetTargets("grafana");
        await loop.UntilAsync(() => loop.Checks("grafana") == 1);

        loop.SetTargets();
        loop.SetTargets("grafana");
        await loop.UntilAsync(() => loop.StatusOf("grafana") == HealthStatus.Healthy);
        stubborn.SetResult(Failed);
        loop.Loop.CheckNow();
        await loop.UntilAsync(() => loop.Checks("grafana") == 3);

        Assert.Equal(HealthStatus.Healthy, loop.StatusOf("grafana"));
        Assert.DoesNotContain(loop.Completed, check => check.Outcome == Failed);
    }

    [Fact]
    public async Task Switched_off_every_target_is_healthy_and_nothing_is_asked()
    {
        await using Harness loop = new(new ProbeLoopOptions { Enabled = false });

        loop.SetTargets("grafana", "jaeger");
        Assert.Equal((HealthStatus.Healthy, HealthStatus.Healthy), (loop.StatusOf("grafana"), loop.StatusOf("jaeger")));
        await loop.Loop.FirstRound.WaitAsync(Patience, TestContext.Current.CancellationToken);
        loop.Loop.CheckNow();
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

        await loop.Loop.FirstRound.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task No_more_checks_are_in_flight_than_allowed_though_five_hundred_backends_hang()
    {
        int inFlight = 0, most = 0;
        await using Harness loop = new(new ProbeLoopOptions { Concurrency = 16 });
        loop.Answer = async (stop, _) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref inFlight));
            await Task.Delay(TimeSpan.FromSeconds(5), loop.Time, stop);
            Interlocked.Decrement(ref inFlight);
            return new ProbeOutcome.Timeout();
        };

        loop.SetTargets([.. Enumerable.Range(0, 500).Select(i => Target($"hangs-{i}"))]);
        await loop.UntilAsync(() => Volatile.Read(ref inFlight) == 16);
        while (!loop.Loop.FirstRound.IsCompleted)
        {
            loop.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        Assert.Equal(16, most);
        Assert.All(loop.Loop.Table.States, state => Assert.Equal(HealthStatus.Unhealthy, state.Value.Status));
    }

    [Fact]
    public async Task Over_real_sockets_five_hundred_hanging_backends_hold_sixteen_connections()
    {
        await using LoopbackBackend backend = LoopbackBackend.Hanging();
        HttpProber prober = new(
            new HttpProberOptions
            {
                Timeout = TimeSpan.FromMilliseconds(50),
                Attempts = 1,
                AllowedNetworks = [IPNetwork.Parse("127.0.0.0/8")],
                Resolve = (_, _) => backend.EndPoint,
            },
            TimeProvider.System);
        await using Harness loop = new(new ProbeLoopOptions { Concurrency = 16 }, prober.CheckAsync);

        loop.SetTargets([.. Enumerable.Range(0, 500).Select(i => Target($"hangs-{i}"))]);
        await loop.Loop.FirstRound.WaitAsync(Patience, TestContext.Current.CancellationToken);
        await loop.StopAsync();
        await loop.UntilAsync(() => backend.Open == 0);

        // A closed connection may be seen by the server a moment after its successor.
        Assert.InRange(backend.MostOpen, 16, 32);
        Assert.True(backend.Accepted >= 500, $"{backend.Accepted} connections");
    }

    [Fact]
    public async Task A_new_backend_does_not_queue_behind_those_that_hang()
    {
        await using Harness loop = new(new ProbeLoopOptions { Concurrency = 1 });
        TaskCompletionSource<ProbeOutcome> second = new();
        loop.Answer = (_, n) => n <= 20 ? Task.FromResult(Failed) : n == 21 ? second.Task : Task.FromResult(Passed);
        loop.SetTargets([.. Enumerable.Range(0, 20).Select(i => Target($"hangs-{i}"))]);
        await loop.SettledAsync(checks: 20);

        loop.Time.Advance(TimeSpan.FromSeconds(3));
        await loop.UntilAsync(() => loop.AllChecks == 21);
        loop.SetTargets([.. Enumerable.Range(0, 20).Select(i => Target($"hangs-{i}")), Target("new")]);
        second.SetResult(Failed);
        await loop.UntilAsync(() => loop.AllChecks >= 22);

        Assert.Equal("new", loop.Order[21]);
    }

    [Fact]
    public async Task An_unhealthy_service_is_logged_when_it_becomes_so_and_then_once_per_warning_interval()
    {
        await using Harness loop = new(new ProbeLoopOptions { WarningInterval = TimeSpan.FromMinutes(5) });
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
        await loop.UntilAsync(() => loop.Checks("grafana") == 1);

        await loop.StopAsync();

        Assert.True(ended);
    }

    private static ProbeTarget Target(string name)
    {
        ObjectKey service = new("monitoring", name);
        return new ProbeTarget(
            new HealthCheckTarget(EndpointUrl.TryCreate("http", service, 80, "")!, "/health", AcceptedStatuses.Default), name, service, "1", AssumeHealthy: false);
    }

    /// <summary>A running loop on a clock that stands still, asked by <see cref="Answer"/>.</summary>
    private sealed class Harness : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly RecordingLogger _logger = new();
        private int _changes;

        public Harness(ProbeLoopOptions? options = null, Func<HealthCheckTarget, CancellationToken, Task<ProbeOutcome>>? check = null, bool start = true)
        {
            Start = Time.GetUtcNow();
            Loop = new ProbeLoop(
                options ?? new ProbeLoopOptions(),
                check ?? CheckAsync,
                () => Interlocked.Increment(ref _changes),
                Completed.Enqueue,
                check is null ? Time : TimeProvider.System,
                new Random(1),
                _logger);
            Running = start ? Task.Run(() => Loop.RunAsync(_stop.Token)) : Task.CompletedTask;
        }

        public FakeTimeProvider Time { get; } = new();

        public DateTimeOffset Start { get; }

        public ProbeLoop Loop { get; }

        public Task Running { get; }

        /// <summary>From the cancellation and the number of the check, counted over all targets from 1.</summary>
        public Func<CancellationToken, int, Task<ProbeOutcome>> Answer { get; set; } = (_, _) => Task.FromResult(Passed);

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

        /// <summary>Exactly so many checks have ended, and the loop has nothing left to do before the clock moves.</summary>
        public async Task SettledAsync(int checks)
        {
            await UntilAsync(() => Completed.Count >= checks);
            await Loop.PingAsync().WaitAsync(Patience, TestContext.Current.CancellationToken);
            Assert.Equal(checks, AllChecks);
            Assert.Equal(checks, Completed.Count);
        }

        public async Task UntilAsync(Func<bool> condition)
        {
            using CancellationTokenSource deadline = new(Patience);
            while (!condition())
                await Task.Delay(2, deadline.Token);
        }

        public async Task StopAsync()
        {
            await _stop.CancelAsync();
            await Running.WaitAsync(Patience, TestContext.Current.CancellationToken);
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Running.ContinueWith(_ => { }, TaskScheduler.Default);
            _stop.Dispose();
        }

        private Task<ProbeOutcome> CheckAsync(HealthCheckTarget target, CancellationToken stop)
        {
            int number;
            lock (Order)
            {
                Order.Add(target.Endpoint.Host.Split('.')[0]);
                number = Order.Count;
            }

            return Answer(stop, number);
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
