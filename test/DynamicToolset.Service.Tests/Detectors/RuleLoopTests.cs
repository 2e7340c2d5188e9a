using System.Collections.Concurrent;
using DynamicToolset.HealthCheck;
using DynamicToolset.Service.Detectors;
using DynamicToolset.Service.MountedFiles;
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
        _folder.Write("a.yaml", RuleFolder.Rule("pyroscope"));
        using var thread = new SingleThread();
        RuleLoop loop = NewLoop();
        Task running = loop.RunAsync(_stop.Token);
        Assert.Equal(["Detector rules read added=pyroscope replaced="], _log.Take());

        Look(thread);
        Assert.Equal([], _log.Take());

        _folder.Write("a.yaml", RuleFolder.Rule("pyroscope", health: "/-/ready"));
        _folder.Write("b.yaml", RuleFolder.Rule("sentry"));
        _folder.Write("c.yaml", RuleFolder.Rule("grafana"));
        Look(thread);
        Assert.Equal(["Detector rules reloaded added=sentry replaced=grafana,pyroscope removed="], _log.Take());

        File.Delete(_folder.File("b.yaml"));
        Look(thread);
        Assert.Equal(["Detector rules reloaded added= replaced= removed=sentry"], _log.Take());
        Assert.Equal(2, _changes);
        Stop(thread, running);
    }

    [Fact]
    public void A_bad_set_is_told_once_and_again_when_it_is_bad_in_another_way()
    {
        using var thread = new SingleThread();
        RuleLoop loop = NewLoop();
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
        Assert.Equal(["Detector rules are valid again"], _log.Take());
        Assert.Equal(3, _changes);
        Stop(thread, running);
    }

    /// <summary>The first half of a file is rules too: those of the second half would be gone for a while, and their toolsets with them.</summary>
    [Fact]
    public void A_file_that_is_being_copied_slowly_is_not_taken_up_half()
    {
        _folder.Write("a.yaml", $"{RuleFolder.Rule("pyroscope")}\n---\n{RuleFolder.Rule("sentry")}");
        using var thread = new SingleThread();
        RuleLoop loop = NewLoop();
        Task running = loop.RunAsync(_stop.Token);
        _log.Take();

        string changed = $"{RuleFolder.Rule("pyroscope", health: "/a")}\n---\n{RuleFolder.Rule("sentry", health: "/b")}\n---\n{RuleFolder.Rule("promxy")}";
        Pass(thread, DirectoryLoop.Interval - TimeSpan.FromSeconds(1));
        foreach (int length in new[] { 0, RuleFolder.Rule("pyroscope", health: "/a").Length, changed.LastIndexOf("---", StringComparison.Ordinal), changed.Length })
        {
            _folder.Write("a.yaml", changed[..length]);
            Pass(thread, DirectoryLoop.SettlingTime);
            Assert.Empty(_log.Take());
        }

        Pass(thread, DirectoryLoop.SettlingTime);
        Assert.Equal(["Detector rules reloaded added=promxy replaced=pyroscope,sentry removed="], _log.Take());
        Assert.Equal(1, _changes);
        Stop(thread, running);
    }

    [Fact]
    public void What_is_undone_at_once_was_never_there()
    {
        _folder.Write("a.yaml", RuleFolder.Rule("pyroscope"));
        using var thread = new SingleThread();
        RuleLoop loop = NewLoop();
        Task running = loop.RunAsync(_stop.Token);
        _log.Take();
        foreach (string text in new[] { "text", RuleFolder.Rule("pyroscope"), "text", RuleFolder.Rule("pyroscope") })
        {
            _folder.Write("a.yaml", text);
            Pass(thread, DirectoryLoop.Interval);
        }

        Assert.Empty(_log.Take());
        Stop(thread, running);
    }

    [Fact]
    public void A_mounted_ConfigMap_comes_in_one_step_and_is_taken_up_at_once()
    {
        _folder.Swap(("a.yaml", RuleFolder.Rule("pyroscope")));
        using var thread = new SingleThread();
        RuleLoop loop = NewLoop();
        Task running = loop.RunAsync(_stop.Token);
        _log.Take();
        _folder.Swap(("a.yaml", RuleFolder.Rule("sentry")));
        Pass(thread, DirectoryLoop.Interval);
        Assert.Equal(["Detector rules reloaded added=sentry replaced= removed=pyroscope"], _log.Take());
        Stop(thread, running);
    }

    /// <summary>A token for a rule with a slip in its name is sent to nobody, and nothing else would say why.</summary>
    [Fact]
    public void A_rule_of_HEALTH_CHECK_TOKEN_FILES_that_does_not_exist_is_told_while_it_is_so()
    {
        using var thread = new SingleThread();
        RuleLoop loop = NewLoop(new("promehteus", "monitoring", "/token"), new("prometheus", "monitoring", "/token"), new("pyroscope", "a", "/token"), new("pyroscope", "b", "/token"));
        Task running = loop.RunAsync(_stop.Token);
        Assert.Equal(["HEALTH_CHECK_TOKEN_FILES names rules that do not exist rules=promehteus,pyroscope"], _log.Take());

        _folder.Write("a.yaml", RuleFolder.Rule("sentry"));
        Look(thread);
        Assert.Equal(["Detector rules reloaded added=sentry replaced= removed="], _log.Take());

        _folder.Write("b.yaml", RuleFolder.Rule("pyroscope"));
        Look(thread);
        Assert.Equal(["Detector rules reloaded added=pyroscope replaced= removed=", "HEALTH_CHECK_TOKEN_FILES names rules that do not exist rules=promehteus"], _log.Take());
        Stop(thread, running);
    }

    public void Dispose()
    {
        _stop.Dispose();
        _folder.Dispose();
    }

    private RuleLoop NewLoop(params ReadOnlySpan<CheckToken> tokens) =>
        new(RuleSource.Open(_folder.Settings()), new CheckTokens([.. tokens]), () => _changes++, _time, _log);

    /// <summary>Twice, since somebody might still be writing.</summary>
    private void Look(SingleThread thread)
    {
        Pass(thread, DirectoryLoop.Interval);
        Pass(thread, DirectoryLoop.SettlingTime);
    }

    private void Pass(SingleThread thread, TimeSpan time)
    {
        _time.Advance(time);
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
