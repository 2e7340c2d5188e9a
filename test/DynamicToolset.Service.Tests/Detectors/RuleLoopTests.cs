using System.Collections.Concurrent;
using DynamicToolset.Service.Detectors;
using DynamicToolset.Service.Tests.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.Detectors;

public sealed class RuleLoopTests : IDisposable
{
    private readonly RuleFolder _folder = new();
    private readonly FakeTimeProvider _time = new();
    private readonly Lines _log = new();
    private readonly CancellationTokenSource _stop = new();
    private int _changes;

    [Fact]
    public void Each_change_is_told_once_with_the_names_of_the_rules()
    {
        _folder.Write("a.yaml", RuleFolder.Rule("loki"));
        using var thread = new SingleThread();
        var loop = new RuleLoop(RuleSource.Open(_folder.Settings()), () => _changes++, _time, _log);
        Task running = loop.RunAsync(_stop.Token);
        Assert.Equal(["Detector rules read added=loki replaced="], _log.Take());

        Look(thread);
        Assert.Equal([], _log.Take());

        _folder.Write("a.yaml", RuleFolder.Rule("loki", health: "/-/ready"));
        _folder.Write("b.yaml", RuleFolder.Rule("tempo"));
        _folder.Write("c.yaml", RuleFolder.Rule("grafana"));
        Look(thread);
        Assert.Equal(["Detector rules reloaded added=tempo replaced=grafana,loki removed="], _log.Take());

        File.Delete(_folder.File("b.yaml"));
        Look(thread);
        Assert.Equal(["Detector rules reloaded added= replaced= removed=tempo"], _log.Take());
        Assert.Equal(2, _changes);
        Stop(thread, running);
    }

    [Fact]
    public void A_bad_set_is_told_once_and_again_when_it_is_bad_in_another_way()
    {
        using var thread = new SingleThread();
        var loop = new RuleLoop(RuleSource.Open(_folder.Settings()), () => _changes++, _time, _log);
        Task running = loop.RunAsync(_stop.Token);
        _folder.Write("a.yaml", "text");
        Look(thread);
        string first = Assert.Single(_log.Take());
        Assert.StartsWith($"Detector rules cannot be used, keeping the last good ones count=1 problems={_folder.File("a.yaml")}:1:1: a rule must be a map with apiVersion, kind, metadata and spec", first);

        Look(thread);
        Assert.Equal([], _log.Take());

        _folder.Write("a.yaml", "[]");
        Look(thread);
        Assert.StartsWith("Detector rules cannot be used", Assert.Single(_log.Take()));

        File.Delete(_folder.File("a.yaml"));
        Look(thread);
        Assert.Equal(["Detector rules are good again"], _log.Take());
        Assert.Equal(3, _changes);
        Stop(thread, running);
    }

    public void Dispose()
    {
        _stop.Dispose();
        _folder.Dispose();
    }

    private void Look(SingleThread thread)
    {
        _time.Advance(RuleLoop.Interval);
        thread.RunUntilIdle();
    }

    private void Stop(SingleThread thread, Task running)
    {
        _stop.Cancel();
        thread.RunUntilIdle();
        Assert.True(running.IsCompletedSuccessfully);
    }

    /// <summary>Messages with their fields; lists with commas.</summary>
    private sealed class Lines : ILogger<RuleLoop>
    {
        private readonly ConcurrentQueue<string> _lines = new();

        public string[] Take()
        {
            string[] taken = [.. _lines];
            _lines.Clear();
            return taken;
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            IEnumerable<string> fields = ((IReadOnlyList<KeyValuePair<string, object?>>)state!)
                .Where(f => f.Key != "{OriginalFormat}")
                .Select(f => $" {f.Key}={(f.Value is string[] list ? string.Join(',', list) : f.Value)}");
            _lines.Enqueue(formatter(state, exception) + string.Concat(fields));
        }
    }
}
