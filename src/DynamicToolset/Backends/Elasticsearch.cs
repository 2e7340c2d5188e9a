using DynamicToolset.Capabilities;
using static DynamicToolset.Backends.SampleResponse;

namespace DynamicToolset.Backends;

internal static class Elasticsearch
{
    private static readonly HolmesForm Search = SearchOf("Elasticsearch");

    private static readonly HolmesForm Data = BuiltIn(
        "elasticsearch/data",
        "Search what Elasticsearch keeps of this cluster, mostly logs, and those that are older than what a pod still shows."
        + " List the indices and look at the fields of one before you search it.");

    private static readonly HolmesForm Cluster = BuiltIn(
        "elasticsearch/cluster",
        "Ask it for the state of Elasticsearch itself when searches fail or logs are missing: the health of the cluster, its nodes, shards and"
        + " indices.");

    public static BackendKind Kind { get; } = new("elasticsearch", [Search], [Data, Cluster], Answer)
    {
        UrlKeys = ["api_url", "url"],
        ApiKeyScheme = "ApiKey",
        CredentialKey = "apiKey",
        Nicknames = ["es", "elasticsearch-data"],
        Capabilities = [new(IndexNames.Path, IndexNames.Read)],
    };

    /// <summary>
    /// For releases that have no toolset for it (https://www.elastic.co/docs/api/doc/elasticsearch/group/endpoint-search).
    /// </summary>
    /// <param name="product">Whose API it is: that of Elasticsearch, or of one that parted from it and kept it.</param>
    internal static HolmesForm.Commands SearchOf(string product) => new(
        $"What {product} keeps of this cluster, mostly logs",
        $"{product} keeps documents of this cluster, mostly logs, and those that are older than what a pod still shows."
        + " Call {list_indices} first, then {search} with the index or pattern that fits."
        + $" {{cluster_health}} tells whether {product} itself is well.",
        new("cluster_health", $"Shows the health of the {product} cluster itself.", new("/_cluster/health")),
        new(
            "list_indices",
            $"Lists the indices of {product} with their health, number of documents and size.",
            new("/_cat/indices", ("v", "true"), ("s", "index"))),
        new(
            "search",
            $"Searches documents in {product}.",
            new("", ("q", "{{ query }}"), ("size", "{{ size }}"), ("sort", "{{ sort }}")) { Tail = "\"${index-}\"'/_search'" },
            new HolmesForm.Parameter("index", "An index, or a pattern such as logs-*, or _all.", HolmesForm.ParameterKind.Step),
            new HolmesForm.Parameter(
                "query", "In Lucene's syntax, such as level:error AND kubernetes.namespace:shop AND @timestamp:[now-1h TO now]; * for all."),
            new HolmesForm.Parameter("size", "At most so many documents, such as 20."),
            new HolmesForm.Parameter("sort", "A field and a direction, such as @timestamp:desc; _score where there is no time.")));

    private static HolmesForm.BuiltIn BuiltIn(string toolset, string instructions) =>
        new(toolset, "api_url", instructions, ("timeout", "timeout_seconds"), ("apiKey", "api_key"));

    // https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-cluster-health
    private static SampleResponse Answer(string path) => path switch
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
        "/_cat/indices" => Elastic(200, """[{"index":"logs-app-2025.07.23","docs.count":"1250034"},{"index":"logs-app-2025.07.22","docs.count":"1191820"},{"index":".kibana_1","docs.count":"12"}]"""),
        // Any other name is taken for that of an index.
        _ => Elastic(404, """{"error":{"root_cause":[{"type":"index_not_found_exception","reason":"no such index"}],"type":"index_not_found_exception","reason":"no such index"},"status":404}"""),
    };

    private static SampleResponse Elastic(int status, string body) => new(status, Json, body, ("X-elastic-product", "Elasticsearch"));
}
