using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Sandbox.Apply;
using DynamicToolset.Sandbox.Json;
using DynamicToolset.Sandbox.Patching;
using DynamicToolset.Sandbox.Resources;

namespace DynamicToolset.Sandbox.Storage;

/// <summary>
/// The writing verbs of the API: what each makes of its request, optimistic locking, field ownership. Not safe for concurrent use: the caller
/// holds a lock around each call, so that what was read is what is replaced.
/// </summary>
internal sealed class ObjectWriter(ObjectHistory history, TimeProvider time, Random random)
{
    private const string NameLetters = "bcdfghjklmnpqrstvwxz2456789";

    private readonly ObjectRegistry _registry = new(history, time, random);

    public JsonObject Create(KubeResource resource, string place, JsonObject body, WriteOptions options)
    {
        ObjectChecks.CheckType(resource, body);
        JsonObject value = ObjectChecks.Shape(resource, body, options, KubeStatusException.BadRequest);
        JsonObject metadata = value.ChildOrNew("metadata");
        ObjectChecks.PlaceInto(resource, place, metadata);
        if (metadata.Text("resourceVersion") is not null)
            throw KubeStatusException.Internal("resourceVersion should not be set on objects to be created");

        if (metadata.Text("name") is null && metadata.Text("generateName") is { } prefix)
            metadata["name"] = GenerateName(prefix);

        return _registry.Insert(resource, value, options);
    }

    public (JsonObject Object, bool Created) Replace(KubeResource resource, ObjectKey key, JsonObject body, WriteOptions options)
    {
        ObjectChecks.CheckType(resource, body);
        JsonObject value = ObjectChecks.Shape(resource, body, options, KubeStatusException.BadRequest);
        JsonObject metadata = value.ChildOrNew("metadata");
        if (metadata.Text("name") is null)
            throw KubeStatusException.BadRequest($"the name of the object ({key.Name} based on URL) was undeterminable: name must be provided");

        ObjectChecks.PlaceInto(resource, key.Namespace, metadata);
        ObjectChecks.CheckName(key, metadata);
        if (resource.Rules.CreatesOnUpdate && history.Find(resource, key) is null)
        {
            CheckPrecondition(resource, key, metadata, stored: "");
            metadata.Remove("resourceVersion");
            return (_registry.Insert(resource, value, options), true);
        }

        StoredObject stored = Require(resource, key);
        JsonObject before = stored.Read();
        CheckPrecondition(resource, key, metadata, before.Child("metadata").Text("uid") ?? "");

        return (Update(resource, stored, before, value, options, FieldOwnership.IsReset(body)), false);
    }

    public (JsonObject Object, bool Created) Patch(KubeResource resource, ObjectKey key, PatchRequest patch, WriteOptions options)
    {
        if (patch.Type == PatchType.Apply)
            return Apply(resource, key, patch, options);

        StoredObject stored = Require(resource, key);
        JsonObject before = stored.Read();
        JsonObject patched = Patched(resource, before, patch);
        bool isReset = FieldOwnership.IsReset(patched);
        if (patched.Text("kind") != resource.Kind || patched.Text("apiVersion") != resource.ApiVersion)
            throw UnfitPatch($"the patch makes the object a {patched.Text("apiVersion")} {patched.Text("kind")}");

        JsonObject value = ObjectChecks.Shape(resource, patched, options, UnfitPatch);
        JsonObject metadata = value.ChildOrNew("metadata");
        ObjectChecks.CheckName(key, metadata);
        ObjectChecks.CheckVersion(resource, key, metadata, stored);
        ObjectChecks.CheckUid(resource, key, metadata, before);
        return (Update(resource, stored, before, value, options, isReset), false);
    }

    public (JsonObject Object, bool Gone) Delete(KubeResource resource, ObjectKey key, DeletePreconditions preconditions, bool dryRun)
    {
        StoredObject stored = Require(resource, key);
        JsonObject value = stored.Read();
        JsonObject metadata = value.ChildOrNew("metadata");
        ObjectChecks.CheckPreconditions(resource, key, metadata, preconditions);
        bool isFirst = metadata.Text("deletionTimestamp") is null;
        if (metadata["finalizers"] is null && resource != KubeResource.Namespaces)
        {
            _registry.Remove(resource, value, dryRun);
            return (value, true);
        }

        metadata.SetDefault("deletionTimestamp", _registry.Now);
        metadata.SetDefault("deletionGracePeriodSeconds", 0L);
        if (resource == KubeResource.Namespaces)
        {
            metadata.Remove("deletionGracePeriodSeconds");
            value.ChildOrNew("status")["phase"] = "Terminating";
        }

        JsonObject kept = isFirst && !dryRun ? _registry.Put(resource, value) : value;
        if (resource == KubeResource.Namespaces && !dryRun)
        {
            EmptyNamespace(key.Name);
            _registry.FinishNamespace(key.Name);
        }

        return (kept, false);
    }

