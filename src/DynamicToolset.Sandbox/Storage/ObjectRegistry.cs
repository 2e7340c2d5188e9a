using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Sandbox.Apply;
using DynamicToolset.Sandbox.Json;
using DynamicToolset.Sandbox.Resources;

namespace DynamicToolset.Sandbox.Storage;

/// <summary>
/// What every written object goes through, whatever the verb: what the server sets itself, defaults, validation, allocated addresses, and whether
/// there is anything to store. Not safe for concurrent use, as <see cref="ObjectWriter"/>.
/// </summary>
internal sealed class ObjectRegistry(ObjectHistory history, TimeProvider time, Random random)
{
    private static readonly string[] SetByServer = ["selfLink", "deletionTimestamp", "deletionGracePeriodSeconds", "managedFields"];
    private readonly ServiceAllocator _allocator = new(random);

    public string Now => KubeTime.Format(time.GetUtcNow());

    public JsonObject Insert(KubeResource resource, JsonObject value, WriteOptions options, FieldOwnership? applied = null)
    {
        JsonObject metadata = value.ChildOrNew("metadata");
        string place = metadata.Text("namespace") ?? "";
        if (resource.IsNamespaced)
            CheckNamespace(resource, place, metadata.Text("name") ?? "");

        foreach (string field in SetByServer)
            metadata.Remove(field);

        value.Remove("status");
        metadata["uid"] = NewUid();
        metadata["creationTimestamp"] = Now;
        resource.Rules.SetDefaults(value);
        JsonObject complete = resource.Conform(value);
        FieldOwnership ownership = applied?.Within(complete, resource.Schema)
            ?? FieldOwnership.None.AfterUpdate([], complete, resource.Schema, options.FieldManager, Now);
        ownership.WriteTo(complete, resource.ApiVersion);
        ObjectChecks.Validate(resource, complete, null);
        ObjectKey key = resource.KeyOf(complete);
        if (history.Find(resource, key) is not null)
            throw KubeStatusException.AlreadyExists(resource, key.Name);

        resource.Rules.Allocate(complete, _allocator);
        return options.DryRun ? resource.Conform(complete) : Put(resource, complete);
    }

    /// <summary>Stores the new state of an object, unless it says the same as the old one: then the resource version stays.</summary>
    /// <param name="before">The old one, as it is stored.</param>
    public JsonObject Commit(
        KubeResource resource, JsonObject before, JsonObject value, WriteOptions options, Func<JsonObject, FieldOwnership> ownership)
    {
        CarryOverMetadata(value.ChildOrNew("metadata"), before.ChildOrNew("metadata"));
        resource.Rules.CarryOver(value, before);
        resource.Rules.SetDefaults(value);
        if (before["status"] is { } status)
        {
            // The status is a subresource of its own.
            value["status"] = status.DeepClone();
        }

        JsonObject complete = resource.Conform(value);
        ownership(complete).WriteTo(complete, resource.ApiVersion);
        ObjectChecks.Validate(resource, complete, before);
        resource.Rules.Allocate(complete, _allocator);
        if (SameContent(before, complete) && SameOwners(before, complete))
            return before;

        if (options.DryRun)
            return resource.Conform(complete);

        return IsFinished(complete) ? Remove(resource, resource.Conform(complete), dryRun: false) : Put(resource, complete);
    }

    public JsonObject Put(KubeResource resource, JsonObject value)
    {
        (StoredObject stored, JsonObject kept) = StoredObject.Create(resource, value, history.NextVersion());
        Release(resource, stored.Key);
        history.Put(resource, stored);
        if (resource == KubeResource.Services)
            _allocator.Take(kept.ChildOrNew("spec"));

        return kept;
    }

    public JsonObject Remove(KubeResource resource, JsonObject value, bool dryRun)
    {
        if (!dryRun)
        {
            ObjectKey key = resource.KeyOf(value);
            Release(resource, key);
            history.Remove(resource, StoredObject.Create(resource, value.Copy(), history.NextVersion()).Stored);
            FinishNamespace(key.Namespace);
        }

        return value;
    }

    /// <summary>A namespace on its way out goes when nothing is left in it; objects with finalizers hold it.</summary>
    public void FinishNamespace(string name)
    {
        JsonObject? value = history.Find(KubeResource.Namespaces, new ObjectKey("", name))?.Read();
        if (value is null || value.Child("metadata").Text("deletionTimestamp") is null)
            return;

        bool isEmpty = KubeResource.All
            .Where(resource => resource.IsNamespaced)
            .All(resource => history.Objects(resource).Values.All(other => other.Key.Namespace != name));
        if (isEmpty)
            Remove(KubeResource.Namespaces, value, dryRun: false);
    }

    private void Release(KubeResource resource, ObjectKey key)
    {
        if (resource == KubeResource.Services && history.Find(resource, key) is { } stored)
            _allocator.Release(stored.Read().ChildOrNew("spec"));
    }

    private void CheckNamespace(KubeResource resource, string place, string name)
    {
        StoredObject found = history.Find(KubeResource.Namespaces, new ObjectKey("", place)) ?? throw KubeStatusException.NotFound(KubeResource.Namespaces, place);
        if (found.Read().Child("metadata").Text("deletionTimestamp") is not null)
        {
            throw KubeStatusException.Forbidden(
                resource, name, $"unable to create new content in namespace {place} because it is being terminated");
        }
    }

    private static void CarryOverMetadata(JsonObject metadata, JsonObject before)
    {
        string[] fields = ["uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation", "generateName", "selfLink", "resourceVersion"];
        foreach (string field in fields)
        {
            metadata.Remove(field);
            if (before[field] is { } kept)
                metadata[field] = kept.DeepClone();
        }
    }

    private static bool IsFinished(JsonObject value) =>
        value.Child("metadata").Text("deletionTimestamp") is not null && value.Child("metadata")?["finalizers"] is null;

    private static bool SameContent(JsonObject left, JsonObject right) =>
        SameBut(left, right, "metadata") && SameBut(left.ChildOrNew("metadata"), right.ChildOrNew("metadata"), "managedFields");

    private static bool SameBut(JsonObject left, JsonObject right, string name) =>
        left.Count(member => member.Key != name) == right.Count(member => member.Key != name)
        && left.All(member => member.Key == name || (right.TryGetPropertyValue(member.Key, out JsonNode? other) && JsonNode.DeepEquals(member.Value, other)));

    /// <summary>The times of the entries do not count: they alone are no reason to write.</summary>
    private static bool SameOwners(JsonObject left, JsonObject right)
    {
        FieldOwnership before = FieldOwnership.Of(left);
        FieldOwnership after = FieldOwnership.Of(right);
        return before.Entries.Count == after.Entries.Count
            && before.Entries.All(entry => after.Entries.Exists(other => other.IsOf(entry.Manager, entry.IsApply) && other.Fields.SameAs(entry.Fields)));
    }

    /// <summary>A random UUID, RFC 9562 version 4, out of the injected chance.</summary>
    private string NewUid()
    {
        byte[] bytes = new byte[16];
        random.NextBytes(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }
}
