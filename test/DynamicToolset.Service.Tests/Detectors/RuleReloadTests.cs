using System.Text.Json.Nodes;
using DynamicToolset.Rounds;
using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Service.Metrics;
using DynamicToolset.Service.Tests.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.Detectors;

/// <summary>The service with a directory of rules that somebody changes while it runs.</summary>
public sealed class RuleReloadTests : IAsyncDisposable
{
    private readonly RuleFolder _folder = new();
    private readonly FakeTimeProvider _time = new();
    private TestCluster? _cluster;
    private RunningController? _running;

    private TestCluster Cluster => _cluster!;

    private RunningController Running => _running!;

    [Fact]
    public async Task A_rule_that_is_added_is_in_force_without_a_restart_and_one_that_is_removed_takes_its_toolsets_along()
    {
        await StartAsync();
        await HasKeysAsync("kubernetes", "grafana");
        _folder.Swap(("pyroscope.yaml", RuleFolder.Rule("pyroscope")));
        await HasKeysAsync("kubernetes", "grafana", "pyroscope");
        Assert.Contains("url: \"http://logs.logging:3100\"", Cluster.Data("pyroscope-toolset.yaml"));
        Assert.Contains("dynamictoolset_services_discovered{type=\"pyroscope\"} 1", Metrics());
        Assert.Contains("dynamictoolset_toolset_healthy{type=\"pyroscope\",name=\"pyroscope\"} 1", Metrics());

        _folder.Swap();
        await HasKeysAsync("kubernetes", "grafana");
        Assert.DoesNotContain("pyroscope", Metrics(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rule_with_a_built_in_name_replaces_and_one_that_is_disabled_finds_nothing()
    {
        await StartAsync();
        await HasKeysAsync("kubernetes", "grafana");
        _folder.Swap(("mine.yaml", "{apiVersion: toolset.kubernaut.io/v1alpha1, kind: DetectorRule, metadata: {name: grafana}, spec: {enabled: false}}"));
        await HasKeysAsync("kubernetes");
        _folder.Swap(("mine.yaml", RuleFolder.Rule("grafana", type: "pyroscope")));
        await HasKeysAsync("kubernetes", "grafana");
        Assert.Contains("http://logs.logging:3100", Cluster.Data("grafana-toolset.yaml"));
    }

    [Fact]
    public async Task A_bad_set_leaves_the_last_good_one_in_force_and_is_shown_until_it_is_mended()
    {
        _folder.Swap(("pyroscope.yaml", RuleFolder.Rule("pyroscope")));
        await StartAsync();
        await HasKeysAsync("kubernetes", "grafana", "pyroscope");
        Assert.Contains("dynamictoolset_rules_valid 1", Metrics());

        _folder.Swap(("pyroscope.yaml", RuleFolder.Rule("pyroscope")), ("sentry.yaml", "apiVersion: toolset.kubernaut.io/v1alpha1\nkind: DetectorRul\n"));
        await IsAsync(s => !s.Rules.Problems.IsEmpty, "the problem is known");
        await HasKeysAsync("kubernetes", "grafana", "pyroscope");
        Assert.Contains("dynamictoolset_rules_valid 0", Metrics());
        await HasEventAsync("MalformedRules", $"{_folder.File("sentry.yaml")}:2:7: \"kind\" must be DetectorRule (and 2 more)");

        _folder.Swap(("pyroscope.yaml", RuleFolder.Rule("pyroscope")));
        await IsAsync(s => s.Rules.Problems.IsEmpty, "all is well again");
        Assert.Contains("dynamictoolset_rules_valid 1", Metrics());
    }

    [Fact]
    public async Task A_directory_that_is_gone_is_a_bad_set()
    {
        _folder.Swap(("pyroscope.yaml", RuleFolder.Rule("pyroscope")));
        await StartAsync();
        await HasKeysAsync("kubernetes", "grafana", "pyroscope");
        Directory.Move(_folder.Path, _folder.Path + "-gone");
        await IsAsync(s => !s.Rules.Problems.IsEmpty, "the problem is known");
        await HasKeysAsync("kubernetes", "grafana", "pyroscope");
        Directory.Move(_folder.Path + "-gone", _folder.Path);
        await IsAsync(s => s.Rules.Problems.IsEmpty, "it is back");
    }

    [Fact]
    public async Task A_comment_changes_nothing_and_is_no_reason_to_detect_anew()
    {
        _folder.Write("pyroscope.yaml", RuleFolder.Rule("pyroscope"));
        await StartAsync();
        await HasKeysAsync("kubernetes", "grafana", "pyroscope");
        ControllerState before = Running.State;
        _folder.Write("pyroscope.yaml", "# a comment\n" + RuleFolder.Rule("pyroscope"));
        await IsAsync(s => !ReferenceEquals(s.Rules, before.Rules), "it was read");
        Assert.Same(before.Rules.InForce, Running.State.Rules.InForce);
    }

    /// <summary>The new path answers as the old one did; until it is asked the toolset stays.</summary>
    [Fact]
    public async Task A_new_health_path_does_not_take_a_healthy_toolset_away_until_it_was_checked()
    {
        _folder.Write("pyroscope.yaml", RuleFolder.Rule("pyroscope"));
        await StartAsync();
        await HasKeysAsync("kubernetes", "grafana", "pyroscope");
        int known = Running.States.Count;
        _folder.Write("pyroscope.yaml", RuleFolder.Rule("pyroscope", health: "/elsewhere"));
        await IsAsync(
            s => s.Detected.Matched.Any(d => d.Health.Path == "/elsewhere" && s.Health.Checks.Find(d.EndpointKey)?.Last is not null),
            "the new path was checked");
        Assert.All(Running.States.Skip(known), s => Assert.Contains(s.Result.Endpoints, e => e.Name == "pyroscope"));
    }

    public async ValueTask DisposeAsync()
    {
        if (_running is not null)
            await _running.DisposeAsync();
        if (_cluster is not null)
            await _cluster.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>With a Grafana, and a Service on port 3100 that no built-in rule knows.</summary>
    private async Task StartAsync()
    {
        _cluster = await TestCluster.StartAsync();
        _cluster.AddService("grafana");
        _cluster.AddService("pyroscope", "logging", "logs", 3100);
        // So long that nothing happens because all Services are looked at anew.
        _running = _cluster.Start(_time, _folder.Settings() with { DiscoveryInterval = TimeSpan.FromDays(1) });
    }

    /// <summary>Time passes in small steps, so that checks and rounds between two looks at the files have their turns.</summary>
    private Task EventuallyAsync(Func<bool> isTrue, string what) => _time.PassUntilAsync(TimeSpan.FromMilliseconds(200), isTrue, what);

    private Task HasKeysAsync(params string[] toolsets) => EventuallyAsync(
        () => Cluster.HasKeys(toolsets) && Running.States.LastOrDefault()?.Result.Toolsets.Toolsets.Length == toolsets.Length,
        $"the keys are {string.Join(", ", toolsets)}");

    private Task IsAsync(Func<ControllerState, bool> isTrue, string what) => EventuallyAsync(() => isTrue(Running.State), what);

    private async Task HasEventAsync(string reason, string message)
    {
        await EventuallyAsync(() => Find() is not null, $"there is an Event {reason}");
        Assert.StartsWith(message, Find()!["message"]!.GetValue<string>());

        JsonNode? Find() => Cluster.Api.Store.List(KubeResource.Events).FirstOrDefault(e => e["reason"]!.GetValue<string>() == reason);
    }

    private string Metrics()
    {
        using var scraper = new MetricScraper(Cluster.Metrics);
        return scraper.Scrape();
    }
}
