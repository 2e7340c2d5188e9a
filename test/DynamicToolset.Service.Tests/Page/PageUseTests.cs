using System.Globalization;
using System.Text;
using DynamicToolset.Sandbox.SampleBackends;
using DynamicToolset.Service.Tests.Hosting;

namespace DynamicToolset.Service.Tests.Page;

/// <summary>What people do with the page, by which means, and what others may have put there.</summary>
[Collection(BrowserTests.Name)]
public sealed class PageUseTests(BrowserFixture fixture)
{
    private const string Tab = "\uE004", Enter = "\uE007";
    private const string AllIsWell = "All is well";

    /// <summary>Of a colour as CSS computes it (WCAG 2.2, relative luminance).</summary>
    private const string Luminance = """
        (colour => colour.match(/[\d.]+/g).slice(0, 3).map(v => v / 255)
          .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
          .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0))
        """;

    /// <summary>A text that would run in a page that takes it for markup, and one that would turn around what follows it.</summary>
    private const string Markup = "<img src=x onerror=window.isRun=true>", Turning = "\u202Emoc.live";

    [Fact]
    public async Task What_is_opened_focused_typed_and_scrolled_to_stays_so_while_the_data_change()
    {
        (ShownService service, Browser browser) = await OpenAsync();
        await using ShownService shown = service;
        await browser.ShowsAsync(".verdict", AllIsWell);
        await browser.ShowsAsync("#services", "monitoring/grafana");
        await browser.SizeAsync(1280, 300);
        await browser.RunAsync("document.querySelector('#filter').value = 'graf'; document.querySelector('#filter').dispatchEvent(new Event('input'))");
        await browser.RunAsync("document.querySelector('#services summary').focus({ preventScroll: true }); document.querySelector('#services details').open = true");
        await browser.RunAsync("document.documentElement.style.scrollBehavior = 'auto'; window.scrollTo(0, 200); window.kept = document.activeElement");
        service.SetAnswer("monitoring", "grafana", SampleAnswer.Unavailable);
        await browser.ShowsAsync("#services", "unhealthy");
        await browser.HasAsync("document.activeElement === window.kept && window.kept.localName === 'summary'");
        await browser.HasAsync("document.querySelector('#services details').open");
        Assert.True(await browser.IsTrueAsync("document.querySelector('#filter').value === 'graf' && document.querySelectorAll('#services tbody tr').length === 1"));
        Assert.True(await browser.NumberAsync("scrollY") > 0);
    }

    [Fact]
    public async Task All_of_it_is_used_by_keyboard_alone()
    {
        (ShownService service, Browser browser) = await OpenAsync();
        await using ShownService shown = service;
        await browser.ShowsAsync(".verdict", AllIsWell);
        await browser.ShowsAsync("#services", "monitoring/grafana");
        await browser.PressAsync(Tab);
        Assert.Equal("skip", await FocusedAsync(browser, "className"));
        Assert.True(await browser.NumberAsync("document.activeElement.getBoundingClientRect().left") >= 0);
        await browser.PressAsync(Enter);
        Assert.Equal("main", await FocusedAsync(browser, "id"));
        for (int stage = 0; stage < 5; stage++)
        {
            await browser.PressAsync(Tab);
            Assert.True(await browser.IsTrueAsync("document.activeElement.matches('#flow a')"));
            Assert.NotEqual("none", (await browser.RunAsync("return getComputedStyle(document.activeElement).outlineStyle"))!.GetValue<string>());
        }

        await browser.PressAsync(Tab);
        Assert.Equal("filter", await FocusedAsync(browser, "id"));
        await browser.TypeAsync("graf");
        await browser.HasAsync("document.querySelectorAll('#services tbody tr').length === 1");
        await browser.PressAsync(Tab, " ");
        await browser.ShowsAsync("#services", "None matches the filter.");
        await browser.PressAsync(" ", Tab);
        Assert.True(await browser.IsTrueAsync("document.activeElement.matches('#services summary')"));
        await browser.PressAsync(Enter);
        await browser.ShowsAsync("#services details[open]", "rule grafana");
    }

