using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using DynamicToolset.Sandbox.Json;
using static DynamicToolset.Sandbox.Schema.FieldSchema;

namespace DynamicToolset.Sandbox.Schema;

/// <summary>
/// Brings an object into the form in which the API server keeps it: fields in their order, maps sorted, unknown fields and empty
/// values gone. Two objects that mean the same are equal after it.
/// </summary>
internal static class ObjectShape
{
    /// <param name="unknown">Receives the path of each field that the schema does not know, for strict field validation.</param>
    /// <exception cref="ShapeException">A field has the wrong type.</exception>
    public static JsonObject Conform(JsonObject value, Struct schema, ICollection<string>? unknown = null) =>
        ConformStruct(value, schema, "", unknown) as JsonObject ?? [];

    private static JsonNode? Conform(JsonNode? value, FieldSchema schema, string path, ICollection<string>? unknown) => (schema, value) switch
    {
        (_, null) => null,
        (Scalar scalar, _) => ConformScalar(value, scalar, path),
        (Map map, JsonObject entries) => ConformMap(entries, map, path),
        (List list, JsonArray items) => ConformList(items, list, path, unknown),
        (Struct fields, JsonObject members) => ConformStruct(members, fields, path, unknown),
        (Anything, JsonObject) => value.DeepClone(),
        _ => throw Mismatch(value, schema, path),
    };

    private static JsonObject ConformStruct(JsonObject value, Struct schema, string path, ICollection<string>? unknown)
    {
        var result = new JsonObject();
        foreach (Field field in schema.Fields)
        {
            JsonNode? given = value[field.Name];
            JsonNode? member = given is null ? null : Conform(given, field.Schema, Join(path, field.Name), unknown);
            member ??= field is { Always: true, Schema: Struct inner } ? ConformStruct([], inner, "", null) : null;
            if (member is not null && !IsLeftOut(member, field.Schema))
                result[field.Name] = member;
        }

        if (unknown is null)
            return result;
        foreach ((string name, _) in value.Where(member => schema.Fields.All(field => field.Name != member.Key)))
            unknown.Add(Join(path, name));

        return result;
    }

    private static JsonObject ConformMap(JsonObject entries, Map schema, string path)
    {
        var result = new JsonObject();
        foreach ((string name, JsonNode? value) in entries.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            // A null in a map of texts is an empty text, as in Go.
            result[name] = value is null ? JsonValue.Create("") : ConformScalar(value, schema.Values, Join(path, name));
        }

        return result;
    }

    private static JsonArray ConformList(JsonArray items, List schema, string path, ICollection<string>? unknown)
    {
        var result = new JsonArray();
        for (int index = 0; index < items.Count; index++)
        {
            string itemPath = string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]");
            JsonNode? item = Conform(items[index], schema.Items, itemPath, unknown);
            result.Add(item ?? (schema.Items is Struct ? new JsonObject() : JsonValue.Create("")));
        }

        return result;
    }

    private static JsonNode ConformScalar(JsonNode value, Scalar schema, string path)
    {
        JsonValueKind kind = value.GetValueKind();
        bool fits = schema.Kind switch
        {
            ScalarKind.Text or ScalarKind.Time or ScalarKind.MicroTime or ScalarKind.Bytes => kind == JsonValueKind.String,
            ScalarKind.Boolean => kind is JsonValueKind.True or JsonValueKind.False,
            ScalarKind.Integer => value.AsNumber() is not null,
            _ => kind == JsonValueKind.String || value.AsNumber() is not null,
        };
        if (!fits)
            throw Mismatch(value, schema, path);

        return schema.Kind switch
        {
            ScalarKind.Time => CheckTime(value, path),
            ScalarKind.MicroTime => CheckMicroTime(value, path),
            ScalarKind.Bytes => CheckBytes(value, path),
            _ => value.DeepClone(),
        };
    }

    private static JsonNode CheckTime(JsonNode value, string path) =>
        DateTimeOffset.TryParse(value.AsText(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _)
            ? value.DeepClone()
            : throw new ShapeException($"{path}: \"{value.AsText()}\" is not an RFC 3339 time");

    private static JsonNode CheckMicroTime(JsonNode value, string path) => KubeTime.IsMicro(value.AsText() ?? "")
        ? value.DeepClone()
        : throw new ShapeException($"{path}: parsing time \"{value.AsText()}\" as \"2006-01-02T15:04:05.000000Z07:00\": cannot parse it");

    private static JsonValue CheckBytes(JsonNode value, string path)
    {
        try
        {
            return JsonValue.Create(Convert.ToBase64String(Convert.FromBase64String(value.AsText() ?? "")));
        }
        catch (FormatException)
        {
            throw new ShapeException($"{path}: illegal base64 data");
        }
    }

    private static bool IsLeftOut(JsonNode value, FieldSchema schema) => (schema, value) switch
    {
        (Map, JsonObject entries) => entries.Count == 0,
        (List, JsonArray items) => items.Count == 0,
        (Scalar { KeepsZero: false }, JsonValue scalar) => IsZero(scalar),
        _ => false,
    };

    private static bool IsZero(JsonValue value) => value.GetValueKind() switch
    {
        JsonValueKind.String => value.AsText() is "",
        JsonValueKind.Number => value.AsNumber() is 0,
        JsonValueKind.False => true,
        _ => false,
    };

    private static ShapeException Mismatch(JsonNode value, FieldSchema schema, string path)
    {
        string found = value.GetValueKind() switch
        {
            JsonValueKind.Object => "object",
            JsonValueKind.Array => "array",
            JsonValueKind.String => "string",
            JsonValueKind.Number => "number",
            _ => "bool",
        };
        string expected = schema switch
        {
            Scalar { Kind: ScalarKind.Integer } => "int32",
            Scalar { Kind: ScalarKind.Boolean } => "bool",
            Scalar { Kind: ScalarKind.IntegerOrText } => "intstr.IntOrString",
            Scalar => "string",
            Map => "map[string]string",
            List => "list",
            _ => "object",
        };
        return new ShapeException($"json: cannot unmarshal {found} into Go struct field {path} of type {expected}");
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}

/// <summary>A field holds something else than its schema allows.</summary>
internal sealed class ShapeException(string message) : Exception(message);
