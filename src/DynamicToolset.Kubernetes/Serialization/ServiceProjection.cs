using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using DynamicToolset.Cluster;

namespace DynamicToolset.Kubernetes.Serialization;

/// <summary>Service, https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/, to <see cref="ServiceRecord"/>.</summary>
internal sealed class ServiceProjection(StringCache strings) : Projection<ServiceRecord>
{
    // Rules look at marks of others, such as the name of a certificate. What is longer is a document for another program, most of all
    // the last applied configuration, and makes up the greater part of many Services.
    private const int LongestForeignAnnotation = 128;

    public override string ListKind => "ServiceList";

    public override string VersionOf(ServiceRecord item) => item.ResourceVersion;

    protected override ServiceRecord Read(ref Utf8JsonReader reader)
    {
        var fields = new Fields();
        while (JsonObjects.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("metadata"u8))
                ReadMetadata(ref reader, ref fields);
            else if (reader.ValueTextEquals("spec"u8))
                ReadSpec(ref reader, ref fields);
            else
                JsonObjects.SkipValue(ref reader);
        }

        ObjectMetadata metadata = fields.Metadata;
        return new ServiceRecord(
            metadata.Key, metadata.Uid ?? "", metadata.ResourceVersion, KindOf(fields), fields.Labels, fields.Annotations, fields.Ports, fields.Selector);
    }

    private void ReadMetadata(ref Utf8JsonReader reader, ref Fields fields)
    {
        if (!JsonObjects.Enter(ref reader, JsonTokenType.StartObject))
            return;
        while (JsonObjects.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("labels"u8))
                fields.Labels = ReadPairs(ref reader, withoutLong: false);
            else if (reader.ValueTextEquals("annotations"u8))
                fields.Annotations = ReadPairs(ref reader, withoutLong: true);
            else if (!fields.Metadata.TryRead(ref reader, strings))
                JsonObjects.SkipValue(ref reader);
        }
    }

    private void ReadSpec(ref Utf8JsonReader reader, ref Fields fields)
    {
        if (!JsonObjects.Enter(ref reader, JsonTokenType.StartObject))
            return;
        while (JsonObjects.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("type"u8))
                fields.Type = JsonObjects.Text(ref reader, strings);
            else if (reader.ValueTextEquals("clusterIP"u8))
                fields.IsHeadless = JsonObjects.Enter(ref reader, JsonTokenType.String) && !reader.ValueIsEscaped && reader.ValueTextEquals("None"u8);
            else if (reader.ValueTextEquals("ports"u8))
                fields.Ports = ReadPorts(ref reader);
            else if (reader.ValueTextEquals("selector"u8))
                fields.Selector = ReadPairs(ref reader, withoutLong: false);
            else
                JsonObjects.SkipValue(ref reader);
        }
    }

    private ImmutableArray<ServicePort> ReadPorts(ref Utf8JsonReader reader)
    {
        if (!JsonObjects.Enter(ref reader, JsonTokenType.StartArray))
            return [];
        var ports = new ServicePort[CountItems(reader)];
        for (int i = 0; i < ports.Length; i++)
        {
            reader.Read();
            ports[i] = ReadPort(ref reader);
        }

        reader.Read();
        return ImmutableCollectionsMarshal.AsImmutableArray(ports);
    }

    private ServicePort ReadPort(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("a port that is no object");
        string name = "", protocol = "TCP", appProtocol = "", targetPort = "";
        int number = 0;
        while (JsonObjects.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("name"u8))
                name = JsonObjects.Text(ref reader, strings);
            else if (reader.ValueTextEquals("port"u8))
                number = JsonObjects.Number(ref reader);
            else if (reader.ValueTextEquals("protocol"u8))
                protocol = JsonObjects.Text(ref reader, strings);
            else if (reader.ValueTextEquals("appProtocol"u8))
                appProtocol = JsonObjects.Text(ref reader, strings);
            else if (reader.ValueTextEquals("targetPort"u8))
                targetPort = JsonObjects.TextOrDigits(ref reader, strings);
            else
                JsonObjects.SkipValue(ref reader);
        }

        return new ServicePort(NullIfEmpty(name), number, protocol, NullIfEmpty(appProtocol), NullIfEmpty(targetPort));
    }

    private MetadataMap ReadPairs(ref Utf8JsonReader reader, bool withoutLong)
    {
        if (!JsonObjects.Enter(ref reader, JsonTokenType.StartObject))
            return MetadataMap.Empty;
        int count = CountPairs(reader, withoutLong);
        var pairs = count == 0 ? [] : new KeyValuePair<string, string>[count];
        int next = 0;
        while (JsonObjects.NextProperty(ref reader))
        {
            if (withoutLong && !IsKept(reader))
            {
                JsonObjects.SkipValue(ref reader);
                continue;
            }

            string key = strings.Read(ref reader);
            pairs[next++] = new(key, JsonObjects.Text(ref reader, strings));
        }

        return count == 0 ? MetadataMap.Empty : new MetadataMap(pairs);
    }

    // A copy of the reader looks ahead: arrays of the right length at once, instead of lists that grow and are thrown away.
    private static int CountPairs(Utf8JsonReader ahead, bool withoutLong)
    {
        int count = 0;
        while (JsonObjects.NextProperty(ref ahead))
        {
            if (!withoutLong || IsKept(ahead))
                count++;
            JsonObjects.SkipValue(ref ahead);
        }

        return count;
    }

    private static int CountItems(Utf8JsonReader ahead)
    {
        int count = 0;
        while (ahead.Read() && ahead.TokenType != JsonTokenType.EndArray)
        {
            ahead.Skip();
            count++;
        }

        return count;
    }

    private static bool IsKept(Utf8JsonReader ahead)
    {
        if (IsOurs(ref ahead))
            return true;
        ahead.Read();
        return ahead.TokenType == JsonTokenType.String && LengthOf(ahead) <= LongestForeignAnnotation;
    }

    private static long LengthOf(in Utf8JsonReader text) => text.HasValueSequence ? text.ValueSequence.Length : text.ValueSpan.Length;

    private static bool IsOurs(ref Utf8JsonReader reader)
    {
        if (reader.HasValueSequence || reader.ValueIsEscaped)
            return IsOurs(JsonObjects.Characters(ref reader));
        return reader.ValueSpan.StartsWith("kubernaut.io/"u8) || reader.ValueSpan.StartsWith("sandbox.dynamic-toolset/"u8);
    }

    private static bool IsOurs(string key) =>
        key.StartsWith("kubernaut.io/", StringComparison.Ordinal) || key.StartsWith("sandbox.dynamic-toolset/", StringComparison.Ordinal);

    private static ServiceKind KindOf(in Fields fields) => fields.Type switch
    {
        "ExternalName" => ServiceKind.ExternalName,
        "NodePort" => ServiceKind.NodePort,
        "LoadBalancer" => ServiceKind.LoadBalancer,
        _ => fields.IsHeadless ? ServiceKind.Headless : ServiceKind.ClusterIP,
    };

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    private struct Fields()
    {
        public ObjectMetadata Metadata;
        public MetadataMap Labels = MetadataMap.Empty;
        public MetadataMap Annotations = MetadataMap.Empty;
        public MetadataMap Selector = MetadataMap.Empty;
        public ImmutableArray<ServicePort> Ports = [];
        public string Type = "";
        public bool IsHeadless;
    }
}
