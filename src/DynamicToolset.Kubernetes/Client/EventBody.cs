using System.Globalization;
using DynamicToolset.Cluster;

namespace DynamicToolset.Kubernetes.Client;

/// <summary>Event, as it is sent: all of it to make one, and what has changed to repeat it.</summary>
internal sealed record EventBody(
    string LastTimestamp,
    int Count,
    string? FirstTimestamp = null,
    string? ApiVersion = null,
    string? Kind = null,
    ObjectReference? Metadata = null,
    ObjectReference? InvolvedObject = null,
    string? Type = null,
    string? Reason = null,
    string? Message = null,
    EventSource? Source = null,
    string? ReportingComponent = null)
{
    public static KubeBody Creation(KubeEvent content)
    {
        (string kind, ObjectKey key, string uid) = content.Subject;
        var body = new EventBody(
            Time(content.Last),
            content.Count,
            Time(content.First),
            "v1",
            "Event",
            new ObjectReference(content.Name, key.Namespace),
            new ObjectReference(key.Name, key.Namespace, "v1", kind, uid),
            content.IsNormal ? "Normal" : "Warning",
            content.Reason,
            content.Message,
            new EventSource(FieldManager.Ours),
            FieldManager.Ours);
        return KubeBody.Of("application/json", body, KubeJson.Default.EventBody);
    }

    public static KubeBody Repetition(KubeEvent content) =>
        KubeBody.Of("application/merge-patch+json", new EventBody(Time(content.Last), content.Count), KubeJson.Default.EventBody);

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}

internal sealed record ObjectReference(string Name, string Namespace, string? ApiVersion = null, string? Kind = null, string? Uid = null);

internal sealed record EventSource(string Component);
