using System.Text.Json.Nodes;
using DynamicToolset.Sandbox.Json;
using DynamicToolset.Sandbox.Schema;
using static DynamicToolset.Sandbox.Schema.FieldSchema;

namespace DynamicToolset.Sandbox.Patching;

/// <summary>
/// Strategic merge patch with its directives <c>$patch</c>, <c>$retainKeys</c>, <c>$setElementOrder</c> and
/// <c>$deleteFromPrimitiveList</c>: kubernetes/community, contributors/devel/sig-api-machinery/strategic-merge-patch.md.
/// </summary>
internal static class StrategicMergePatch
{
    private const string Directive = "$patch";
    private const string RetainKeys = "$retainKeys";
    private const string SetElementOrder = "$setElementOrder/";
    private const string DeleteFromPrimitiveList = "$deleteFromPrimitiveList/";

    /// <summary>The patched object; neither argument is changed.</summary>
    /// <exception cref="PatchException">A directive is unknown, or an item of a merged list lacks its merge key.</exception>
    public static JsonObject Apply(JsonObject target, JsonObject patch, FieldSchema schema)
    {
        switch (patch.Text(Directive))
        {
            case "replace":
                return WithoutDirectives(patch);
            case "delete":
                return [];
            case null or "merge":
                break;
            default:
                throw new PatchException($"unknown patch directive \"{patch.Text(Directive)}\"");
        }

        JsonObject result = target.Copy();
        RetainOnly(result, patch);
        foreach ((string name, JsonNode? change) in patch.Where(member => !member.Key.StartsWith('$')))
            Merge(result, name, change, patch, SchemaOf(schema, name));

        ApplyListDirectives(result, patch, schema);
        return result;
    }

    private static void Merge(JsonObject result, string name, JsonNode? change, JsonObject patch, FieldSchema? schema)
    {
        switch (change)
        {
            case null:
                result.Remove(name);
                break;
            case JsonObject changes:
                result[name] = Apply(result.Child(name) ?? [], changes, schema ?? new Anything());
                break;
            case JsonArray items:
                result[name] = MergeList(result[name] as JsonArray ?? [], items, patch[SetElementOrder + name] as JsonArray, schema as List);
                break;
            default:
                result[name] = change.DeepClone();
                break;
        }
    }

    /// <summary>Directives for a list whose own name does not stand in the patch: nothing but a new order, or values to delete.</summary>
    private static void ApplyListDirectives(JsonObject result, JsonObject patch, FieldSchema schema)
    {
        foreach ((string directive, JsonNode? value) in patch)
        {
            if (directive.StartsWith(DeleteFromPrimitiveList, StringComparison.Ordinal) && value is JsonArray unwanted)
            {
                string name = directive[DeleteFromPrimitiveList.Length..];
                JsonArray kept = [.. (result[name] as JsonArray ?? []).Where(item => !unwanted.Any(other => JsonNode.DeepEquals(item, other))).Select(Clone)];
                result[name] = kept;
            }
            else if (directive.StartsWith(SetElementOrder, StringComparison.Ordinal) && value is JsonArray order)
            {
                string name = directive[SetElementOrder.Length..];
                if (!patch.ContainsKey(name) && result[name] is JsonArray items)
                    result[name] = Reorder(items, items, order, (SchemaOf(schema, name) as List)?.PatchKey);
            }
        }
    }

    private static JsonArray MergeList(JsonArray original, JsonArray patch, JsonArray? order, List? schema)
    {
        bool replaced = patch.OfType<JsonObject>().Any(item => item.Text(Directive) == "replace" && item.Count == 1);
        if (replaced || schema is null or { PatchKey: null, Kind: not ListKind.Set })
            return [.. patch.Where(item => (item as JsonObject).Text(Directive) != "replace").Select(Clone)];

        JsonArray merged = schema.PatchKey is null ? MergeValues(original, patch) : MergeItems(original, patch, schema, schema.PatchKey);
        return order is null ? merged : Reorder(merged, original, order, schema.PatchKey);
    }

    private static JsonArray MergeValues(JsonArray original, JsonArray patch) =>
        [.. original.Concat(patch.Where(item => !original.Any(other => JsonNode.DeepEquals(item, other)))).Select(Clone)];

    private static JsonArray MergeItems(JsonArray original, JsonArray patch, List schema, string key)
    {
        List<JsonObject> merged = [.. original.OfType<JsonObject>().Select(item => item.Copy())];
        foreach (JsonObject item in patch.OfType<JsonObject>())
        {
            JsonNode id = item[key] ?? throw new PatchException($"map: {item.ToJsonString()} does not contain declared merge key: {key}");
            int index = merged.FindIndex(other => JsonNode.DeepEquals(other[key], id));
            if (item.Text(Directive) == "delete")
                merged.RemoveAll(other => JsonNode.DeepEquals(other[key], id));
            else if (index < 0)
                merged.Add(Apply([], item, schema.Items));
            else
                merged[index] = Apply(merged[index], item, schema.Items);
        }

        return new JsonArray([.. merged]);
    }

    /// <summary>
    /// Puts the items named in <paramref name="order"/> into that order; the others, which only the server has, stay before the
    /// item that they preceded.
    /// </summary>
    private static JsonArray Reorder(JsonArray items, JsonArray original, JsonArray order, string? key)
    {
        List<JsonNode?> named = [.. order.Select(wanted => items.FirstOrDefault(item => Same(item, wanted, key))).Where(item => item is not null)];
        List<JsonNode?> serverOnly = [.. items.Where(item => !named.Contains(item))];
        var result = new JsonArray();
        int next = 0;
        foreach (JsonNode? item in named)
        {
            while (next < serverOnly.Count && Precedes(original, serverOnly[next], item, key))
                result.Add(Clone(serverOnly[next++]));

            result.Add(Clone(item));
        }

        foreach (JsonNode? item in serverOnly.Skip(next))
            result.Add(Clone(item));

        return result;
    }

    private static bool Precedes(JsonArray original, JsonNode? left, JsonNode? right, string? key)
    {
        List<JsonNode?> places = [.. original];
        int leftPlace = places.FindIndex(item => Same(item, left, key));
        int rightPlace = places.FindIndex(item => Same(item, right, key));
        return leftPlace >= 0 && rightPlace >= 0 && leftPlace < rightPlace;
    }

    private static bool Same(JsonNode? left, JsonNode? right, string? key) => key is null
        ? JsonNode.DeepEquals(left, right)
        : JsonNode.DeepEquals((left as JsonObject)?[key], (right as JsonObject)?[key]);

    private static void RetainOnly(JsonObject result, JsonObject patch)
    {
        if (patch[RetainKeys] is not JsonArray retained)
            return;

        foreach (string name in result.Select(member => member.Key).Where(name => retained.All(key => key.AsText() != name)).ToList())
            result.Remove(name);
    }

    /// <summary>A patch that becomes the value itself. Nulls stay here: in a map of texts they are empty texts.</summary>
    private static JsonObject WithoutDirectives(JsonObject patch) =>
        new(patch.Where(member => !member.Key.StartsWith('$')).Select(member => KeyValuePair.Create(member.Key, Clone(member.Value))));

    private static JsonNode? Clone(JsonNode? node) => node?.DeepClone();

    private static FieldSchema? SchemaOf(FieldSchema schema, string name) => schema switch
    {
        Struct fields => fields.Fields.FirstOrDefault(field => field.Name == name)?.Schema,
        Map map => map.Values,
        _ => null,
    };
}
