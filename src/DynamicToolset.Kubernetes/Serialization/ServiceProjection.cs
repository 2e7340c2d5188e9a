using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using DynamicToolset.Cluster;
using DynamicToolset.Messages;

namespace DynamicToolset.Kubernetes.Serialization;

/// <summary>
/// Service, https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/, to <see cref="ServiceRecord"/>. Of one that is beyond a
/// bound nothing more is made from there on.
/// </summary>
internal sealed class ServiceProjection(StringCache strings) : Projection<ServiceRecord>
{
    /// <summary>In bytes: no prefix of our annotations is longer.</summary>
    private const int LongestPrefix = 32;

    public override string ListKind => "ServiceList";

    public override string VersionOf(ServiceRecord item) => item.ResourceVersion;

    public override Bound Longest => AnswerBounds.Service;

    public override ServiceRecord Refuse(in ReadOnlySequence<byte> beginning) => Refused(ObjectMetadata.ReadBeginning(beginning, strings), Longest);

    public override (Action<ServiceRecord> Keep, Func<ImmutableArray<ServiceRecord>> Kept) Gather()
    {
        var shares = new ServiceShares();
        return (shares.Add, shares.ToImmutable);
    }

    protected override ServiceRecord Read(ref Utf8JsonReader reader)
    {
        var fields = new Fields();
        while (JsonObjects.NextProperty(ref reader))
        {
            long start = reader.BytesConsumed;
            if (reader.ValueTextEquals("metadata"u8))
                ReadMetadata(ref reader, ref fields);
            else if (reader.ValueTextEquals("spec"u8))
                ReadSpec(ref reader, ref fields);
            else
                SkipUncounted(ref reader, ref start);
            fields.Size += reader.BytesConsumed - start;
        }

        return Keep(fields);
    }

    // In a list an object lacks its kind, and in a watch it has it: only what is in both counts.
    private static void SkipUncounted(ref Utf8JsonReader reader, ref long start)
    {
        JsonObjects.SkipValue(ref reader);
        start = reader.BytesConsumed;
    }

    private static ServiceRecord Keep(in Fields fields)
    {
        ObjectMetadata metadata = fields.Metadata;
        if (fields.Size > ServiceBounds.Json.Most)
            return Refused(metadata, ServiceBounds.Json);
        if (fields.Beyond is { } bound)
            return Refused(metadata, bound);
        var service = new ServiceRecord(
            metadata.Key, metadata.Uid ?? "", metadata.ResourceVersion, KindOf(fields), fields.Labels, fields.Annotations, fields.Ports, fields.Selector)
        {
            IsControlled = fields.IsControlled,
        };
        return ServiceBounds.CostOf(service) > ServiceBounds.Memory.Most ? service.Refuse(ServiceBounds.Memory) : service;
    }

    private static ServiceRecord Refused(in ObjectMetadata metadata, Bound bound) =>
        ServiceRecord.Refused(metadata.Key, metadata.Uid ?? "", metadata.ResourceVersion, bound);

