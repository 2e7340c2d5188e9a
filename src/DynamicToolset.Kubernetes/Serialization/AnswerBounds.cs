using DynamicToolset.Cluster;
using DynamicToolset.Messages;

namespace DynamicToolset.Kubernetes.Serialization;

/// <summary>
/// How much is held of each kind of answer of the API server. Lists and watches are read as they come, whatever their length, and of the answer to
/// an Event nothing is read but its status.
/// </summary>
public static class AnswerBounds
{
    private const int KiB = 1024;
    private const int MiB = 1024 * KiB;
    private const string Fails = "the request fails and is repeated; the data from before stay";

    /// <summary>
    /// Beside what counts for <see cref="ServiceBounds.Json"/> there is the status, and the type of the event around it. What is longer is followed
    /// to its end and not held.
    /// </summary>
    public static Bound Service { get; } = new(
        "a Service in a list or a watch", ServiceBounds.Json.Most + (64 * KiB), "bytes as JSON", "the Service is refused as above; the others are read");

    /// <summary>An annotation may have 256 KiB, of which each byte may be written with six.</summary>
    public static Bound Token { get; } = new("a text in an answer", 2 * MiB, "bytes", Fails);

    /// <summary>The API server keeps 1 MiB of data, of which each byte may be written with six, and half a MiB beside it.</summary>
    public static Bound ConfigMap { get; } = new("the ConfigMap", 10 * MiB, "bytes", Fails);

    public static Bound Deployment { get; } = new("the Deployment", 4 * MiB, "bytes", "the request fails and is repeated; the owner is unknown");

    public static Bound Lease { get; } = new("the Lease", 4 * MiB, "bytes", Fails);

    public static Bound ListMetadata { get; } = new("the metadata of a list", 64 * KiB, "bytes", Fails);

    /// <summary>It repeats the question, whose token has 16 KiB at most, and names the groups of a person.</summary>
    public static Bound Review { get; } = new("a review of a token or of a right", 128 * KiB, "bytes", "the request fails, and the caller gets a 503");

    public static Bound Version { get; } = new("the answer to /version", 64 * KiB, "bytes", "the request fails");

    public static Bound Refusal { get; } = new("a refusal", 64 * KiB, "bytes", "its status code is reported without its text");
}
