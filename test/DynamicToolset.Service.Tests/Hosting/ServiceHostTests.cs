using System.Collections.Concurrent;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Service.Hosting;
using DynamicToolset.Service.Metrics;
using DynamicToolset.Service.Options;
using DynamicToolset.Service.State;
using DynamicToolset.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DynamicToolset.Service.Tests.Hosting;

public sealed class ServiceHostTests
{
    [Fact]
    public async Task A_loop_that_fails_while_it_is_being_stopped_is_a_defect_all_the_same()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        Settings defaults = TestCluster.Defaults();
        Settings settings = defaults with { ShutdownDelay = TimeSpan.FromMinutes(1), ShutdownTimeout = TimeSpan.FromHours(10) };
        using KubeApiClient api = cluster.Connect();
        using var loggers = new FailingLoggers("Watch broken", new NotSupportedException());
        var time = new ObservedTime();
        using var stop = new CancellationTokenSource();
        cluster.Loggers = loggers;
        using Controller controller = cluster.CreateController(settings, api, static _ => { }, TimeProvider.System);
        using var scraper = new MetricScraper(cluster.Metrics);
        Task running = new ServiceHost(settings, controller, api, new StateStore(), scraper, time, loggers).RunAsync(stop.Token);
        await TestCluster.EventuallyAsync(() => cluster.Api.Requests.Count("watch", "configmaps") > 0 && controller.Readiness.All(c => c.Passes), "it is ready and watches");
        await stop.CancelAsync();
        await TestCluster.EventuallyAsync(() => loggers.Has("Stopping") && !controller.Readiness.All(c => c.Passes), "it stops");
        cluster.Api.DropWatches(abort: true);
        await TestCluster.EventuallyAsync(() => loggers.Has("Watch broken"), "a loop has failed");
        await time.WaitsAsync(settings.ShutdownDelay);
        time.Advance(settings.ShutdownDelay);
        await Assert.ThrowsAsync<NotSupportedException>(() => running);
    }

    [Fact]
    public async Task A_stop_waits_out_its_delay_and_has_then_ended_in_order()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        Settings settings = TestCluster.Defaults() with { ShutdownDelay = TimeSpan.FromMinutes(1), ShutdownTimeout = TimeSpan.FromHours(10) };
        var time = new ObservedTime();
        using var stop = new CancellationTokenSource();
        using var scraper = new MetricScraper(cluster.Metrics);
        await using RunningController controller = cluster.Create(TimeProvider.System, settings);
        Task running = new ServiceHost(settings, controller.Controller, cluster.Api.InProcess, new StateStore(), scraper, time, NullLoggerFactory.Instance).RunAsync(stop.Token);
        await TestCluster.EventuallyAsync(() => controller.Controller.Readiness.All(c => c.Passes), "it is ready");
        await stop.CancelAsync();
        await time.WaitsAsync(settings.ShutdownDelay);
        Assert.False(running.IsCompleted);
        time.Advance(settings.ShutdownDelay);
        await running.WithPatienceAsync();
    }

    [Fact]
    public async Task A_loop_that_ends_by_a_cancellation_of_its_own_is_a_defect_and_no_orderly_stop()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        Settings settings = TestCluster.Defaults() with { ShutdownDelay = TimeSpan.Zero };
        using KubeApiClient api = cluster.Connect();
        using var loggers = new FailingLoggers("Listed", new OperationCanceledException());
        cluster.Loggers = loggers;
        using Controller controller = cluster.CreateController(settings, api, static _ => { }, TimeProvider.System);
        using var scraper = new MetricScraper(cluster.Metrics);
        Task running = new ServiceHost(settings, controller, api, new StateStore(), scraper, TimeProvider.System, loggers).RunAsync(CancellationToken.None);
        InvalidOperationException defect = await Assert.ThrowsAsync<InvalidOperationException>(() => running);
        Assert.EndsWith("was cancelled unexpectedly.", defect.Message, StringComparison.Ordinal);
    }

    /// <summary>One of its messages breaks the loop that logs it, as a defect would.</summary>
    private sealed class FailingLoggers(string failing, Exception failure) : ILoggerFactory, ILogger
    {
        private readonly ConcurrentQueue<string> _texts = new();

        public bool Has(string text) => _texts.Contains(text);

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            string text = formatter(state, exception);
            _texts.Enqueue(text);
            if (text == failing)
                throw failure;
        }

        public void Dispose()
        {
        }
    }
}