    [Fact]
    public async Task A_phone_shows_it_without_scrolling_sideways_whatever_the_names()
    {
        (ShownService service, Browser browser) = await OpenAsync(AddHostile);
        await using ShownService shown = service;
        await browser.SizeAsync(360, 640);
        await browser.ShowsAsync(".problems", "malformed annotation");
        await browser.ShowsAsync("#services", "monitoring/grafana");
        await browser.ShowsAsync("#dropped", "alertmanager");
        await browser.RunAsync("document.querySelectorAll('details').forEach(d => d.open = true)");
        Assert.Equal(360, await browser.NumberAsync("document.documentElement.scrollWidth"));
        Assert.Equal(0, await browser.NumberAsync("[...document.querySelectorAll('main *')].filter(e => !e.closest('.unseen, thead, .skip') && e.getBoundingClientRect().right > 360.5).length"));
        await browser.SizeAsync(1280, 900);
        Assert.Equal(1280, await browser.NumberAsync("document.documentElement.scrollWidth"));
    }

    [Theory]
    [InlineData("light")]
    [InlineData("dark")]
    public async Task Every_text_can_be_read_in_light_and_in_the_dark(string scheme)
    {
        (ShownService service, Browser browser) = await OpenAsync(c => ShownService.AddBackends(c, grafana: SampleAnswer.Unavailable));
        await using ShownService shown = service;
        await browser.ColoursAsync(scheme);
        await browser.ShowsAsync("#configmap", "created in");
        service.Cluster.SetData("overrides.yaml", "sentry:\n  config: {timeout: 5s}\n");
        await browser.ShowsAsync(".problems", "unhealthy");
        await browser.ShowsAsync(".problems", "dormant override");
        await browser.ShowsAsync("#dropped", "alertmanager");
        await browser.RunAsync("document.querySelectorAll('details').forEach(d => d.open = true)");
        Assert.Equal(scheme == "dark", await browser.NumberAsync($"{Luminance}(getComputedStyle(document.body).backgroundColor) * 100") < 50);
        Assert.Equal("", await FaintAsync(browser));
        service.Gate.IsBroken = true;
        await browser.ShowsAsync("#old", "This is out of date.");
        Assert.Equal("", await FaintAsync(browser));
    }

    [Fact]
    public async Task What_tenants_write_is_text_and_turns_nothing_around()
    {
        (ShownService service, Browser browser) = await OpenAsync(AddHostile);
        await using ShownService shown = service;
        await browser.ShowsAsync(".problems", "malformed annotation");
        await browser.ShowsAsync("#configmap", "created in");
        service.Cluster.SetData("overrides.yaml", $"\"{Markup}\": [\"{Turning}\"]\n");
        await browser.ShowsAsync(".problems", "malformed overrides");
        await browser.ShowsAsync("#services", "hostile");
        await browser.RunAsync("document.querySelectorAll('details').forEach(d => d.open = true)");
        await browser.ShowsAsync("#services", Markup);
        await browser.ShowsAsync("#services", "⟨U+202E⟩moc.live");
        await browser.HasAsync("document.querySelectorAll('img, iframe, main script').length === 0 && window.isRun === undefined");
        Assert.False(await browser.IsTrueAsync("/[\\u202a-\\u202e\\u2066-\\u2069]/.test(document.body.textContent)"));
        Assert.Empty(await browser.ConsoleAsync());
    }

    [Fact]
    public async Task A_thousand_Services_are_shown_a_few_at_a_time_and_found_by_the_filter()
    {
        (ShownService service, Browser browser) = await OpenAsync(AddThousand);
        await using ShownService shown = service;
        await browser.ShowsAsync("#services h2", "1,000");
        Assert.Equal(50, await browser.NumberAsync("document.querySelectorAll('#services tbody tr').length"));
        await browser.RunAsync("document.querySelector('#services [data-more]').focus()");
        await browser.PressAsync(Enter);
        Assert.Equal(250, await browser.NumberAsync("document.querySelectorAll('#services tbody tr').length"));
        Assert.True(await browser.IsTrueAsync("document.activeElement === document.querySelectorAll('#services summary')[50]"));
        await browser.RunAsync("document.querySelector('#filter').focus()");
        await browser.TypeAsync("app-0997");
        await browser.HasAsync("document.querySelectorAll('#services tbody tr').length === 1");
        await browser.ShowsAsync("#services h2", "1 of 1,000");
    }

