using System.Text.RegularExpressions;
using DynamicToolset.Holmes;
using DynamicToolset.Holmes.Generation;
using DynamicToolset.Toolsets;
using DynamicToolset.Values;

namespace DynamicToolset.Tests.HolmesGeneration;

/// <summary>What HolmesGPT asks is its URL and a path, which each release joins in its own way.</summary>
public sealed class SlashTests
{
    /// <summary>The releases of 2025 put a slash between the two, and their client of HTTP resolves dot segments.</summary>
    [Theory]
    [InlineData("http://g.a:3000", null, "http://g.a:3000/api/health")]
    [InlineData("http://g.a:3000/", null, "http://g.a:3000/api/health")]
    [InlineData("http://g.a:3000//", null, "http://g.a:3000/api/health")]
    [InlineData("http://g.a:3000/grafana", null, "http://g.a:3000/grafana/api/health")]
    [InlineData("http://g.a:3000/grafana/", null, "http://g.a:3000/grafana/api/health")]
    [InlineData("http://g.a:3000/a/b//", null, "http://g.a:3000/a/b/api/health")]
    [InlineData("http://g.a:3000", "/healthz", "http://g.a:3000/healthz")]
    [InlineData("http://g.a:3000/grafana/", "healthz", "http://g.a:3000/grafana/healthz")]
    [InlineData("http://g.a:3000/grafana", "/healthz", "http://g.a:3000/grafana/healthz")]
    public void Grafana_is_checked_by_releases_of_2025_where_it_is(string url, string? healthcheck, string asked)
    {
        (string written, string? path) = Written("grafana", "url", url, healthcheck);
        Assert.Equal(asked, WithoutDots($"{written}/{path ?? "api/health"}"));
    }

    /// <summary>Newer ones join as a browser does, and lose the end of a path that has no slash behind it.</summary>
    [Theory]
    [InlineData("http://g.a:3000/grafana", "http://g.a:3000/grafana/api/dashboards/tags")]
    [InlineData("http://g.a:3000/grafana//", "http://g.a:3000/grafana/api/dashboards/tags")]
    [InlineData("http://g.a:3000", "http://g.a:3000/api/dashboards/tags")]
    public void Grafana_is_asked_by_newer_releases_where_it_is(string url, string asked) =>
        Assert.Equal(asked, new Uri(new Uri(Written("grafana", "url", url, null).Url), "api/dashboards/tags").AbsoluteUri);

    /// <summary>All releases put a slash at the end of this URL where there is none, and join as a browser does.</summary>
    [Theory]
    [InlineData("http://p.a:9090", null, "http://p.a:9090/api/v1/query?query=up")]
    [InlineData("http://p.a:9090/", null, "http://p.a:9090/api/v1/query?query=up")]
    [InlineData("http://p.a:9090/prometheus/", null, "http://p.a:9090/prometheus/api/v1/query?query=up")]
    [InlineData("http://p.a:9090/prometheus//", "/-/healthy", "http://p.a:9090/prometheus/-/healthy")]
    public void Prometheus_is_checked_where_it_is(string url, string? healthcheck, string asked)
    {
        (string written, string? path) = Written("prometheus", "prometheus_url", url, healthcheck);
        Assert.Equal(asked, new Uri(new Uri(written + "/"), path).AbsoluteUri);
    }

    private static (string Url, string? Healthcheck) Written(string type, string key, string url, string? healthcheck)
    {
        (string, ToolsetValue)[] own = healthcheck is null ? [] : [("healthcheck", new ToolsetValue.Text(healthcheck))];
        var config = ToolsetValue.Map.Of([("url", new ToolsetValue.Text(url)), .. own]);
        var toolset = new Toolset(type, type, ToolsetValue.Map.Of(("config", config)), new ToolsetSource.Override());
        string text = new HolmesGenerator(new HolmesProfile(HolmesTarget.Compat, [])).Generate([toolset]).Text;
        return (Value(text, key)!, Value(text, "healthcheck"));
    }

    private static string? Value(string text, string key) =>
        Regex.Match(text, $"(?m)^      {key}: \"(.*)\"$") is { Success: true } match ? match.Groups[1].Value : null;

    /// <summary>As RFC 3986 has it (5.2.4), which keeps empty segments.</summary>
    private static string WithoutDots(string url)
    {
        string start = url[..url.IndexOf('/', "http://".Length)];
        var kept = new List<string>();
        foreach (string segment in url[(start.Length + 1)..].Split('/'))
        {
            if (segment == ".." && kept.Count > 0)
                kept.RemoveAt(kept.Count - 1);
            else
                kept.Add(segment);
        }

        return $"{start}/{string.Join('/', kept)}";
    }
}
