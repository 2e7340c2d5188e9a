using System.Text.Json.Nodes;
using DynamicToolset.Sandbox.Schema;
using static DynamicToolset.Sandbox.Schema.FieldSchema;

namespace DynamicToolset.Sandbox.Apply;

/// <summary>Compares, merges and prunes objects field by field, as kubernetes-sigs/structured-merge-diff does.</summary>
internal static class StructuredMerge
{
    /// <summary>The fields that an applied configuration speaks of.</summary>
    public static FieldSet FieldsOf(JsonNode? value, FieldSchema schema)
    {
        List<Element> elements = [.. Elements(value, schema)];
        if (elements.Count == 0)
            return value is null ? FieldSet.Empty : FieldSet.Leaf;

        FieldSet result = FieldSet.Empty;
        foreach (Element element in elements)
        {
            FieldSet child = FieldsOf(element.Value, element.Schema);
            result = result.With(element.Name, element.IsItem ? child with { IsMember = true } : child);
        }

        return result;
    }

    public static FieldChanges Compare(JsonNode? before, JsonNode? after, FieldSchema schema, bool always = false)
    {
        if (JsonNode.DeepEquals(before, after))
            return FieldChanges.None;
        if (!IsGranular(schema))
            return after is null ? FieldChanges.RemovedWhole : FieldChanges.SetWhole;

        FieldChanges result = FieldChanges.None;
        if (!always && before is null != after is null)
            result = after is null ? FieldChanges.RemovedWhole : FieldChanges.SetWhole;

        Dictionary<string, Element> gone = Elements(before, schema).ToDictionary(element => element.Name, StringComparer.Ordinal);
        foreach (Element present in Elements(after, schema))
        {
            gone.Remove(present.Name, out Element? old);
            result = result.With(present.Name, Compare(old?.Value, present.Value, present.Schema, present.Always));
        }

        return gone.Values.Aggregate(result, (all, old) => all.With(old.Name, Compare(old.Value, null, old.Schema, old.Always)));
    }

    /// <summary>The live value with the configuration laid over it; values that the configuration does not name stay.</summary>
    public static JsonNode? Merge(JsonNode? live, JsonNode? config, FieldSchema schema)
    {
        if (live is null || config is null || !IsGranular(schema))
            return (config ?? live)?.DeepClone();

        JsonNode result = live.DeepClone();
        foreach (Element element in Elements(config, schema))
        {
            Element? present = Elements(result, schema).FirstOrDefault(other => other.Name == element.Name);
            Put(result, element, present, Merge(present?.Value, element.Value, element.Schema));
        }

        return result;
    }

    /// <summary>The same fields, with all items of a map or list of which no item is named.</summary>
    public static FieldSet Expand(FieldSet fields, JsonNode? value, FieldSchema schema)
    {
        if (!IsGranular(schema))
            return fields;

        if (fields.IsMember && fields.Children.IsEmpty)
            return FieldsOf(value, schema) with { IsMember = true };

        return Elements(value, schema)
            .Where(element => fields.Children.ContainsKey(element.Name))
            .Aggregate(fields, (all, element) => all.With(element.Name, Expand(all.Child(element.Name), element.Value, element.Schema)));
    }

    /// <summary>Those of the fields that the value has. What is part of every object is nobody's as such.</summary>
    public static FieldSet FieldsIn(FieldSet fields, JsonNode? value, FieldSchema schema, bool always = false)
    {
        bool isMember = fields.IsMember && value is not null;
        if (!IsGranular(schema))
            return isMember ? FieldSet.Leaf : FieldSet.Empty;

        return Elements(value, schema)
            .Where(element => fields.Children.ContainsKey(element.Name))
            .Aggregate(FieldSet.Empty with { IsMember = isMember && !always }, (all, element) =>
                all.With(element.Name, FieldsIn(fields.Child(element.Name), element.Value, element.Schema, element.Always)));
    }