    /// <summary>
    /// Texts with less contrast than 4.5 to 1 (WCAG 2.2, 1.4.3). Behind an old part are stripes: both of their colours count.
    /// </summary>
    private static async Task<string> FaintAsync(Browser browser) => (await browser.RunAsync($$"""
        const luminance = {{Luminance}};
        const grounds = e => {
          for (; e; e = e.parentElement) {
            const style = getComputedStyle(e);
            const stripes = style.backgroundImage.match(/rgba?\([^)]*\)/g);
            if (stripes) return stripes;
            if (!/, 0\)$|transparent/.test(style.backgroundColor)) return [style.backgroundColor];
          }
          return ['rgb(255, 255, 255)'];
        };
        const contrast = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        const texts = [...document.querySelectorAll('body *')].filter(e =>
          [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim() !== '') && e.checkVisibility() && !e.closest('.unseen, .skip'));
        return texts.flatMap(e => grounds(e).map(g => [e.className || e.localName, contrast(luminance(getComputedStyle(e).color), luminance(g))]))
          .filter(([, c]) => c < 4.5).map(([name, c]) => `${name} ${c.toFixed(2)}`).join(', ');
        """))!.GetValue<string>();

    private static async Task<string> FocusedAsync(Browser browser, string property) =>
        (await browser.RunAsync("return document.activeElement[arguments[0]]", property))!.GetValue<string>();

    private static void AddHostile(TestCluster cluster)
    {
        ShownService.AddBackends(cluster);
        string longName = new('a', 63);
        cluster.Load($$"""
            apiVersion: v1
            kind: Namespace
            metadata: { name: {{longName}} }
            ---
            apiVersion: v1
            kind: Service
            metadata:
              name: {{longName}}
              namespace: {{longName}}
              labels: { app: grafana }
            spec: { ports: [ { name: service, port: 3000 } ] }
            ---
            apiVersion: v1
            kind: Service
            metadata:
              name: hostile
              namespace: monitoring
              labels: { app: grafana }
              annotations: { sandbox.dynamic-toolset/answer: "{{Markup}}", kubernaut.io/toolset-description: "{{Markup}} \u202Emoc.live" }
            spec: { ports: [ { name: service, port: 3000 } ] }
            ---
            apiVersion: v1
            kind: Service
            metadata:
              name: malformed
              namespace: monitoring
              annotations: { kubernaut.io/toolset: "true", kubernaut.io/toolset-type: "{{Markup}} \u202Emoc.live" }
            spec: { ports: [ { name: service, port: 3000 } ] }
            """);
    }

    private static void AddThousand(TestCluster cluster)
    {
        var manifest = new StringBuilder();
        foreach (int i in Enumerable.Range(0, 1000))
        {
            manifest.Append(CultureInfo.InvariantCulture, $$"""
                ---
                apiVersion: v1
                kind: Service
                metadata: { name: app-{{i:D4}}, namespace: shop-{{i % 50}}, annotations: { kubernaut.io/toolset: "true", kubernaut.io/toolset-type: custom } }
                spec: { ports: [ { name: http, port: 8080 } ] }

                """);
        }

        foreach (int i in Enumerable.Range(0, 50))
            cluster.Load(string.Create(CultureInfo.InvariantCulture, $"apiVersion: v1\nkind: Namespace\nmetadata: {{ name: shop-{i} }}\n"));
        cluster.Load(manifest.ToString());
    }

    private async Task<(ShownService Service, Browser Browser)> OpenAsync(Action<TestCluster>? prepare = null)
    {
        Browser browser = await fixture.BrowserAsync();
        ShownService service = await ShownService.StartAsync(prepare);
        await browser.OpenAsync(service.Address);
        return (service, browser);
    }
}
