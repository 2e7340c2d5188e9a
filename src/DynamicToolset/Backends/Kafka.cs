using static DynamicToolset.Backends.SampleResponse;

namespace DynamicToolset.Backends;

/// <summary>Kafka, which HolmesGPT asks in Kafka's own protocol. Of it no more is known here than that it takes connections.</summary>
internal static class Kafka
{
    private static readonly HolmesForm.BuiltIn Admin = new(
        "kafka/admin",
        "broker",
        "Ask Kafka for its topics, consumer groups and their lag when messages are late: which group falls behind on which topic, and which partitions have"
        + " no leader.")
    { List = new("clusters", "name") };

    /// <summary>The newer name of the key stands beside the older one: newer releases do not translate it in an item of a list.</summary>
    public static BackendKind Kind { get; } = new(
        "kafka", [Admin with { UrlKey = "kafka_broker", List = new("kafka_clusters", "name", OtherUrlKey: "broker") }], [Admin], Answer)
    {
        UrlKeys = ["kafka_broker", "broker", "url"],
        IsTcp = true,
    };

    /// <summary>To somebody who speaks HTTP, it closes the connection. The sandbox only connects.</summary>
    private static SampleResponse Answer(string path) => new(400, Plain, "");
}