    private (JsonObject Object, bool Created) Apply(KubeResource resource, ObjectKey key, PatchRequest patch, WriteOptions options)
    {
        JsonObject config = AppliedConfig.Of(resource, key, patch.Body);
        JsonObject metadata = config.ChildOrNew("metadata");
        StoredObject? stored = history.Find(resource, key);
        if (stored is null)
            return (CreateByApply(resource, key, config, options), true);

        JsonObject live = stored.Read();
        ObjectChecks.CheckVersion(resource, key, metadata, stored);
        ObjectChecks.CheckUid(resource, key, metadata, live);
        FieldOwnership ownership = FieldOwnership.Of(live).BeforeApply(live, resource.Schema, _registry.Now);
        JsonObject merged = StructuredMerge.Merge(live, config, resource.Schema)!.AsObject();
        IReadOnlyList<FieldConflict> conflicts = ownership.Conflicts(live, merged, resource.Schema, options.FieldManager);
        if (conflicts.Count > 0 && !patch.Force)
            throw AppliedConfig.Refused(conflicts);

        FieldOwnership next = ownership.AfterApply(live, merged, config, resource.Schema, options.FieldManager, _registry.Now);
        next.PruneDropped(ownership, merged, resource.Schema, options.FieldManager);
        merged.ChildOrNew("metadata")["resourceVersion"] = live.Child("metadata").Text("resourceVersion");
        return (_registry.Commit(resource, live, resource.Conform(merged), options, complete => next.Within(complete, resource.Schema)), false);
    }

    private JsonObject CreateByApply(KubeResource resource, ObjectKey key, JsonObject config, WriteOptions options)
    {
        JsonObject metadata = config.ChildOrNew("metadata");
        if (metadata.Text("uid") is { } uid)
        {
            throw KubeStatusException.Conflict(
                resource, key.Name, $"uid mismatch: the provided object specified uid {uid}, and no existing object was found");
        }

        JsonObject value = config.Copy();
        value.ChildOrNew("metadata").Remove("resourceVersion");
        FieldOwnership ownership = FieldOwnership.None.AfterApply([], config, config, resource.Schema, options.FieldManager, _registry.Now);
        return _registry.Insert(resource, value, options, ownership);
    }

    private JsonObject Update(KubeResource resource, StoredObject stored, JsonObject before, JsonObject value, WriteOptions options, bool resetOwnership)
    {
        ObjectChecks.CheckVersion(resource, stored.Key, value.ChildOrNew("metadata"), stored);
        bool bringsOwnership = value.ChildOrNew("metadata")["managedFields"] is not null;
        FieldOwnership known = FieldOwnership.Of(bringsOwnership ? value : before);
        return _registry.Commit(resource, before, value, options, complete =>
        {
            FieldOwnership ownership = known.ReadFor(before, resource.Schema);
            // An object that lost all its owners gets none by an update: only an apply begins anew.
            return resetOwnership || ownership.Entries.IsEmpty
                ? FieldOwnership.None
                : ownership.AfterUpdate(before, complete, resource.Schema, options.FieldManager, _registry.Now).Within(complete, resource.Schema);
        });
    }

    private void EmptyNamespace(string name)
    {
        foreach (KubeResource resource in KubeResource.All.Where(resource => resource.IsNamespaced))
        {
            foreach (StoredObject value in history.Objects(resource).Values.Where(value => value.Key.Namespace == name))
                Delete(resource, value.Key, DeletePreconditions.None, dryRun: false);
        }
    }

    private static JsonObject Patched(KubeResource resource, JsonObject before, PatchRequest patch)
    {
        try
        {
            return patch.Type switch
            {
                PatchType.Json => JsonPatch.Apply(before, patch.Body) as JsonObject ?? throw new PatchException("the patch leaves no object"),
                PatchType.Merge => MergePatch.Apply(before, patch.Body) as JsonObject ?? throw new PatchException("a merge patch is an object"),
                _ => StrategicMergePatch.Apply(
                    before, patch.Body as JsonObject ?? throw new PatchException("the patch is not an object", IsMalformed: true), resource.Schema),
            };
        }
        catch (PatchException error)
        {
            throw error.IsMalformed ? KubeStatusException.BadRequest(error.Message) : UnfitPatch(error.Message);
        }
    }

    private static KubeStatusException UnfitPatch(string why) =>
        KubeStatusException.Invalid("", "", "", [new FieldError("patch", "FieldValueInvalid", $"Invalid value: {why}")]);

    private StoredObject Require(KubeResource resource, ObjectKey key) =>
        history.Find(resource, key) ?? throw KubeStatusException.NotFound(resource, key.Name);

    private string GenerateName(string prefix)
    {
        // 63 - 5, as the API server does for every resource.
        string kept = prefix.Length > 58 ? prefix[..58] : prefix;
        return kept + new string(random.GetItems<char>(NameLetters, 5));
    }

    /// <summary>The uid in an update is a condition, for an object that is not there too.</summary>
    private static void CheckPrecondition(KubeResource resource, ObjectKey key, JsonObject metadata, string stored)
    {
        if (metadata.Text("uid") is { } uid && uid != stored)
            throw KubeStatusException.Conflict(resource, key.Name, $"Precondition failed: UID in precondition: {uid}, UID in object meta: {stored}");
    }
}
