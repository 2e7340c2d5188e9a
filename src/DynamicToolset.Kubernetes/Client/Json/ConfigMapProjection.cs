using System.Collections.Immutable;
using System.Text.Json;
using DynamicToolset.Reconciliation;

namespace DynamicToolset.Kubernetes.Client.Json;

/// <summary>
/// ConfigMap, https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/config-map-v1/, to
/// <see cref="ConfigMapRecord"/>. Binary data are known by their keys only.
/// </summary>
internal sealed class ConfigMapProjection(StringCache strings) : Projection<ConfigMapRecord>
{
    private static readonly ImmutableSortedDictionary<string, string> NoPairs = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
    private static readonly ImmutableSortedSet<string> NoKeys = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    public override string ListKind => "ConfigMapList";

    public override string VersionOf(ConfigMapRecord item) => item.ResourceVersion;

    protected override ConfigMapRecord Read(ref Utf8JsonReader reader)
    {
        var fields = new Fields();
        while (JsonObjects.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("metadata"u8))
                ReadMetadata(ref reader, ref fields);
            else if (reader.ValueTextEquals("data"u8))
                fields.Data = ReadPairs(ref reader);
            else if (reader.ValueTextEquals("binaryData"u8))
                fields.BinaryDataKeys = ReadKeys(ref reader);
            else if (reader.ValueTextEquals("immutable"u8))
                fields.Immutable = JsonObjects.IsTrue(ref reader);
            else
                JsonObjects.SkipValue(ref reader);
        }

        ObjectMetadata metadata = fields.Metadata;
        return new ConfigMapRecord(
            metadata.Key,
            metadata.Uid ?? "",
            metadata.ResourceVersion,
            fields.Immutable,
            fields.Labels,
            fields.Annotations,
            fields.Data,
            fields.BinaryDataKeys,
            fields.Managers);
    }

    private void ReadMetadata(ref Utf8JsonReader reader, ref Fields fields)
    {
        if (!JsonObjects.Enter(ref reader, JsonTokenType.StartObject))
            return;
        while (JsonObjects.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("labels"u8))
                fields.Labels = ReadPairs(ref reader);
            else if (reader.ValueTextEquals("annotations"u8))
                fields.Annotations = ReadPairs(ref reader);
            else if (reader.ValueTextEquals("managedFields"u8))
                fields.Managers = ReadManagers(ref reader);
            else if (!fields.Metadata.TryRead(ref reader, strings))
                JsonObjects.SkipValue(ref reader);
        }
    }

    private static ImmutableSortedDictionary<string, string> ReadPairs(ref Utf8JsonReader reader)
    {
        if (!JsonObjects.Enter(ref reader, JsonTokenType.StartObject))
            return NoPairs;
        ImmutableSortedDictionary<string, string>.Builder pairs = NoPairs.ToBuilder();
        while (JsonObjects.NextProperty(ref reader))
        {
            string key = JsonObjects.Characters(ref reader);
            pairs[key] = JsonObjects.Text(ref reader);
        }

        return pairs.ToImmutable();
    }

    private static ImmutableSortedSet<string> ReadKeys(ref Utf8JsonReader reader)
    {
        if (!JsonObjects.Enter(ref reader, JsonTokenType.StartObject))
            return NoKeys;
        ImmutableSortedSet<string>.Builder keys = NoKeys.ToBuilder();
        while (JsonObjects.NextProperty(ref reader))
        {
            keys.Add(JsonObjects.Characters(ref reader));
            JsonObjects.SkipValue(ref reader);
        }

        return keys.ToImmutable();
    }

    private static ImmutableArray<FieldManager> ReadManagers(ref Utf8JsonReader reader)
    {
        if (!JsonObjects.Enter(ref reader, JsonTokenType.StartArray))
            return [];
        ImmutableArray<FieldManager>.Builder managers = ImmutableArray.CreateBuilder<FieldManager>();
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
            managers.Add(ReadManager(ref reader));
        return managers.ToImmutable();
    }

    private static FieldManager ReadManager(ref Utf8JsonReader reader)
    {
        var manager = new FieldManager("", "", null, NoKeys);
        while (JsonObjects.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("manager"u8))
                manager = manager with { Name = JsonObjects.Text(ref reader) };
            else if (reader.ValueTextEquals("operation"u8))
                manager = manager with { Operation = JsonObjects.Text(ref reader) };
            else if (reader.ValueTextEquals("time"u8))
                manager = manager with { Time = ReadTime(ref reader) };
            else if (reader.ValueTextEquals("fieldsV1"u8))
                manager = manager with { DataKeys = ReadOwnedDataKeys(ref reader) };
            else
                JsonObjects.SkipValue(ref reader);
        }

        return manager;
    }

    private static DateTimeOffset? ReadTime(ref Utf8JsonReader reader) =>
        JsonObjects.Enter(ref reader, JsonTokenType.String) && reader.TryGetDateTimeOffset(out DateTimeOffset time) ? time : null;

    // fieldsV1 is a trie of "f:<name>": {…}; "f:data" holds one entry for each key that the manager owns.
    // https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
    private static ImmutableSortedSet<string> ReadOwnedDataKeys(ref Utf8JsonReader reader)
    {
        if (!JsonObjects.Enter(ref reader, JsonTokenType.StartObject))
            return NoKeys;
        ImmutableSortedSet<string> owned = NoKeys;
        while (JsonObjects.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("f:data"u8))
                owned = FieldNames(ReadKeys(ref reader));
            else
                JsonObjects.SkipValue(ref reader);
        }

        return owned;
    }

    private static ImmutableSortedSet<string> FieldNames(ImmutableSortedSet<string> entries) =>
        entries.Where(entry => entry.StartsWith("f:", StringComparison.Ordinal)).Select(entry => entry[2..]).ToImmutableSortedSet(StringComparer.Ordinal);

    private struct Fields()
    {
        public ObjectMetadata Metadata;
        public ImmutableSortedDictionary<string, string> Labels = NoPairs;
        public ImmutableSortedDictionary<string, string> Annotations = NoPairs;
        public ImmutableSortedDictionary<string, string> Data = NoPairs;
        public ImmutableSortedSet<string> BinaryDataKeys = NoKeys;
        public ImmutableArray<FieldManager> Managers = [];
        public bool Immutable;
    }
}
