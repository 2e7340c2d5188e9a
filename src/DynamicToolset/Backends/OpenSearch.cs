using DynamicToolset.Capabilities;
using static DynamicToolset.Backends.SampleResponse;

namespace DynamicToolset.Backends;

/// <summary>
/// Its toolset of HolmesGPT's, opensearch/status, went in 0.18.2; the newer elasticsearch/data, which asks it too, is one entry for both products, and
/// that is the other one's.
/// </summary>
internal static class OpenSearch
{
    private static readonly HolmesForm Search = Elasticsearch.SearchOf("OpenSearch");

    public static BackendKind Kind { get; } = new("opensearch", [Search], [Search], Answer)
    {
        TakesUser = true,
        Capabilities = [new(IndexNames.Path, IndexNames.Read)],
    };

    // https://docs.opensearch.org/latest/api-reference/cluster-api/cluster-health/
    private static SampleResponse Answer(string path) => path switch
    {
        "/" => new(200, Json, """
            {
              "name" : "opensearch-cluster-master-0",
              "cluster_name" : "opensearch-cluster",
              "cluster_uuid" : "c2FuZGJveC1vcGVuc2VhcmNo",
              "version" : {
                "distribution" : "opensearch",
                "number" : "3.1.0",
                "build_type" : "tar",
                "build_hash" : "8ff7c6ee924a49f0f59f80a6e1c73073c8904214",
                "build_date" : "2025-06-21T08:05:43.345081313Z",
                "build_snapshot" : false,
                "lucene_version" : "10.2.1",
                "minimum_wire_compatibility_version" : "2.19.0",
                "minimum_index_compatibility_version" : "2.0.0"
              },
              "tagline" : "The OpenSearch Project: https://opensearch.org/"
            }

            """),
        "/_cluster/health" => new(200, Json, """
            {"cluster_name":"opensearch-cluster","status":"green","timed_out":false,"number_of_nodes":1,"number_of_data_nodes":1,"discovered_master":true,"discovered_cluster_manager":true,"active_primary_shards":1,"active_shards":1,"relocating_shards":0,"initializing_shards":0,"unassigned_shards":0,"delayed_unassigned_shards":0,"number_of_pending_tasks":0,"number_of_in_flight_fetch":0,"task_max_waiting_in_queue_millis":0,"active_shards_percent_as_number":100.0}
            """),
        "/_cat/indices" => new(200, Json, """[{"index":"otel-logs-2025.07.14","docs.count":"48211"},{"index":".plugins-ml-config","docs.count":"1"}]"""),
        // Any other name is taken for that of an index.
        _ => new(404, Json, """{"error":{"root_cause":[{"type":"index_not_found_exception","reason":"no such index"}],"type":"index_not_found_exception","reason":"no such index"},"status":404}"""),
    };
}
