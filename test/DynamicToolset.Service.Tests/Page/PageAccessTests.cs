using DynamicToolset.Testing;
using Microsoft.AspNetCore.Http;

namespace DynamicToolset.Service.Tests.Page;

/// <summary>What the page does with a token, and where it is told no. The gate stands for a service that wants to know who asks.</summary>
[Collection(BrowserTests.Name)]
public sealed class PageAccessTests(BrowserFixture fixture)
{
    private const string Enter = "\uE007";
    private const string Token = "eyJhbGciOi.the-good-one.c2ln";

    [Fact]
    public async Task A_token_is_asked_for_and_kept_in_the_memory_of_the_tab_alone()
    {
        (ShownService service, Browser browser) = await OpenAsync(WantsToken);
        await using ShownService shown = service;
        await browser.ShowsAsync("#sign-in", "kubectl create token dynamic-toolset-sa -n kubernaut-system");
        await browser.HasAsync("document.activeElement.id === 'token' && document.activeElement.type === 'password'");
        Assert.False(await browser.IsTrueAsync("document.querySelector('#shown').checkVisibility()"));
        await browser.TypeAsync(Token);
        await browser.PressAsync(Enter);
        await browser.ShowsAsync(".verdict", "All is well");
        Assert.Contains(service.Gate.Exchanges, e => e.Authorization == $"Bearer {Token}" && e.Status == 200);
        Assert.Equal("0 0 ", (await browser.RunAsync("return `${localStorage.length} ${sessionStorage.length} ${document.cookie}`"))!.GetValue<string>());
        Assert.False(await browser.IsTrueAsync($"(location.href + document.documentElement.outerHTML + JSON.stringify(history.state)).includes('{Token}') || document.querySelector('#token').value"));
        Assert.Equal(0, (await browser.RunAsync("return indexedDB.databases().then(all => all.length)"))!.GetValue<int>());
        await browser.OpenAsync(service.Address);
        await browser.HasAsync("document.querySelector('#sign-in').checkVisibility()");
    }

    [Fact]
    public async Task A_token_that_is_not_accepted_is_told_so_and_another_one_is_asked_for()
    {
        (ShownService service, Browser browser) = await OpenAsync(WantsToken);
        await using ShownService shown = service;
        await browser.ShowsAsync("#sign-in", "The service needs a token");
        await browser.TypeAsync("stale");
        await browser.PressAsync(Enter);
        await browser.ShowsAsync("#sign-in-why", "This one is not accepted: a bearer token is needed");
        await browser.TypeAsync("two words");
        await browser.PressAsync(Enter);
        await browser.ShowsAsync("#sign-in-why", "This is not a token");
        Assert.DoesNotContain(service.Gate.Exchanges, e => e.Authorization.Contains("two", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_token_is_forgotten_when_that_is_wanted_and_with_it_what_it_showed()
    {
        (ShownService service, Browser browser) = await OpenAsync(WantsToken);
        await using ShownService shown = service;
        await browser.ShowsAsync("#sign-in", "The service needs a token");
        await browser.TypeAsync(Token);
        await browser.PressAsync(Enter);
        await browser.ShowsAsync("#services", "monitoring/grafana");
        await browser.RunAsync("document.querySelector('#forget').click()");
        await browser.HasAsync("document.querySelector('#sign-in').checkVisibility() && !document.body.textContent.includes('monitoring/grafana')");
    }

    [Fact]
    public async Task A_part_whose_right_is_missing_says_which_and_the_others_go_on()
    {
        (ShownService service, Browser browser) = await OpenAsync(async http =>
        {
            if (http.Request.Path != "/api/v1/toolsets")
                return false;
            await Gate.ProblemAsync(http, 403, "it takes the right to list toolsets.toolset.kubernaut.io");
            return true;
        });
        await using ShownService shown = service;
        await browser.ShowsAsync("#toolsets", "No permission: it takes the right to list toolsets.toolset.kubernaut.io");
        await browser.ShowsAsync("#services", "monitoring/grafana");
        await browser.ShowsAsync(".verdict", "All is well");
        Assert.Equal("", await browser.TextAsync("#old"));
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task It_asks_no_sooner_than_it_is_told_to(int status)
    {
        (ShownService service, Browser browser) = await OpenAsync(async http =>
        {
            if (http.Request.Path != "/api/v1/status")
                return false;
            http.Response.Headers.RetryAfter = "4";
            await Gate.ProblemAsync(http, status, "later");
            return true;
        });
        await using ShownService shown = service;
        await browser.ShowsAsync("#state", "later");
        List<long> times = [];
        await Patience.EventuallyAsync(() => (times = [.. service.Gate.Exchanges.Where(e => e.Path == "/api/v1/status").Select(e => e.At)]).Count > 1, "it has asked again");
        Assert.True(TimeProvider.System.GetElapsedTime(times[0], times[1]) > TimeSpan.FromSeconds(3.9));
        await browser.ShowsAsync("#services", "monitoring/grafana");
    }

    [Fact]
    public async Task What_did_not_change_is_not_sent_again_and_nothing_is_asked_for_twice_at_once()
    {
        (ShownService service, Browser browser) = await OpenAsync(static _ => Task.FromResult(false));
        await using ShownService shown = service;
        await browser.ShowsAsync(".verdict", "All is well");
        foreach (string path in new[] { "/api/v1/status", "/api/v1/services", "/api/v1/toolsets" })
            await Patience.EventuallyAsync(() => service.Gate.Exchanges.Any(e => e.Path == path && e.Status == 304), $"{path} is not sent again");
        Assert.All(service.Gate.Exchanges.Where(e => e.Status == 304), e => Assert.NotEqual("", e.IfNoneMatch));
        Assert.Empty(service.Gate.Overtaken);
    }

    [Fact]
    public async Task Nothing_is_asked_while_nobody_looks()
    {
        (ShownService service, Browser browser) = await OpenAsync(static _ => Task.FromResult(false));
        await using ShownService shown = service;
        await browser.ShowsAsync(".verdict", "All is well");
        await browser.RunAsync("Object.defineProperty(document, 'hidden', { configurable: true, value: true }); window.looks = 0; setInterval(() => window.looks++, 250)");
        await browser.HasAsync("window.looks > 1");
        await Patience.EventuallyAsync(() => service.Gate.IsIdle, "what was asked before is answered");
        int before = service.Gate.Exchanges.Count;
        await browser.HasAsync("window.looks > 17");
        Assert.Equal(before, service.Gate.Exchanges.Count);
        await browser.RunAsync("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))");
        await Patience.EventuallyAsync(() => service.Gate.Exchanges.Count > before, "it asks again");
    }

    private static async Task<bool> WantsToken(HttpContext http)
    {
        if (!http.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal) || http.Request.Headers.Authorization == $"Bearer {Token}")
            return false;
        await Gate.ProblemAsync(http, 401, "a bearer token is needed");
        return true;
    }

    private async Task<(ShownService Service, Browser Browser)> OpenAsync(Func<HttpContext, Task<bool>> intercept)
    {
        Browser browser = await fixture.BrowserAsync();
        ShownService service = await ShownService.StartAsync();
        service.Gate.Intercept = intercept;
        await browser.OpenAsync(service.Address);
        return (service, browser);
    }
}
