using System.Net;
using DynamicToolset.Cluster;
using DynamicToolset.HealthCheck;
using DynamicToolset.Sandbox.SampleBackends;
using DynamicToolset.Service.Probing;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Probing;

public sealed class SampleBackendProbeTests
{
    [Theory]
    [InlineData("prometheus", "http", "/-/healthy", SampleAnswer.Right, "ok")]
    [InlineData("grafana", "http", "/api/health", SampleAnswer.Right, "ok")]
    [InlineData("jaeger", "http", "/", SampleAnswer.Right, "ok")]
    [InlineData("elasticsearch", "http", "/_cluster/health", SampleAnswer.Right, "ok")]
    [InlineData("elasticsearch", "https", "/_cluster/health", SampleAnswer.Right, "ok")]
    [InlineData("custom", "http", "/health", SampleAnswer.Right, "ok")]
    [InlineData("prometheus", "http", "/-/healthy", SampleAnswer.Unavailable, "status")]
    [InlineData("prometheus", "http", "/-/healthy", SampleAnswer.Hang, "timeout")]
    [InlineData("prometheus", "http", "/-/healthy", SampleAnswer.Refuse, "refused")]
    [InlineData("prometheus", "https", "/-/healthy", SampleAnswer.Tls, "tls")]
    public async Task The_prober_sees_what_the_sample_plays(string type, string scheme, string path, SampleAnswer answer, string reason)
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        await using SampleBackendServer samples = await SampleBackendServer.StartAsync(_ => new SampleBackend(type, answer, scheme == "https"), stop);

        Assert.Equal(reason, (await CheckAsync(samples, answer, Target(scheme, path), stop)).Reason);
    }

    [Theory]
    [InlineData(SampleAnswer.Https, "", "https")]
    [InlineData(SampleAnswer.Right, "/jaeger", "http/jaeger")]
    [InlineData(SampleAnswer.Https, "/jaeger", "")]
    [InlineData(SampleAnswer.Tls, "", "")]
    [InlineData(SampleAnswer.Unavailable, "/jaeger", "")]
    [InlineData(SampleAnswer.Refuse, "", "")]
    public async Task One_request_more_finds_the_form_of_a_sample(SampleAnswer answer, string prefix, string form)
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        await using SampleBackendServer samples = await SampleBackendServer.StartAsync(_ => new SampleBackend("jaeger", answer, Prefix: prefix), stop);
        var ways = new CheckWays(Target("http", "/")) { MayBeHttps = true, Prefixes = ["/jaeger"] };
        HttpProber prober = new(
            new HttpProberOptions { AllowedNetworks = [IPNetwork.Parse("127.0.0.0/8")], Resolve = samples.Resolve }, TimeProvider.System);

        var attempt = new CheckAttempt(ways, ways.First, null);
        while (attempt.Next(Patience.Limit) is { } request)
            attempt = attempt.With(await prober.AskAsync(request, stop));

        Assert.False(attempt.Outcome!.IsSuccess);
        Assert.Equal(form, attempt.Tried is { Outcome.IsSuccess: true, Way.Endpoint.Form: var found } ? found.Scheme + found.Path : "");
    }

    [Fact]
    public async Task Plain_http_towards_a_tls_port_fails()
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        await using SampleBackendServer samples = await SampleBackendServer.StartAsync(_ => new SampleBackend("prometheus", SampleAnswer.Tls), stop);

        Assert.False((await CheckAsync(samples, SampleAnswer.Tls, Target("http", "/-/healthy"), stop)).IsSuccess);
    }

    private static async Task<ProbeOutcome> CheckAsync(SampleBackendServer samples, SampleAnswer answer, HealthCheckTarget target, CancellationToken stop)
    {
        HttpProber prober = new(
            new HttpProberOptions { AllowedNetworks = [IPNetwork.Parse("127.0.0.0/8")], Resolve = samples.Resolve }, TimeProvider.System);
        // A hanging backend has to be waited out.
        TimeSpan timeout = answer == SampleAnswer.Hang ? TimeSpan.FromMilliseconds(300) : Patience.Limit;
        return ProbeOutcome.Of(await prober.AskAsync(target.Request(timeout), stop), target.Accepts);
    }

    private static HealthCheckTarget Target(string scheme, string path) =>
        new(EndpointUrl.TryCreate(scheme, new ObjectKey("monitoring", "backend"), 9090, "")!, path, AcceptedStatuses.Default);
}
