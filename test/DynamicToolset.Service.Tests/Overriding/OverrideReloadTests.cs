using DynamicToolset.Rounds;
using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Service.Metrics;
using DynamicToolset.Service.Tests.Hosting;
using DynamicToolset.Testing;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.Overriding;

/// <summary>The service with a directory of overrides that somebody changes while it runs.</summary>
public sealed class OverrideReloadTests : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private readonly MountedFolder _mount;
    private readonly FakeTimeProvider _time = new();
    private TestCluster? _cluster;
    private RunningController? _running;

    public OverrideReloadTests() => _mount = new MountedFolder(_folder.Path);

    private TestCluster Cluster => _cluster!;

    private ControllerState State => _running!.State;

    [Fact]
    public async Task A_swapped_mount_is_taken_up_without_a_restart_and_the_key_wins_over_it()
    {
        _mount.Swap(("10-base.yaml", "grafana: {enabled: false, config: {org: base}}"));
        await StartAsync();
        await SaysAsync("enabled: false");
        await SaysAsync("Set by 10-base.yaml of OVERRIDES_DIR: enabled, config.org.");

        _mount.Swap(("10-base.yaml", "grafana: {enabled: false, config: {org: base}}"), ("20-team.yaml", "grafana: {config: {org: team}}"));
        await SaysAsync("org: \"team\"");

        Cluster.SetData("overrides.yaml", "grafana: {enabled: true}");
        await SaysAsync("enabled: true");

        _mount.Swap();
        await EventuallyAsync(() => !Grafana().Contains("org", StringComparison.Ordinal), "the files are gone with what they said");
        Assert.Contains("enabled: true", Grafana(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bad_file_keeps_what_it_said_last_and_is_shown_everywhere_with_its_place_until_it_is_mended()
    {
        _mount.Swap(("1.yaml", "grafana: {config: {org: one}}"));
        await StartAsync();
        await SaysAsync("org: \"one\"");
        Assert.Contains("dynamictoolset_overrides_valid 1", Metrics(), StringComparison.Ordinal);

        _mount.Swap(("1.yaml", "grafana:\n  enabled: maybe\n"), ("2.yaml", "grafana: {config: {extra: two}}"), ("3.yaml", "- list"));
        await SaysAsync("extra: \"two\"");
        Assert.Contains("org: \"one\"", Grafana(), StringComparison.Ordinal);
        string problem = $"{_mount.File("1.yaml")}:2:12: \"enabled\" must be true or false";
        Assert.Contains("dynamictoolset_overrides_valid 0", Metrics(), StringComparison.Ordinal);
        // With the one of the other file.
        string first = $"{problem} (and 1 more)";
        Assert.Equal(first, Cluster.ConfigMap()!["metadata"]!["annotations"]!["kubernaut.io/override-error"]!.GetValue<string>());
        // The round that has written it says so a moment later.
        await EventuallyAsync(
            () => _running!.Controller.Readiness.Single(c => c.Name == "overrides") is { Word: "warning", Detail: var detail } && detail == first, "/readyz has it");
        await EventuallyAsync(() => Events().Any(m => m.StartsWith(problem, StringComparison.Ordinal)), "there is an Event");
        await EventuallyAsync(() => Events().Any(m => m.StartsWith($"{_mount.File("3.yaml")}:1:1: ", StringComparison.Ordinal)), "and one of the other file");

        _mount.Swap(("1.yaml", "grafana: {config: {org: mended}}"));
        await SaysAsync("org: \"mended\"");
        await EventuallyAsync(() => Metrics().Contains("dynamictoolset_overrides_valid 1", StringComparison.Ordinal), "the metric says so");
    }

    [Fact]
    public async Task A_directory_that_is_gone_takes_nothing_away()
    {
        _mount.Swap(("1.yaml", "grafana: {config: {org: one}}"));
        await StartAsync();
        await SaysAsync("org: \"one\"");
        Directory.Move(_folder.Path, _folder.Path + "-gone");
        await EventuallyAsync(() => State.Overrides.Problems.Any(), "the problem is known");
        Assert.Contains("org: \"one\"", Grafana(), StringComparison.Ordinal);
        Directory.Move(_folder.Path + "-gone", _folder.Path);
        await EventuallyAsync(() => !State.Overrides.Problems.Any(), "it is back");
    }

    public async ValueTask DisposeAsync()
    {
        if (_running is not null)
            await _running.DisposeAsync();
        if (_cluster is not null)
            await _cluster.DisposeAsync();
        _folder.Dispose();
    }

    private async Task StartAsync()
    {
        _cluster = await TestCluster.StartAsync();
        _cluster.AddService("grafana");
        _running = _cluster.Start(_time, TestCluster.Defaults() with { OverridesDir = _folder.Path, DiscoveryInterval = TimeSpan.FromDays(1) });
    }

    private Task EventuallyAsync(Func<bool> isTrue, string what) => _time.PassUntilAsync(TimeSpan.FromMilliseconds(200), isTrue, what);

    private Task SaysAsync(string part) => EventuallyAsync(() => Grafana().Contains(part, StringComparison.Ordinal), $"the toolset says {part}");

    private string Grafana() => Cluster.Data("grafana-toolset.yaml") ?? "";

    private IEnumerable<string> Events() => Cluster.Api.Store.List(KubeResource.Events).Select(e => e["message"]!.GetValue<string>());

    private string Metrics()
    {
        using var scraper = new MetricScraper(Cluster.Metrics);
        return scraper.Scrape();
    }
}
