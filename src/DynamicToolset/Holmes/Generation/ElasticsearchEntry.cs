using System.Collections.Immutable;

namespace DynamicToolset.Holmes.Generation;

/// <summary>
/// Elasticsearch for the releases of 2025, which have no toolset for it
/// (https://www.elastic.co/docs/api/doc/elasticsearch/group/endpoint-search).
/// </summary>
internal static class ElasticsearchEntry
{
    public static DraftEntry? Write(Backend backend, DiscoveredName name)
    {
        if (CommandEntry.TryBegin(backend, name) is not { } entry)
            return null;
        entry.LeaveOut(entry.Options.Rest);
        return entry.Write(
            $"What Elasticsearch keeps of this cluster, mostly logs: {backend.Place}.",
            "Elasticsearch keeps documents of this cluster, mostly logs, and those that are older than what a pod still shows."
            + $" Call {name.Tool("list_indices")} first, then {name.Tool("search")} with the index or pattern that fits."
            + $" {name.Tool("cluster_health")} tells whether Elasticsearch itself is well. It is {backend.Place}.",
            Tools(entry.Curl, entry.Url, name));
    }

    private static ImmutableArray<CommandTool> Tools(CurlCommand curl, PlainUrl url, DiscoveredName name) =>
    [
        new(name.Tool("cluster_health"), "Shows the health of the Elasticsearch cluster itself.", curl.Get(url.Below("/_cluster/health")!)),
        new(
            name.Tool("list_indices"),
            "Lists the indices of Elasticsearch with their health, number of documents and size.",
            curl.Query(url.Below("/_cat/indices")!, ("v", "true"), ("s", "index"))),
        new(
            name.Tool("search"),
            "Searches documents in Elasticsearch.",
            curl.QueryBelow(
                url,
                "{{ index }}'/_search'",
                ("q", "{{ query }}"),
                ("size", "{{ size }}"),
                ("sort", "{{ sort }}")),
            new ToolParameter("index", "An index, or a pattern such as logs-*, or _all."),
            new ToolParameter("query", "In Lucene's syntax, such as level:error AND kubernetes.namespace:shop; * for all."),
            new ToolParameter("size", "At most so many documents, such as 20."),
            new ToolParameter("sort", "A field and a direction, such as @timestamp:desc; _score where there is no time.")),
    ];
}
