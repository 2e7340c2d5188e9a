using System.Net;
using DynamicToolset.Service.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace DynamicToolset.Service.Tests.Http;

public sealed class HealthEndpointsTests
{
    [Theory]
    [InlineData(true, null, "ok")]
    [InlineData(true, "a right is missing", "warning: a right is missing")]
    [InlineData(false, "a right is missing", "failed: a right is missing")]
    public async Task What_is_wrong_never_reads_as_if_all_were_well(bool passes, string? trouble, string shown)
    {
        using HttpResponseMessage answer = await AskAsync("/readyz", [], [SelfCheck.Of("synced", passes, trouble)]);
        Assert.Equal(passes ? 200 : 503, (int)answer.StatusCode);
        Assert.Equal(
            $$$"""{"status":"{{{(passes ? "ok" : "failed")}}}","checks":{"synced":"{{{shown}}}"}}""",
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("/healthz", true, true, 200, """{"status":"ok","checks":{"probe":"ok","reconcile":"ok"}}""")]
    [InlineData("/livez", true, false, 200, """{"status":"ok","checks":{"probe":"ok","reconcile":"ok"}}""")]
    [InlineData("/health", false, true, 500, """{"status":"failed","checks":{"probe":"ok","reconcile":"failed"}}""")]
    [InlineData("/readyz", false, true, 200, """{"status":"ok","checks":{"synced":"ok"}}""")]
    [InlineData("/ready", true, false, 503, """{"status":"failed","checks":{"synced":"failed"}}""")]
    public async Task A_path_answers_with_its_checks_by_name(string path, bool isAlive, bool isReady, int status, string body)
    {
        using HttpResponseMessage answer = await AskAsync(path, [new SelfCheck("probe", true), new SelfCheck("reconcile", isAlive)], [new SelfCheck("synced", isReady)]);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(body, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("/readyz", """{"status":"failed","checks":{"a":"ok","b":"failed: why"}}""")]
    [InlineData("/readyz?verbose", """{"status":"failed","checks":{"a":"ok","b":"failed: why"},"figures":{"b":{"secondsSinceLastEvent":1.5}}}""")]
    [InlineData("/readyz?verbose=1&exclude=b", """{"status":"ok","checks":{"a":"ok"},"figures":{}}""")]
    [InlineData("/readyz?exclude=b&exclude=a", """{"status":"ok","checks":{}}""")]
    [InlineData("/readyz?exclude=b&exclude=c&exclude=%1b%5b31m%E2%80%AE", """{"status":"ok","checks":{"a":"ok"},"warning":"no such check to exclude: c, \u0022\\u001b[31m\\u202e\u0022"}""")]
    [InlineData("/readyz?exclude=", """{"status":"failed","checks":{"a":"ok","b":"failed: why"},"warning":"no such check to exclude: \u0022\u0022"}""")]
    public async Task Checks_can_be_left_out_by_name_and_have_figures_for_who_asks(string path, string body)
    {
        SelfCheck[] checks = [new SelfCheck("a", true), SelfCheck.Of("b", false, "why").Since("secondsSinceLastEvent", TimeSpan.FromSeconds(1.5)).Since("secondsSinceLastRenewal", null)];
        using HttpResponseMessage answer = await AskAsync(path, [], checks);
        Assert.Equal(body, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(body.Contains("\"ok\",\"checks", StringComparison.Ordinal) ? 200 : 503, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData("GET", "/healthz", 200)]
    [InlineData("HEAD", "/healthz", 200)]
    [InlineData("HEAD", "/readyz", 503)]
    [InlineData("POST", "/healthz", 405)]
    [InlineData("DELETE", "/readyz", 405)]
    [InlineData("GET", "/healthz/", 404)]
    [InlineData("GET", "/readyz/", 404)]
    [InlineData("GET", "/healthz/probe", 404)]
    public async Task It_is_asked_with_GET_or_HEAD_by_its_exact_path(string method, string path, int status)
    {
        using HttpResponseMessage answer = await AskAsync(path, [new SelfCheck("probe", true)], [new SelfCheck("synced", false)], new HttpMethod(method));
        Assert.Equal(status, (int)answer.StatusCode);
        if (status is 200 or 503)
            Assert.Equal(("no-store", "nosniff"), (answer.Headers.CacheControl?.ToString(), answer.Headers.GetValues("X-Content-Type-Options").Single()));
        else
            Assert.Equal(status == 405 ? "GET,HEAD" : "", string.Join(',', answer.Content.Headers.Allow.Order(StringComparer.Ordinal)));
        if (method == "HEAD")
            Assert.Equal("", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static async Task<HttpResponseMessage> AskAsync(string path, SelfCheck[] liveness, SelfCheck[] readiness, HttpMethod? method = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        await using WebApplication app = builder.Build();
        HealthEndpoints.Map(app, () => liveness, () => readiness);
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        return await http.SendAsync(new HttpRequestMessage(method ?? HttpMethod.Get, path), TestContext.Current.CancellationToken);
    }
}
