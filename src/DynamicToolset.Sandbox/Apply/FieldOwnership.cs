using System.Collections.Immutable;
using System.Text.Json.Nodes;
using DynamicToolset.Sandbox.Json;
using DynamicToolset.Sandbox.Schema;

namespace DynamicToolset.Sandbox.Apply;

/// <summary>Who owns which fields of an object: the rules behind <c>metadata.managedFields</c>.</summary>
internal sealed record FieldOwnership(ImmutableList<FieldManagerEntry> Entries)
{
    /// <summary>Fields that nobody owns: they tell which object it is, or the server sets them.</summary>
    private static readonly FieldSet Unowned = FieldSet.Empty
        .With("f:kind", FieldSet.Leaf)
        .With("f:apiVersion", FieldSet.Leaf)
        .With("f:metadata", UnownedMetadata());

    public static FieldOwnership None { get; } = new([]);

    public static FieldOwnership Of(JsonObject value) =>
        new([.. value.Child("metadata").Items("managedFields").Select(FieldManagerEntry.Parse)]);

    /// <summary>Whether the object asks for its ownership to be forgotten: <c>managedFields: []</c> or <c>[{}]</c>.</summary>
    public static bool IsReset(JsonObject value) => value.Child("metadata")?["managedFields"] is JsonArray entries
        && (entries.Count == 0 || (entries.Count == 1 && entries[0] is JsonObject { Count: 0 }));

    /// <summary>
    /// As the next write reads it. A map or a list that somebody owns without any of its items counts as owned whole, with all the items that it
    /// has: so the field sets of the time before it was taken apart are read (kubernetes-sigs/structured-merge-diff, typed/reconcile_schema.go).
    /// </summary>
    public FieldOwnership ReadFor(JsonObject live, FieldSchema.Struct schema) =>
        new([.. Entries.Select(entry => entry with { Fields = StructuredMerge.Expand(entry.Fields with { IsMember = false }, live, schema) })]);

    /// <summary>What an object that nobody owns belongs to when somebody applies to it for the first time.</summary>
    public FieldOwnership BeforeApply(JsonObject live, FieldSchema.Struct schema, string time) =>
        Entries.IsEmpty ? None.AfterUpdate([], live, schema, "before-first-apply", time) : ReadFor(live, schema);

    /// <summary>The ownership after a create, replace or patch: the manager owns what it set, nobody what is gone.</summary>
    public FieldOwnership AfterUpdate(JsonObject before, JsonObject after, FieldSchema.Struct schema, string manager, string time)
    {
        FieldChanges changes = StructuredMerge.Compare(before, after, schema, always: true);
        FieldSet set = changes.Set.Except(Unowned);
        FieldSet touched = set.Union(changes.Removed);
        FieldManagerEntry? last = Entries.Find(entry => entry.IsOf(manager, apply: false));
        ImmutableList<FieldManagerEntry> others = Without(Entries.RemoveAll(entry => entry.IsOf(manager, apply: false)), touched);
        FieldSet own = OwnedBy(manager, apply: false).Except(changes.Removed).Union(set);
        string since = set.IsEmpty && last is not null ? last.Time : time;
        return new FieldOwnership(own.IsEmpty ? others : others.Add(new FieldManagerEntry(manager, IsApply: false, since, own)));
    }

    /// <summary>The fields of an applied configuration that others own with another value.</summary>
    public IReadOnlyList<FieldConflict> Conflicts(JsonObject live, JsonObject merged, FieldSchema.Struct schema, string manager)
    {
        FieldSet changed = StructuredMerge.Compare(live, merged, schema, always: true).Set;
        return [.. Entries
            .Where(entry => !entry.IsOf(manager, apply: true))
            .SelectMany(entry => entry.Fields.Intersect(changed).Paths().Select(path => new FieldConflict(entry, path)))];
    }

    /// <summary>The ownership after a forced or undisputed apply.</summary>
    public FieldOwnership AfterApply(JsonObject live, JsonObject merged, JsonObject config, FieldSchema.Struct schema, string manager, string time)
    {
        FieldSet changed = StructuredMerge.Compare(live, merged, schema, always: true).Set;
        FieldManagerEntry? last = Entries.Find(entry => entry.IsOf(manager, apply: true));
        ImmutableList<FieldManagerEntry> others = Without(Entries.RemoveAll(entry => entry.IsOf(manager, apply: true)), changed);
        FieldSet own = AppliedFields(config, schema);
        bool isSame = last is not null && last.Fields.SameAs(own);
        return new FieldOwnership(own.IsEmpty ? others : others.Add(new FieldManagerEntry(manager, IsApply: true, isSame ? last!.Time : time, own)));
    }

    /// <summary>Takes out of an object what the manager applied before, no longer applies, and nobody owns now.</summary>
    public void PruneDropped(FieldOwnership before, JsonObject merged, FieldSchema.Struct schema, string manager)
    {
        FieldSet dropped = before.OwnedBy(manager, apply: true).Except(OwnedBy(manager, apply: true));
        FieldSet kept = Entries.Aggregate(FieldSet.Empty, (all, entry) => all.Union(entry.Fields));
        StructuredMerge.Prune(merged, schema, dropped, kept);
    }

    /// <summary>Drops what the object no longer has, which happens when a default or a prune took it away.</summary>
    public FieldOwnership Within(JsonObject value, FieldSchema.Struct schema) => new([.. Entries
        .Select(entry => entry with { Fields = StructuredMerge.FieldsIn(entry.Fields, value, schema, always: true) })
        .Where(entry => !entry.Fields.IsEmpty)]);

    public void WriteTo(JsonObject value, string apiVersion)
    {
        JsonObject metadata = value.ChildOrNew("metadata");
        metadata["managedFields"] = new JsonArray([.. Entries
            .OrderBy(entry => entry.IsApply ? 0 : 1)
            .ThenBy(entry => entry.Time, StringComparer.Ordinal)
            .ThenBy(entry => entry.Manager, StringComparer.Ordinal)
            .Select(entry => entry.ToJson(apiVersion))]);
    }

    private FieldSet OwnedBy(string manager, bool apply) => Entries.Find(entry => entry.IsOf(manager, apply))?.Fields ?? FieldSet.Empty;

    private static ImmutableList<FieldManagerEntry> Without(ImmutableList<FieldManagerEntry> entries, FieldSet fields) =>
        [.. entries.Select(entry => entry with { Fields = entry.Fields.Except(fields) }).Where(entry => !entry.Fields.IsEmpty)];

    private static FieldSet AppliedFields(JsonObject config, FieldSchema.Struct schema)
    {
        FieldSet fields = StructuredMerge.FieldsOf(config, schema).Except(Unowned);
        return fields.With("f:metadata", fields.Child("f:metadata") with { IsMember = false });
    }

    private static FieldSet UnownedMetadata()
    {
        string[] names =
        [
            "name", "namespace", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "uid", "generation",
            "managedFields", "resourceVersion",
        ];
        return names.Aggregate(FieldSet.Empty, (set, name) => set.With("f:" + name, FieldSet.Leaf));
    }
}

/// <summary>An applied field that another manager owns with another value.</summary>
internal sealed record FieldConflict(FieldManagerEntry Owner, string Path);
