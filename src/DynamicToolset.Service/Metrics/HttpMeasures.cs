using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace DynamicToolset.Service.Metrics;

/// <summary>What is answered over HTTP. Whoever asks cannot make series: what is not known here counts as <see cref="Other"/>.</summary>
public sealed class HttpMeasures
{
    public const string Other = "other";

    /// <summary>The patterns of all paths that are served.</summary>
    public static readonly ImmutableArray<string> Routes =
    [
        "/", "/page.css", "/page.js", "/healthz", "/livez", "/health", "/readyz", "/ready", "/metrics", "/openapi/v1.json",
        "/api/v1/toolsets", "/api/v1/toolsets/{name}", "/api/v1/services", "/api/v1/services/explain", "/api/v1/services/{namespace}/{name}/explain",
        "/api/v1/discover", "/api/v1/services/discover", "/api/v1/discover/{jobId}", "/api/v1/status",
    ];

    public static readonly ImmutableArray<string> Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

    private readonly Counter<double> _requests;
    private readonly Histogram<double> _durations;

    internal HttpMeasures(Meter meter)
    {
        _requests = MetricDefinitions.HttpRequests.CounterOf(meter);
        _durations = MetricDefinitions.HttpRequestDuration.HistogramOf(meter);
    }

    /// <summary>Returns at once, never throws, and may be called by several at once.</summary>
    /// <param name="route">One of <see cref="Routes"/>; anything else, the path itself too, is counted as other.</param>
    /// <param name="method">As it was sent.</param>
    /// <param name="code">The status of the answer, from 100 to 599; anything else is counted as other.</param>
    /// <param name="took">From the request to the end of its answer.</param>
    public void Answered(string? route, string method, int code, TimeSpan took)
    {
        KeyValuePair<string, object?> known = ServiceMetrics.Tag("route", route is not null && Routes.Contains(route) ? route : Other);
        KeyValuePair<string, object?> by = ServiceMetrics.Tag("method", Methods.Contains(method) ? method : Other);
        _requests.Add(1, known, by, ServiceMetrics.Tag("code", CodeOf(code)));
        _durations.Record(took.TotalSeconds, known);
    }

    private static string CodeOf(int code) => code is >= 100 and <= 599 ? code.ToString(CultureInfo.InvariantCulture) : Other;
}
