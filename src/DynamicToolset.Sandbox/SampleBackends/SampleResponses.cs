namespace DynamicToolset.Sandbox.SampleBackends;

/// <summary>What the real products answer on the paths that discovery and a curious user ask for.</summary>
internal static class SampleResponses
{
    private const string Plain = "text/plain; charset=utf-8";
    private const string Html = "text/html; charset=utf-8";
    private const string Json = "application/json";

    public static SampleResponse Of(string type, string path) => type switch
    {
        "prometheus" => OfPrometheus(path),
        "grafana" => OfGrafana(path),
        "jaeger" => OfJaeger(path),
        "elasticsearch" => OfElasticsearch(path),
        _ => new SampleResponse(200, Plain, "ok\n"),
    };

    public static SampleResponse Unavailable { get; } = new(503, Plain, "Service Unavailable\n");

    public static SampleResponse NoSuchService { get; } = new(404, Plain, "no sample backend for this host\n");

    // https://prometheus.io/docs/prometheus/latest/management_api/ and .../querying/api/
    private static SampleResponse OfPrometheus(string path) => path switch
    {
        "/" => new(302, Html, "<a href=\"/query\">Found</a>.\n\n", ("Location", "/query")),
        "/query" => new(200, Html, "<!doctype html><html lang=\"en\"><head><title>Prometheus Time Series Collection and Processing Server</title></head></html>\n"),
        "/-/healthy" => new(200, Plain, "Prometheus Server is Healthy.\n"),
        "/-/ready" => new(200, Plain, "Prometheus Server is Ready.\n"),
        "/api/v1/status/buildinfo" => new(200, Json, """
            {"status":"success","data":{"version":"3.5.0","revision":"8be3a9560fbdd18a94dedec4b747c35178177202","branch":"HEAD","buildUser":"root@sandbox","buildDate":"20250714-16:15:23","goVersion":"go1.24.5"}}
            """),
        "/api/v1/query" => new(200, Json, """{"status":"success","data":{"resultType":"vector","result":[]}}"""),
        _ => new(404, Plain, "404 page not found\n"),
    };

    // https://grafana.com/docs/grafana/latest/developers/http_api/other/#health-api
    private static SampleResponse OfGrafana(string path) => path switch
    {
        "/" => new(302, Html, "<a href=\"/login\">Found</a>.\n\n", ("Location", "/login")),
        "/login" => new(200, Html, "<!DOCTYPE html><html lang=\"en-US\"><head><title>Grafana</title></head></html>\n"),
        "/api/health" => new(200, "application/json; charset=UTF-8", "{\n  \"database\": \"ok\",\n  \"version\": \"12.1.0\",\n  \"commit\": \"84bf0daff9\"\n}"),
        "/healthz" => new(200, Plain, "Ok"),
        "/api/search" => new(401, Json, """{"extra":null,"message":"Unauthorized","messageId":"auth.unauthorized","statusCode":401,"traceID":""}"""),
        _ when path.StartsWith("/api/", StringComparison.Ordinal) => new(404, Json, """{"accessErrorId":"","message":"Not found","title":""}"""),
        _ => new(404, Html, "<!DOCTYPE html><html lang=\"en-US\"><head><title>Grafana</title></head></html>\n"),
    };

    // https://www.jaegertracing.io/docs/latest/architecture/apis/; the UI routes in the browser, so any other path is its page.
    private static SampleResponse OfJaeger(string path) => path switch
    {
        "/api/services" => new(200, Json, """{"data":["checkout","frontend"],"total":2,"limit":0,"offset":0,"errors":null}"""),
        "/api/traces" => new(400, Json, """{"data":null,"total":0,"limit":0,"offset":0,"errors":[{"code":400,"msg":"parameter 'service' is required"}]}"""),
        _ => new(200, Html, "<!doctype html><html lang=\"en\"><head><title>Jaeger UI</title></head><body><div id=\"jaeger-ui-root\"></div></body></html>\n"),
    };

    // https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-cluster-health
    private static SampleResponse OfElasticsearch(string path) => path switch
    {
        "/" => Elastic(200, """
            {
              "name" : "elasticsearch-0",
              "cluster_name" : "elasticsearch",
              "cluster_uuid" : "c2FuZGJveC1jbHVzdGVyAA",
              "version" : {
                "number" : "8.19.0",
                "build_flavor" : "default",
                "build_type" : "docker",
                "build_hash" : "93788a8c2882eb5b606510680fac214cff1c7a22",
                "build_date" : "2025-07-23T22:10:18.138215839Z",
                "build_snapshot" : false,
                "lucene_version" : "9.12.2",
                "minimum_wire_compatibility_version" : "7.17.0",
                "minimum_index_compatibility_version" : "7.0.0"
              },
              "tagline" : "You Know, for Search"
            }

            """),
        "/_cluster/health" => Elastic(200, """
            {"cluster_name":"elasticsearch","status":"green","timed_out":false,"number_of_nodes":1,"number_of_data_nodes":1,"active_primary_shards":1,"active_shards":1,"relocating_shards":0,"initializing_shards":0,"unassigned_shards":0,"unassigned_primary_shards":0,"delayed_unassigned_shards":0,"number_of_pending_tasks":0,"number_of_in_flight_fetch":0,"task_max_waiting_in_queue_millis":0,"active_shards_percent_as_number":100.0}
            """),
        // Any other name is taken for that of an index.
        _ => Elastic(404, """{"error":{"root_cause":[{"type":"index_not_found_exception","reason":"no such index"}],"type":"index_not_found_exception","reason":"no such index"},"status":404}"""),
    };

    private static SampleResponse Elastic(int status, string body) => new(status, Json, body, ("X-elastic-product", "Elasticsearch"));
}

/// <summary>One answer of a sample backend.</summary>
/// <param name="Headers">Beside the content type.</param>
internal sealed record SampleResponse(int Status, string ContentType, string Body, params (string Name, string Value)[] Headers);
