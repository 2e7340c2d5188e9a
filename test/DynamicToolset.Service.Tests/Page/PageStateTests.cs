using DynamicToolset.Sandbox.SampleBackends;
using DynamicToolset.Service.Options;

namespace DynamicToolset.Service.Tests.Page;

/// <summary>What people see in the states that a service can be in.</summary>
[Collection(BrowserTests.Name)]
public sealed class PageStateTests(BrowserFixture fixture)
{
    private const string AllIsWell = "All is well: 4 backends answer, and the ConfigMap is up to date";

    [Fact]
    public async Task The_way_of_the_data_is_there_from_the_Services_to_the_ConfigMap()
    {
        (ShownService service, Browser browser) = await OpenAsync();
        await using ShownService shown = service;
        await browser.ShowsAsync(".verdict", AllIsWell);
        await browser.ShowsAsync("#toolsets h2", "5");
        await browser.ShowsAsync("#services h2", "4");
        await browser.ShowsAsync("#dropped h2", "1");
        Assert.Equal("Services 4 found, 1 dropped|Checks 4 healthy|Names 4 held, 0 behind|Toolsets 5 all on", await FlowAsync(browser, 4));
        await browser.ShowsAsync("#services", "monitoring/grafana grafana http://grafana.monitoring:3000");
        await browser.ShowsAsync("#services", "GET /api/health");
        await browser.ShowsAsync("#services", "200 in");
        await browser.ShowsAsync("#dropped", "monitoring/alertmanager not alertmanager: it looks like one, but the rule of this type is disabled by default");
        await browser.ShowsAsync("#names", "held by monitoring/grafana");
        await browser.ShowsAsync("#toolsets", "kubernetes");
        await browser.ShowsAsync("#configmap", "kubernaut-system/kubernaut-toolset-config");
        await browser.ShowsAsync("#configmap", "created in");
        await browser.ShowsAsync("#overrides", "none");
        await browser.ShowsAsync("#service", "no election, one replica");
        await browser.ShowsAsync("#fresh", "as of ");
        Assert.Equal("", await browser.TextAsync(".problems"));
    }

    [Fact]
    public async Task A_backend_that_was_not_heard_of_is_waited_for()
    {
        (ShownService service, Browser browser) = await OpenAsync(c => ShownService.AddBackends(c, grafana: SampleAnswer.Hang));
        await using ShownService shown = service;
        await browser.ShowsAsync(".verdict", "Converging: 1 backend not checked yet");
        Assert.Equal("Checks 3 healthy, 1 not known", (await FlowAsync(browser, 2)).Split('|')[1]);
        await browser.ShowsAsync(RowOf("monitoring/grafana"), "unknown");
        await browser.ShowsAsync(RowOf("monitoring/grafana"), "not checked yet");
    }

    [Fact]
    public async Task A_backend_that_fails_is_told_on_top_without_a_reload_and_so_is_that_it_is_back()
    {
        (ShownService service, Browser browser) = await OpenAsync();
        await using ShownService shown = service;
        await browser.ShowsAsync(".verdict", AllIsWell);
        await browser.RunAsync("window.isTheSame = true");
        service.SetAnswer("monitoring", "grafana", SampleAnswer.Unavailable);
        await browser.ShowsAsync(".verdict", "1 of 4 backends is unhealthy");
        await browser.ShowsAsync(".problems", "monitoring/grafana: 503 to GET http://grafana.monitoring:3000/api/health");
        await browser.ShowsAsync(RowOf("monitoring/grafana"), "none while unhealthy");
        await browser.ShowsAsync("#configmap", "grafana-toolset.yaml");
        Assert.Equal("1 of 4 backends is unhealthy", await browser.TextAsync("#said"));
        await browser.HasAsync("document.title === '1 of 4 backends is unhealthy · Dynamic Toolset Service'");
        service.SetAnswer("monitoring", "grafana", SampleAnswer.Right);
        await browser.ShowsAsync(".verdict", AllIsWell);
        await browser.HasAsync("document.querySelector('.problems') === null && window.isTheSame");
    }

    [Fact]
    public async Task A_panic_is_told_with_what_to_do_and_the_toolsets_are_shown_as_kept()
    {
        (ShownService service, Browser browser) = await OpenAsync();
        await using ShownService shown = service;
        await browser.ShowsAsync(".verdict", AllIsWell);
        foreach ((string ns, string name) in new[] { ("monitoring", "grafana"), ("monitoring", "prometheus"), ("tracing", "jaeger"), ("logging", "elasticsearch") })
            service.SetAnswer(ns, name, SampleAnswer.Unavailable);
        await browser.ShowsAsync(".verdict", "No health check passes; the toolsets stay");
        await browser.ShowsAsync(".problems", "look for a network policy or a DNS problem between the service and its backends");
        await browser.ShowsAsync(RowOf("tracing/jaeger"), "kept");
        await browser.ShowsAsync("#toolsets", "kept although its backend is unhealthy · tracing/jaeger");
    }

