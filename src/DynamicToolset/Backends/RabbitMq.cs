using static DynamicToolset.Backends.SampleResponse;

namespace DynamicToolset.Backends;

/// <summary>RabbitMQ, by its management API (https://www.rabbitmq.com/docs/http-api-reference).</summary>
internal static class RabbitMq
{
    private const string Purpose =
        "RabbitMQ passes messages between the services of this cluster. Ask it when messages are late or lost: which queues grow and which have no consumers,"
        + " whether its nodes are short of memory or disk, and whether the cluster has come apart.";

    /// <summary>
    /// In the toolset of HolmesGPT's own credentials are items of a list, where releases before 0.25 fill in no reference: what cannot have its credentials
    /// there has tools of its own, to which the shell gives them.
    /// </summary>
    private static readonly HolmesForm Management = new HolmesForm.Commands(
        "The RabbitMQ that passes messages between services of this cluster",
        Purpose + " {overview} and {list_nodes} are about RabbitMQ itself, {list_alarms} says whether it holds publishers back,"
        + " {list_queues} shows the longest queues, {list_consumers} who takes from them.",
        new("overview", "Shows the versions, totals and rates of RabbitMQ.", new("/api/overview")),
        new(
            "list_nodes",
            "Lists the nodes of RabbitMQ with their memory, disk and partitions.",
            new("/api/nodes", ("columns", "name,running,mem_used,mem_limit,mem_alarm,disk_free,disk_free_alarm,partitions,uptime"))),
        new("list_alarms", "Tells whether RabbitMQ is short of memory or disk, and holds publishers back.", new("/api/health/checks/alarms")),
        new(
            "list_queues",
            "Lists the queues of RabbitMQ, the longest first.",
            new(
                "/api/queues",
                ("page", "1"),
                ("page_size", "{{ count }}"),
                ("sort", "messages"),
                ("sort_reverse", "true"),
                ("name", "{{ name }}"),
                ("columns", "name,vhost,state,type,consumers,messages,messages_ready,messages_unacknowledged")),
            new HolmesForm.Parameter("count", "At most so many queues, such as 50; no more than 500."),
            new HolmesForm.Parameter("name", "Only queues with this in their name; an empty text for any.")),
        new(
            "list_consumers",
            "Lists the consumers of the queues of RabbitMQ.",
            new("/api/consumers", ("columns", "queue.name,queue.vhost,consumer_tag,active,prefetch_count,channel_details.peer_host"))));

    private static readonly HolmesForm Core = new HolmesForm.BuiltIn(
        "rabbitmq/core", "api_url", Purpose, ("timeout", "timeout_seconds"))
    { List = new("clusters", "id"), Slash = HolmesForm.SlashAtEnd.BehindAPath };

    public static BackendKind Kind { get; } = new("rabbitmq", [Management], [Core], Answer)
    {
        UrlKeys = ["management_url", "api_url", "url"],
        TakesUser = true,
    };

    private static SampleResponse Answer(string path) => path switch
    {
        "/" => new(200, Html, "<!DOCTYPE html>\n<html><head><title>RabbitMQ Management</title></head></html>\n"),
        "/api/auth" => new(200, Json, """{"oauth_enabled":false}"""),
        _ when path.StartsWith("/api/", StringComparison.Ordinal) => new(
            401, Json, """{"error":"not_authorized","reason":"Login failed"}""", ("WWW-Authenticate", "Basic realm=\"RabbitMQ Management\"")),
        _ => new(404, Json, """{"error":"Object Not Found","reason":"Not Found"}"""),
    };
}