    /// <summary>Removes the fields in <paramref name="unwanted"/> below which nothing of <paramref name="kept"/> lies.</summary>
    public static void Prune(JsonNode? value, FieldSchema schema, FieldSet unwanted, FieldSet kept)
    {
        foreach (Element element in Elements(value, schema).Where(element => unwanted.Children.ContainsKey(element.Name)).ToList())
        {
            FieldSet child = unwanted.Child(element.Name);
            if (child.IsMember && kept.Child(element.Name).IsEmpty)
                Take(value!, element);
            else
                Prune(element.Value, element.Schema, child, kept.Child(element.Name));
        }
    }

    private static bool IsGranular(FieldSchema schema) => schema is Struct or Map or List { Kind: not ListKind.Atomic };

    private static IEnumerable<Element> Elements(JsonNode? value, FieldSchema schema) => (schema, value) switch
    {
        (Struct fields, JsonObject members) => MembersOf(members, fields),
        (Map map, JsonObject entries) => entries.Select(entry => new Element("f:" + entry.Key, entry.Key, entry.Value, map.Values)),
        (List { Kind: ListKind.Set } list, JsonArray items) => items
            .DistinctBy(item => item?.ToJsonString())
            .Select(item => new Element("v:" + item?.ToJsonString(), null, item, list.Items, IsItem: true)),
        (List { Kind: ListKind.Associative } list, JsonArray items) => items.OfType<JsonObject>()
            .Select(item => new Element(KeyOf(item, list), null, item, list.Items, IsItem: true))
            .DistinctBy(element => element.Name),
        _ => [],
    };

    private static IEnumerable<Element> MembersOf(JsonObject members, Struct schema)
    {
        foreach (Field field in schema.Fields)
        {
            if (members[field.Name] is { } member)
                yield return new Element(field.OwnedAs, field.Name, member, field.Schema, field.Always);
        }
    }

    private static string KeyOf(JsonObject item, List list)
    {
        var keys = new JsonObject();
        var fields = (Struct)list.Items;
        foreach (string key in list.Keys.Order(StringComparer.Ordinal))
            keys[key] = item[key]?.DeepClone() ?? fields.Fields.Single(field => field.Name == key).DefaultNode;

        return "k:" + keys.ToJsonString();
    }

    private static void Put(JsonNode parent, Element element, Element? present, JsonNode? value)
    {
        if (element.Member is not null)
            parent.AsObject()[element.Member] = value;
        else if (present is null)
            parent.AsArray().Add(value);
        else
            parent.AsArray()[parent.AsArray().IndexOf(present.Value)] = value;
    }

    private static void Take(JsonNode parent, Element element)
    {
        if (element.Member is not null)
            parent.AsObject().Remove(element.Member);
        else
            parent.AsArray().Remove(element.Value);
    }

    /// <summary>One child of a value: a field, an entry of a map, an item of a list.</summary>
    /// <param name="Name">As in FieldsV1.</param>
    /// <param name="Member">The name in the parent object; null for an item of a list.</param>
    private sealed record Element(string Name, string? Member, JsonNode? Value, FieldSchema Schema, bool Always = false, bool IsItem = false);
}

/// <summary>Which fields differ between two versions of an object.</summary>
/// <param name="Set">Fields that were added or got another value.</param>
/// <param name="Removed">Fields that are gone.</param>
internal sealed record FieldChanges(FieldSet Set, FieldSet Removed)
{
    public static FieldChanges None { get; } = new(FieldSet.Empty, FieldSet.Empty);

    public static FieldChanges SetWhole { get; } = new(FieldSet.Leaf, FieldSet.Empty);

    public static FieldChanges RemovedWhole { get; } = new(FieldSet.Empty, FieldSet.Leaf);

    /// <summary>These, and those of a child.</summary>
    public FieldChanges With(string name, FieldChanges child) =>
        child == None ? this : new FieldChanges(Set.With(name, child.Set), Removed.With(name, child.Removed));
}
