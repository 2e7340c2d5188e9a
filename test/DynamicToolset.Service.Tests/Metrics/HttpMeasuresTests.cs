using DynamicToolset.Service.Http;
using DynamicToolset.Service.Metrics;
using DynamicToolset.Service.State;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.Metrics;

public sealed class HttpMeasuresTests : IDisposable
{
    private readonly ServiceMetrics _metrics;
    private readonly MetricScraper _scraper;

    public HttpMeasuresTests()
    {
        _metrics = new ServiceMetrics(new StateStore(), new FakeTimeProvider(), "1.2.3");
        _scraper = new MetricScraper(_metrics);
    }

    [Fact]
    public void Answers_are_counted_by_route_method_and_code_and_their_time_by_route()
    {
        _metrics.Http.Answered("/api/v1/toolsets/{name}", "GET", 200, TimeSpan.FromMilliseconds(20));
        _metrics.Http.Answered("/api/v1/toolsets/{name}", "GET", 200, TimeSpan.FromMilliseconds(30));
        _metrics.Http.Answered("/api/v1/toolsets/{name}", "GET", 404, TimeSpan.FromMilliseconds(1));
        Assert.Equal(
            [
                "{route=\"/api/v1/toolsets/{name}\",method=\"GET\",code=\"200\"} 2",
                "{route=\"/api/v1/toolsets/{name}\",method=\"GET\",code=\"404\"} 1",
            ],
            Lines("dynamictoolset_http_requests_total"));
        Assert.Contains("_bucket{route=\"/api/v1/toolsets/{name}\",le=\"0.025\"} 2", Lines("dynamictoolset_http_request_duration_seconds"));
        Assert.Contains("_count{route=\"/api/v1/toolsets/{name}\"} 3", Lines("dynamictoolset_http_request_duration_seconds"));
    }

    [Theory]
    [InlineData(null, "GET", 404, "route=\"other\",method=\"GET\",code=\"404\"")]
    [InlineData("/api/v1/toolsets/grafana", "GET", 200, "route=\"other\",method=\"GET\",code=\"200\"")]
    [InlineData("/ready", "get", 405, "route=\"/ready\",method=\"other\",code=\"405\"")]
    [InlineData("/ready", "PROPFIND", 405, "route=\"/ready\",method=\"other\",code=\"405\"")]
    [InlineData("/ready", "GET", 0, "route=\"/ready\",method=\"GET\",code=\"other\"")]
    [InlineData("/ready", "GET", 600, "route=\"/ready\",method=\"GET\",code=\"other\"")]
    public void What_is_not_known_is_other(string? route, string method, int code, string labels)
    {
        _metrics.Http.Answered(route, method, code, TimeSpan.Zero);
        Assert.Equal([$"{{{labels}}} 1"], Lines("dynamictoolset_http_requests_total"));
    }

    [Fact]
    public void Whoever_asks_for_a_thousand_paths_by_a_thousand_methods_makes_one_series()
    {
        for (int i = 0; i < 1000; i++)
            _metrics.Http.Answered($"/{i}", $"M{i}", 404, TimeSpan.Zero);
        Assert.Equal(["{route=\"other\",method=\"other\",code=\"404\"} 1000"], Lines("dynamictoolset_http_requests_total"));
        Assert.Single(Lines("dynamictoolset_http_request_duration_seconds"), l => l.StartsWith("_count", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_health_path_is_a_route_that_is_known()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore();
        WebApplication http = builder.Build();
        HealthEndpoints.Map(http, () => [], () => []);
        IEnumerable<Endpoint> endpoints = ((IEndpointRouteBuilder)http).DataSources.SelectMany(s => s.Endpoints);
        string[] patterns = [.. endpoints.Cast<RouteEndpoint>().Select(e => e.RoutePattern.RawText!)];
        Assert.NotEmpty(patterns);
        Assert.Subset(HttpMeasures.Routes.ToHashSet(), patterns.ToHashSet());
    }

    public void Dispose()
    {
        _scraper.Dispose();
        _metrics.Dispose();
    }

    private string[] Lines(string metric) =>
        [.. _scraper.Scrape().Split('\n').Where(l => l.StartsWith(metric, StringComparison.Ordinal)).Select(l => l[metric.Length..])];
}
