using System.Net;
using DynamicToolset.Service.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace DynamicToolset.Service.Tests.Hosting;

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

    private static async Task<HttpResponseMessage> AskAsync(string path, SelfCheck[] liveness, SelfCheck[] readiness)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        await using WebApplication app = builder.Build();
        HealthEndpoints.Map(app, () => liveness, () => readiness);
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        return await http.GetAsync(path, TestContext.Current.CancellationToken);
    }
}