    private void ReadMetadata(ref Utf8JsonReader reader, ref Fields fields)
    {
        if (!JsonObjects.Enter(ref reader, JsonTokenType.StartObject))
            return;
        while (JsonObjects.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("labels"u8))
                fields.Labels = ReadPairs(ref reader, ref fields, ServiceBounds.Labels);
            else if (reader.ValueTextEquals("annotations"u8))
                fields.Annotations = ReadPairs(ref reader, ref fields, ServiceBounds.Annotations);
            else if (reader.ValueTextEquals("ownerReferences"u8))
                fields.IsControlled = ReadOwners(ref reader);
            else if (!fields.Metadata.TryRead(ref reader, strings))
                JsonObjects.SkipValue(ref reader);
        }
    }

    private static bool ReadOwners(ref Utf8JsonReader reader)
    {
        if (!JsonObjects.Enter(ref reader, JsonTokenType.StartArray))
            return false;
        bool isControlled = false;
        int depth = reader.CurrentDepth;
        while (reader.Read() && !(reader.TokenType == JsonTokenType.EndArray && reader.CurrentDepth == depth))
        {
            bool isController = reader.CurrentDepth == depth + 2 && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("controller"u8);
            isControlled |= isController && reader.Read() && reader.TokenType == JsonTokenType.True;
        }

        return isControlled;
    }

    private void ReadSpec(ref Utf8JsonReader reader, ref Fields fields)
    {
        if (!JsonObjects.Enter(ref reader, JsonTokenType.StartObject))
            return;
        while (JsonObjects.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("type"u8))
                fields.Type = Text(ref reader, ref fields);
            else if (reader.ValueTextEquals("clusterIP"u8))
                fields.IsHeadless = JsonObjects.Enter(ref reader, JsonTokenType.String) && !reader.ValueIsEscaped && reader.ValueTextEquals("None"u8);
            else if (reader.ValueTextEquals("ports"u8))
                fields.Ports = ReadPorts(ref reader, ref fields);
            else if (reader.ValueTextEquals("selector"u8))
                fields.Selector = ReadPairs(ref reader, ref fields, ServiceBounds.Selector);
            else
                JsonObjects.SkipValue(ref reader);
        }
    }

    private ImmutableArray<ServicePort> ReadPorts(ref Utf8JsonReader reader, ref Fields fields)
    {
        if (!JsonObjects.Enter(ref reader, JsonTokenType.StartArray))
            return [];
        int count = CountItems(reader);
        if (!IsWithin(ServiceBounds.Ports, count, ref fields))
        {
            reader.Skip();
            return [];
        }

        var ports = new ServicePort[count];
        for (int i = 0; i < ports.Length; i++)
        {
            reader.Read();
            ports[i] = ReadPort(ref reader, ref fields);
        }

        reader.Read();
        return ImmutableCollectionsMarshal.AsImmutableArray(ports);
    }

    private ServicePort ReadPort(ref Utf8JsonReader reader, ref Fields fields)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("a port that is no object");
        string name = "", protocol = "TCP", appProtocol = "", targetPort = "";
        int number = 0;
        while (JsonObjects.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("name"u8))
                name = Text(ref reader, ref fields);
            else if (reader.ValueTextEquals("port"u8))
                number = JsonObjects.Number(ref reader);
            else if (reader.ValueTextEquals("protocol"u8))
                protocol = Text(ref reader, ref fields);
            else if (reader.ValueTextEquals("appProtocol"u8))
                appProtocol = Text(ref reader, ref fields);
            else if (reader.ValueTextEquals("targetPort"u8))
                targetPort = TextOrDigits(ref reader, ref fields);
            else
                JsonObjects.SkipValue(ref reader);
        }

        return new ServicePort(NullIfEmpty(name), number, protocol, NullIfEmpty(appProtocol), NullIfEmpty(targetPort));
    }

    /// <param name="most">Those of annotations are without the long ones of others.</param>
    private MetadataMap ReadPairs(ref Utf8JsonReader reader, ref Fields fields, Bound most)
    {
        if (!JsonObjects.Enter(ref reader, JsonTokenType.StartObject))
            return MetadataMap.Empty;
        bool withoutLong = most == ServiceBounds.Annotations;
        int count = CountPairs(reader, withoutLong);
        if (count == 0 || !IsWithin(most, count, ref fields))
        {
            reader.Skip();
            return MetadataMap.Empty;
        }

        var pairs = new KeyValuePair<string, string>[count];
        int next = 0;
        while (JsonObjects.NextProperty(ref reader))
        {
            if (withoutLong && !IsKept(reader))
            {
                JsonObjects.SkipValue(ref reader);
                continue;
            }

            string key = Characters(ref reader, ref fields);
            pairs[next++] = new(key, Text(ref reader, ref fields));
        }

        return new MetadataMap(pairs);
    }

    private static bool IsWithin(Bound most, long amount, ref Fields fields)
    {
        if (amount > most.Most)
            fields.Beyond ??= most;
        return fields.Beyond is null;
    }

    private string Text(ref Utf8JsonReader reader, ref Fields fields) =>
        JsonObjects.Enter(ref reader, JsonTokenType.String) ? Characters(ref reader, ref fields) : "";

    private string TextOrDigits(ref Utf8JsonReader reader, ref Fields fields)
    {
        Utf8JsonReader ahead = reader;
        return ahead.Read() && ahead.TokenType == JsonTokenType.String ? Text(ref reader, ref fields) : JsonObjects.TextOrDigits(ref reader, strings);
    }

    private string Characters(ref Utf8JsonReader reader, ref Fields fields) =>
        IsWithin(ServiceBounds.Text, LengthOf(reader), ref fields) ? strings.Read(ref reader) : "";

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
        return ahead.TokenType == JsonTokenType.String && LengthOf(ahead) <= ServiceBounds.ForeignAnnotation.Most;
    }

    private static long LengthOf(in Utf8JsonReader text) => text.HasValueSequence ? text.ValueSequence.Length : text.ValueSpan.Length;

    private static bool IsOurs(ref Utf8JsonReader reader)
    {
        if (reader.ValueIsEscaped)
            return OwnAnnotation.IsOne(JsonObjects.Characters(ref reader));
        if (!reader.HasValueSequence)
            return IsOurs(reader.ValueSpan);
        Span<byte> beginning = stackalloc byte[(int)Math.Min(reader.ValueSequence.Length, LongestPrefix)];
        reader.ValueSequence.Slice(0, beginning.Length).CopyTo(beginning);
        return IsOurs(beginning);
    }

    private static bool IsOurs(ReadOnlySpan<byte> name) => name.StartsWith("kubernaut.io/"u8) || name.StartsWith("sandbox.dynamic-toolset/"u8);

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
        public bool IsControlled;

        /// <summary>Of metadata and spec, in bytes.</summary>
        public long Size;

        /// <summary>The first bound that it is beyond.</summary>
        public Bound? Beyond;
    }
}
