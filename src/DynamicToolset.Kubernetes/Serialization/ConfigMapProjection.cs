using System.Collections.Immutable;
using System.Text.Json;
using DynamicToolset.Cluster;
using DynamicToolset.Messages;

namespace DynamicToolset.Kubernetes.Serialization;

/// <summary>
/// ConfigMap, https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/config-map-v1/, to
/// <see cref="ConfigMapRecord"/>. Binary data are known by their keys and sizes only.
/// </summary>
internal sealed class ConfigMapProjection(StringCache strings) : Projection<ConfigMapRecord>
{
    private static readonly ImmutableSortedDictionary<string, string> NoPairs = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
    private static readonly ImmutableSortedDictionary<string, int> NoSizes = ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal);
    private static readonly ImmutableSortedSet<string> NoKeys = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    public override string ListKind => "ConfigMapList";

    public override string VersionOf(ConfigMapRecord item) => item.ResourceVersion;

    public override Bound Longest => AnswerBounds.ConfigMap;

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
                fields.BinaryData = ReadMap(ref reader, NoSizes, ReadSize);
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
            fields.Owners,
            fields.Data,
            fields.BinaryData,
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
            else if (reader.ValueTextEquals("ownerReferences"u8))
                fields.Owners = ReadArray(ref reader, ReadOwner);
            else if (reader.ValueTextEquals("managedFields"u8))
                fields.Managers = ReadArray(ref reader, ReadManager);
            else if (!fields.Metadata.TryRead(ref reader, strings))
                JsonObjects.SkipValue(ref reader);
        }
    }

    private static ImmutableSortedDictionary<string, string> ReadPairs(ref Utf8JsonReader reader) => ReadMap(ref reader, NoPairs, JsonObjects.Text);

    /// <summary>The values are base64 (RFC 4648, section 4): four characters for three bytes, filled up with "=".</summary>
    private static int ReadSize(ref Utf8JsonReader reader) => (JsonObjects.Text(ref reader).TrimEnd('=').Length * 3) / 4;

    /// <param name="read">From the name of an entry to the end of its value.</param>
    private static ImmutableSortedDictionary<string, T> ReadMap<T>(ref Utf8JsonReader reader, ImmutableSortedDictionary<string, T> none, Reading<T> read)
    {
        if (!JsonObjects.Enter(ref reader, JsonTokenType.StartObject))
            return none;
        ImmutableSortedDictionary<string, T>.Builder entries = none.ToBuilder();
        while (JsonObjects.NextProperty(ref reader))
        {
            string key = JsonObjects.Characters(ref reader);
            entries[key] = read(ref reader);
        }

        return entries.ToImmutable();
    }

    /// <param name="read">From the opening brace of an object to its end.</param>
    private static ImmutableArray<T> ReadArray<T>(ref Utf8JsonReader reader, Reading<T> read)
    {
        if (!JsonObjects.Enter(ref reader, JsonTokenType.StartArray))
            return [];
        ImmutableArray<T>.Builder items = ImmutableArray.CreateBuilder<T>();
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
            items.Add(read(ref reader));
        return items.ToImmutable();
    }

    private static OwnerReference ReadOwner(ref Utf8JsonReader reader)
    {
        var owner = new OwnerReference("", "", "", "", null, null);
        while (JsonObjects.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("apiVersion"u8))
                owner = owner with { ApiVersion = JsonObjects.Text(ref reader) };
            else if (reader.ValueTextEquals("kind"u8))
                owner = owner with { Kind = JsonObjects.Text(ref reader) };
            else if (reader.ValueTextEquals("name"u8))
                owner = owner with { Name = JsonObjects.Text(ref reader) };
            else if (reader.ValueTextEquals("uid"u8))
                owner = owner with { Uid = JsonObjects.Text(ref reader) };
            else if (reader.ValueTextEquals("controller"u8))
                owner = owner with { Controller = JsonObjects.Switch(ref reader) };
            else if (reader.ValueTextEquals("blockOwnerDeletion"u8))
                owner = owner with { BlockOwnerDeletion = JsonObjects.Switch(ref reader) };
            else
                JsonObjects.SkipValue(ref reader);
        }

        return owner;
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
                manager = manager with { Time = JsonObjects.Time(ref reader) };
            else if (reader.ValueTextEquals("fieldsV1"u8))
                manager = ReadOwned(ref reader, manager);
            else
                JsonObjects.SkipValue(ref reader);
        }

        return manager;
    }

    // fieldsV1 is a trie of "f:<name>": {…}; "f:data", "f:labels" and "f:annotations" hold one entry for each key that the manager owns.
    // https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
    private static FieldManager ReadOwned(ref Utf8JsonReader reader, FieldManager manager)
    {
        if (!JsonObjects.Enter(ref reader, JsonTokenType.StartObject))
            return manager;
        while (JsonObjects.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("f:data"u8))
                manager = WithData(manager, ReadKeys(ref reader));
            else if (reader.ValueTextEquals("f:metadata"u8))
                manager = manager with { MetadataKeys = ReadOwnedMetadata(ref reader) };
            else
                JsonObjects.SkipValue(ref reader);
        }

        return manager;
    }

    private static ImmutableSortedSet<string> ReadKeys(ref Utf8JsonReader reader) =>
        ReadMap(ref reader, NoSizes, Skip).Keys.ToImmutableSortedSet(StringComparer.Ordinal);

    private static int Skip(ref Utf8JsonReader reader)
    {
        JsonObjects.SkipValue(ref reader);
        return 0;
    }

    // "." is the map itself; a map without entries counts as the whole of it.
    private static FieldManager WithData(FieldManager manager, ImmutableSortedSet<string> entries) =>
        manager with { DataKeys = FieldNames(entries), OwnsData = entries.IsEmpty || entries.Contains(".") };

    private static ImmutableSortedSet<string> ReadOwnedMetadata(ref Utf8JsonReader reader)
    {
        if (!JsonObjects.Enter(ref reader, JsonTokenType.StartObject))
            return NoKeys;
        ImmutableSortedSet<string> owned = NoKeys;
        while (JsonObjects.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("f:labels"u8) || reader.ValueTextEquals("f:annotations"u8))
                owned = owned.Union(FieldNames(ReadKeys(ref reader)));
            else
                JsonObjects.SkipValue(ref reader);
        }

        return owned;
    }

    private static ImmutableSortedSet<string> FieldNames(ImmutableSortedSet<string> entries) =>
        entries.Where(entry => entry.StartsWith("f:", StringComparison.Ordinal)).Select(entry => entry[2..]).ToImmutableSortedSet(StringComparer.Ordinal);

    private delegate T Reading<T>(ref Utf8JsonReader reader);

    private struct Fields()
    {
        public ObjectMetadata Metadata;
        public ImmutableSortedDictionary<string, string> Labels = NoPairs;
        public ImmutableSortedDictionary<string, string> Annotations = NoPairs;
        public ImmutableArray<OwnerReference> Owners = [];
        public ImmutableSortedDictionary<string, string> Data = NoPairs;
        public ImmutableSortedDictionary<string, int> BinaryData = NoSizes;
        public ImmutableArray<FieldManager> Managers = [];
        public bool Immutable;
    }
}
