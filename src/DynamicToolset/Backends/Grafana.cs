using DynamicToolset.Values;
using static DynamicToolset.Backends.SampleResponse;

namespace DynamicToolset.Backends;

internal static class Grafana
{
    private static readonly HolmesForm.BuiltIn Dashboards = new(
        "grafana/dashboards",
        "url",
        "Search Grafana's dashboards by name or tag to learn what the people of this cluster look at, read the one that fits, and run the queries"
        + " of its panels with the toolset of their data source.",
        ("timeout", "timeout_seconds"),
        ("apiKey", "api_key"))
    { Slash = HolmesForm.SlashAtEnd.BehindAPath, HealthcheckBehindSlash = "api/health", HasOwnInstructions = true };

    /// <summary>Instances are checked one after another, within one short time for all of them.</summary>
    private static readonly ToolsetValue.Map Impatience =
        ToolsetValue.Map.Of(("timeout_seconds", new ToolsetValue.Number("10")), ("max_retries", new ToolsetValue.Number("1")));

    public static BackendKind Kind { get; } = new(
        "grafana",
        [Dashboards],
        [Dashboards with { UrlKey = "api_url", Slash = HolmesForm.SlashAtEnd.Always, HealthcheckBehindSlash = null, Defaults = Impatience }],
        Answer)
    {
        UrlKeys = ["api_url", "url"],
        CredentialKey = "apiKey",
        Nicknames = ["grafana-dashboards"],
    };

    // https://grafana.com/docs/grafana/latest/developers/http_api/other/#health-api
    private static SampleResponse Answer(string path) => path switch
    {
        "/" => new(302, Html, "<a href=\"/login\">Found</a>.\n\n", ("Location", "/login")),
        "/login" => new(200, Html, "<!DOCTYPE html><html lang=\"en-US\"><head><title>Grafana</title></head></html>\n"),
        "/api/health" => new(200, "application/json; charset=UTF-8", "{\n  \"database\": \"ok\",\n  \"version\": \"12.1.0\",\n  \"commit\": \"84bf0daff9\"\n}"),
        "/healthz" => new(200, Plain, "Ok"),
        "/api/search" => new(401, Json, """{"extra":null,"message":"Unauthorized","messageId":"auth.unauthorized","statusCode":401,"traceID":""}"""),
        _ when path.StartsWith("/api/", StringComparison.Ordinal) => new(404, Json, """{"accessErrorId":"","message":"Not found","title":""}"""),
        _ => new(404, Html, "<!DOCTYPE html><html lang=\"en-US\"><head><title>Grafana</title></head></html>\n"),
    };
}
