using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Sandbox.Apply;
using DynamicToolset.Sandbox.Json;
using DynamicToolset.Sandbox.Patching;
using DynamicToolset.Sandbox.Resources;

namespace DynamicToolset.Sandbox.Storage;

/// <summary>
/// The writing verbs of the API: defaults, validation, optimistic locking, field ownership. Not safe for concurrent use: the caller
/// holds a lock around each call, so that what was read is what is replaced.
/// </summary>
internal sealed class ObjectWriter(ObjectHistory history, TimeProvider time, Random random)
{
    private static readonly string[] SetByServer = ["selfLink", "deletionTimestamp", "deletionGracePeriodSeconds", "managedFields"];
    private const string NameLetters = "bcdfghjklmnpqrstvwxz2456789";
    private readonly ServiceAllocator _allocator = new(random);

    private string Now => KubeTime.Format(time.GetUtcNow());

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

        return Insert(resource, value, options);
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
            return (Insert(resource, value, options), true);
        }

        StoredObject stored = Require(resource, key);
        JsonObject before = stored.Read();
        CheckPrecondition(resource, key, metadata, before.Child("metadata").Text("uid") ?? "");

        return (Update(resource, stored, value, options, FieldOwnership.IsReset(body)), false);
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
        ObjectChecks.CheckUid(resource, key, metadata, before);
        return (Update(resource, stored, value, options, isReset), false);
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
            Remove(resource, value, dryRun);
            return (value, true);
        }

        metadata.SetDefault("deletionTimestamp", Now);
        metadata.SetDefault("deletionGracePeriodSeconds", 0L);
        if (resource == KubeResource.Namespaces)
        {
            metadata.Remove("deletionGracePeriodSeconds");
            value.ChildOrNew("status")["phase"] = "Terminating";
        }

        JsonObject kept = isFirst && !dryRun ? Put(resource, value) : value;
        if (resource == KubeResource.Namespaces && !dryRun)
        {
            EmptyNamespace(key.Name);
            FinishNamespace(key.Name);
        }

        return (kept, false);
    }

    private (JsonObject Object, bool Created) Apply(KubeResource resource, ObjectKey key, PatchRequest patch, WriteOptions options)
    {
        JsonObject config = AppliedConfig(resource, key, patch.Body);
        JsonObject metadata = config.ChildOrNew("metadata");
        StoredObject? stored = history.Find(resource, key);
        if (stored is null)
            return (CreateByApply(resource, key, config, options), true);

        JsonObject live = stored.Read();
        ObjectChecks.CheckVersion(resource, key, metadata, stored);
        ObjectChecks.CheckUid(resource, key, metadata, live);
        FieldOwnership ownership = FieldOwnership.Of(live).BeforeApply(live, resource.Schema, Now);
        JsonObject merged = StructuredMerge.Merge(live, config, resource.Schema)!.AsObject();
        IReadOnlyList<FieldConflict> conflicts = ownership.Conflicts(live, merged, resource.Schema, options.FieldManager);
        if (conflicts.Count > 0 && !patch.Force)
            throw ConflictStatus(conflicts);

        FieldOwnership next = ownership.AfterApply(live, merged, config, resource.Schema, options.FieldManager, Now);
        next.PruneDropped(ownership, merged, resource.Schema, options.FieldManager);
        merged.ChildOrNew("metadata")["resourceVersion"] = live.Child("metadata").Text("resourceVersion");
        return (Commit(resource, stored, resource.Conform(merged), options, complete => next.Within(complete, resource.Schema)), false);
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
        FieldOwnership ownership = FieldOwnership.None.AfterApply([], config, config, resource.Schema, options.FieldManager, Now);
        return Insert(resource, value, options, ownership);
    }

    private static JsonObject AppliedConfig(KubeResource resource, ObjectKey key, JsonNode? body)
    {
        JsonObject patch = body as JsonObject ?? throw KubeStatusException.BadRequest("error decoding YAML: an applied configuration is a mapping");
        if (patch.Text("apiVersion") != resource.ApiVersion)
        {
            throw KubeStatusException.BadRequest(
                $"Incorrect version specified in apply patch. Specified patch version: {patch.Text("apiVersion")}, expected: {resource.ApiVersion}");
        }

        if (patch.Text("kind") != resource.Kind)
            throw KubeStatusException.BadRequest($"an applied configuration of kind {patch.Text("kind")} does not fit {resource}");

        if (patch.Child("metadata")?.ContainsKey("managedFields") == true && patch.Child("metadata")!["managedFields"] is not null)
            throw KubeStatusException.BadRequest("metadata.managedFields must be nil");

        var unknown = new List<string>();
        JsonObject config = ObjectChecks.Shape(resource, patch, unknown, message => KubeStatusException.Internal($"failed to create typed patch object: {message}"));
        if (unknown.Count > 0)
            throw KubeStatusException.Internal($"failed to create typed patch object: .{unknown[0]}: field not declared in schema");

        JsonObject metadata = config.ChildOrNew("metadata");
        ObjectChecks.PlaceInto(resource, key.Namespace, metadata);
        metadata.SetDefault("name", key.Name);
        ObjectChecks.CheckName(key, metadata);
        return config;
    }

    private JsonObject Insert(KubeResource resource, JsonObject value, WriteOptions options, FieldOwnership? applied = null)
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

    private JsonObject Update(KubeResource resource, StoredObject stored, JsonObject value, WriteOptions options, bool resetOwnership)
    {
        ObjectChecks.CheckVersion(resource, stored.Key, value.ChildOrNew("metadata"), stored);
        JsonObject before = stored.Read();
        JsonObject given = value.Copy();
        bool bringsOwnership = value.ChildOrNew("metadata")["managedFields"] is not null;
        return Commit(resource, stored, value, options, complete =>
        {
            FieldOwnership ownership = FieldOwnership.Of(bringsOwnership ? given : before).ReadFor(before, resource.Schema);
            // An object that lost all its owners gets none by an update: only an apply begins anew.
            return resetOwnership || ownership.Entries.IsEmpty
                ? FieldOwnership.None
                : ownership.AfterUpdate(before, complete, resource.Schema, options.FieldManager, Now).Within(complete, resource.Schema);
        });
    }

    /// <summary>Stores the new state of an object, unless it says the same as the old one: then the resource version stays.</summary>
    private JsonObject Commit(
        KubeResource resource, StoredObject stored, JsonObject value, WriteOptions options, Func<JsonObject, FieldOwnership> ownership)
    {
        JsonObject before = stored.Read();
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
        complete = resource.Conform(complete);
        if (SameContent(before, complete) && SameOwners(before, complete))
            return before;

        if (options.DryRun)
            return complete;

        return IsFinished(complete) ? Remove(resource, complete, dryRun: false) : Put(resource, complete);
    }

    private JsonObject Put(KubeResource resource, JsonObject value)
    {
        StoredObject stored = StoredObject.Create(resource, value, history.NextVersion());
        Release(resource, stored.Key);
        history.Put(resource, stored);
        JsonObject kept = stored.Read();
        if (resource == KubeResource.Services)
            _allocator.Take(kept.ChildOrNew("spec"));

        return kept;
    }

    private JsonObject Remove(KubeResource resource, JsonObject value, bool dryRun)
    {
        if (!dryRun)
        {
            ObjectKey key = resource.KeyOf(value);
            Release(resource, key);
            history.Remove(resource, StoredObject.Create(resource, value.Copy(), history.NextVersion()));
            FinishNamespace(key.Namespace);
        }

        return value;
    }

    private void Release(KubeResource resource, ObjectKey key)
    {
        if (resource == KubeResource.Services && history.Find(resource, key) is { } stored)
            _allocator.Release(stored.Read().ChildOrNew("spec"));
    }

    private void EmptyNamespace(string name)
    {
        foreach (KubeResource resource in KubeResource.All.Where(resource => resource.IsNamespaced))
        {
            foreach (StoredObject value in history.Objects(resource).Values.Where(value => value.Key.Namespace == name))
                Delete(resource, value.Key, DeletePreconditions.None, dryRun: false);
        }
    }

    /// <summary>A namespace on its way out goes when nothing is left in it; objects with finalizers hold it.</summary>
    private void FinishNamespace(string name)
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

    private static bool SameContent(JsonObject left, JsonObject right) => JsonNode.DeepEquals(WithoutOwners(left), WithoutOwners(right));

    /// <summary>The times of the entries do not count: they alone are no reason to write.</summary>
    private static bool SameOwners(JsonObject left, JsonObject right)
    {
        FieldOwnership before = FieldOwnership.Of(left);
        FieldOwnership after = FieldOwnership.Of(right);
        return before.Entries.Count == after.Entries.Count
            && before.Entries.All(entry => after.Entries.Exists(other => other.IsOf(entry.Manager, entry.IsApply) && other.Fields.SameAs(entry.Fields)));
    }

    private static JsonObject WithoutOwners(JsonObject value)
    {
        JsonObject copy = value.Copy();
        copy.ChildOrNew("metadata").Remove("managedFields");
        return copy;
    }

    private static KubeStatusException ConflictStatus(IReadOnlyList<FieldConflict> conflicts)
    {
        IEnumerable<FieldError> causes = conflicts.Select(conflict =>
            new FieldError(conflict.Path, "FieldManagerConflict", $"conflict with {conflict.Owner.Display}"));
        if (conflicts.Count == 1)
            return KubeStatusException.ApplyConflict($"Apply failed with 1 conflict: conflict with {conflicts[0].Owner.Display}: {conflicts[0].Path}", causes);

        IEnumerable<string> lines = conflicts
            .GroupBy(conflict => conflict.Owner.Display)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .SelectMany(group => group.Select(conflict => $"- {conflict.Path}").Prepend($"conflicts with {group.Key}:"));
        return KubeStatusException.ApplyConflict($"Apply failed with {conflicts.Count} conflicts: {string.Join('\n', lines)}", causes);
    }

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
