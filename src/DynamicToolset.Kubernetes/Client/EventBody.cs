using System.Globalization;
using System.Text.Json;

namespace DynamicToolset.Kubernetes.Client;

/// <summary>Writes Events.</summary>
internal static class EventBody
{
    public static void WriteCreation(Utf8JsonWriter json, KubeEvent content, string component)
    {
        json.WriteStartObject();
        json.WriteString("apiVersion", "v1");
        json.WriteString("kind", "Event");
        json.WriteStartObject("metadata");
        json.WriteString("name", content.Name);
        json.WriteString("namespace", content.Subject.Key.Namespace);
        json.WriteEndObject();
        json.WriteStartObject("involvedObject");
        json.WriteString("apiVersion", "v1");
        json.WriteString("kind", content.Subject.Kind);
        json.WriteString("namespace", content.Subject.Key.Namespace);
        json.WriteString("name", content.Subject.Key.Name);
        json.WriteString("uid", content.Subject.Uid);
        json.WriteEndObject();
        json.WriteString("type", "Warning");
        json.WriteString("reason", content.Reason);
        json.WriteString("message", content.Message);
        json.WriteStartObject("source");
        json.WriteString("component", component);
        json.WriteEndObject();
        json.WriteString("firstTimestamp", Time(content.First));
        json.WriteString("lastTimestamp", Time(content.Last));
        json.WriteNumber("count", content.Count);
        json.WriteEndObject();
    }

    public static void WriteRepetition(Utf8JsonWriter json, KubeEvent content)
    {
        json.WriteStartObject();
        json.WriteString("lastTimestamp", Time(content.Last));
        json.WriteNumber("count", content.Count);
        json.WriteEndObject();
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