    [Fact]
    public async Task Overrides_that_cannot_be_used_are_told_with_their_place_beside_those_that_stay_in_force()
    {
        (ShownService service, Browser browser) = await OpenAsync();
        await using ShownService shown = service;
        await browser.ShowsAsync(".verdict", AllIsWell);
        service.Cluster.SetData("overrides.yaml", "grafana:\n  enabled: false\nsentry:\n  config: {timeout: 5s}\n");
        await browser.ShowsAsync("#toolsets", "off by an override");
        await browser.ShowsAsync("#overrides", "sentry ignored until there is a config.url");
        service.Cluster.SetData("overrides.yaml", "grafana:\n  config: [oops\n");
        await browser.ShowsAsync(".verdict", "The overrides have an error");
        await browser.ShowsAsync(".problems", "overrides.yaml:3:1: ");
        await browser.ShowsAsync("#overrides", "Until it is mended the last good ones stay in force.");
        await browser.ShowsAsync("#overrides", "grafana");
        await browser.ShowsAsync("#toolsets", "off by an override");
    }

    [Fact]
    public async Task Who_drifted_is_named_beside_the_write_that_repaired_it()
    {
        (ShownService service, Browser browser) = await OpenAsync();
        await using ShownService shown = service;
        await browser.ShowsAsync(".verdict", AllIsWell);
        service.Cluster.SetData("jaeger-toolset.yaml", "mine");
        await browser.ShowsAsync("#configmap", "changed jaeger-toolset.yaml");
        Assert.NotEqual("", await browser.TextAsync("#configmap dd strong"));
    }

    [Fact]
    public async Task Who_holds_a_name_is_shown_with_who_stands_behind()
    {
        (ShownService service, Browser browser) = await OpenAsync();
        await using ShownService shown = service;
        await browser.ShowsAsync(".verdict", AllIsWell);
        service.Cluster.AddService("grafana", "team-b", "grafana");
        await browser.ShowsAsync("#names", "held by monitoring/grafana, and behind it team-b/grafana");
        await browser.ShowsAsync(RowOf("team-b/grafana"), "behind monitoring/grafana for grafana");
    }

    [Fact]
    public async Task What_the_service_no_longer_says_is_called_old_and_stays_to_be_read()
    {
        (ShownService service, Browser browser) = await OpenAsync();
        await using ShownService shown = service;
        await browser.ShowsAsync(".verdict", AllIsWell);
        await browser.ShowsAsync("#services", "monitoring/grafana");
        Assert.Equal("", await browser.TextAsync("#old"));
        await service.StopAsync();
        await browser.ShowsAsync("#old", "This is out of date.");
        await browser.ShowsAsync("#old", "the service cannot be reached");
        Assert.True(await browser.IsTrueAsync("document.querySelector('#shown').matches('.aged')"));
        Assert.Contains("monitoring/grafana", await browser.TextAsync("#services"), StringComparison.Ordinal);
        Assert.Equal("alert", await browser.RunAsync("return document.querySelector('#old').getAttribute('role')") is { } role ? role.GetValue<string>() : "");
    }

    [Fact]
    public async Task What_was_old_is_not_called_so_once_the_service_answers_again()
    {
        (ShownService service, Browser browser) = await OpenAsync();
        await using ShownService shown = service;
        await browser.ShowsAsync(".verdict", AllIsWell);
        service.Gate.IsBroken = true;
        await browser.ShowsAsync("#old", "This is out of date.");
        service.Gate.IsBroken = false;
        await browser.HasAsync("document.querySelector('#old').innerText === '' && !document.querySelector('#shown').matches('.aged')");
    }

    [Fact]
    public async Task Whether_HolmesGPT_was_told_of_a_change_is_shown_where_somebody_is_told()
    {
        (ShownService service, Browser browser) = await OpenAsync(change: s => s with { HolmesReloadUrl = "http://127.0.0.1:1/reload" });
        await using ShownService shown = service;
        await browser.ShowsAsync("#service", "0 of 1 told to reload, by http://127.0.0.1:1/reload");
        await browser.ShowsAsync("#service", "127.0.0.1");
        (ShownService without, browser) = await OpenAsync();
        await using ShownService silent = without;
        await browser.ShowsAsync("#service", "no election, one replica");
        Assert.DoesNotContain("HolmesGPT", await browser.TextAsync("#service"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_asked_of_anybody_else_and_nothing_is_complained_of()
    {
        (ShownService service, Browser browser) = await OpenAsync();
        await using ShownService shown = service;
        await browser.ShowsAsync(".verdict", AllIsWell);
        await browser.ShowsAsync("#dropped", "alertmanager");
        IReadOnlyList<Uri> requests = await browser.RequestsAsync();
        Assert.Contains(requests, r => r.AbsolutePath == "/api/v1/status");
        Assert.All(requests, r => Assert.Equal(service.Address.Authority, r.Authority));
        Assert.All(service.Gate.Exchanges, e => Assert.Equal("", e.Cookie));
        Assert.Empty(await browser.ConsoleAsync());
    }

    private static string RowOf(string service) => $"#services tr[data-service='{service}']";

    /// <summary>The first stages, as they are read out.</summary>
    private static async Task<string> FlowAsync(Browser browser, int stages) =>
        (await browser.RunAsync("return [...document.querySelectorAll('#flow li')].slice(0, arguments[0]).map(li => li.textContent.trim()).join('|')", stages))!.GetValue<string>();

    private async Task<(ShownService Service, Browser Browser)> OpenAsync(
        Action<Hosting.TestCluster>? prepare = null, Func<Settings, Settings>? change = null)
    {
        Browser browser = await fixture.BrowserAsync();
        ShownService service = await ShownService.StartAsync(prepare, change);
        await browser.OpenAsync(service.Address);
        return (service, browser);
    }
}
