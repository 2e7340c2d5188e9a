using System.Text.Json.Nodes;
using DynamicToolset.Sandbox.Json;
using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Sandbox.Schema;
using static DynamicToolset.Sandbox.Schema.FieldSchema;

namespace DynamicToolset.Sandbox.Discovery;

/// <summary>
/// The OpenAPI 2.0 description of the simulated objects, with the extensions of Kubernetes: kubectl validates manifests and finds merge
/// keys by it, and sees by the parameters of PATCH what the server supports.
/// </summary>
internal static class OpenApiDocument
{
    public static JsonObject Create()
    {
        var definitions = new JsonObject();
        var paths = new JsonObject();
        foreach (KubeResource resource in KubeResource.All)
        {
            Define(resource.Schema, definitions);
            definitions.Child(resource.Schema.Definition)!["x-kubernetes-group-version-kind"] = new JsonArray(TypeOf(resource));
            string place = resource.IsNamespaced ? "namespaces/{namespace}/" : "";
            paths[$"{resource.GroupPath}/{place}{resource.Plural}/{{name}}"] = new JsonObject { ["patch"] = Patch(resource) };
        }

        return new JsonObject
        {
            ["swagger"] = "2.0",
            ["info"] = new JsonObject { ["title"] = "Kubernetes sandbox", ["version"] = "v1.34.0" },
            ["paths"] = paths,
            ["definitions"] = definitions,
        };
    }

    private static JsonObject Patch(KubeResource resource) => new()
    {
        ["description"] = $"partially update the specified {resource.Kind}",
        ["operationId"] = $"patch{NameOf(resource.Group)}V1{(resource.IsNamespaced ? "Namespaced" : "")}{resource.Kind}",
        ["parameters"] = new JsonArray(Query("dryRun", "string"), Query("fieldManager", "string"), Query("fieldValidation", "string"), Query("force", "boolean")),
        ["responses"] = new JsonObject
        {
            ["200"] = new JsonObject { ["description"] = "OK", ["schema"] = Reference(resource.Schema) },
        },
        ["x-kubernetes-group-version-kind"] = TypeOf(resource),
    };

    /// <summary>The first word of a group, as it begins the names of operations.</summary>
    private static string NameOf(string group) => group.Length == 0 ? "Core" : char.ToUpperInvariant(group[0]) + group[1..].Split('.')[0];

    private static JsonObject Query(string name, string type) => new()
    {
        ["name"] = name,
        ["in"] = "query",
        ["type"] = type,
        ["uniqueItems"] = true,
    };

    private static JsonObject TypeOf(KubeResource resource) => new()
    {
        ["group"] = resource.Group,
        ["kind"] = resource.Kind,
        ["version"] = "v1",
    };

    private static void Define(Struct schema, JsonObject definitions)
    {
        if (definitions.ContainsKey(schema.Definition))
            return;

        var properties = new JsonObject();
        definitions[schema.Definition] = new JsonObject { ["type"] = "object", ["properties"] = properties };
        foreach (Field field in schema.Fields)
            properties[field.Name] = Describe(field.Schema, definitions);
    }

    private static JsonObject Describe(FieldSchema schema, JsonObject definitions)
    {
        switch (schema)
        {
            case Struct inner:
                Define(inner, definitions);
                return Reference(inner);
            case Map map:
                return new JsonObject { ["type"] = "object", ["additionalProperties"] = Describe(map.Values, definitions) };
            case List list:
                return Describe(list, definitions);
            case Scalar scalar:
                return Describe(scalar);
            default:
                return new JsonObject { ["type"] = "object" };
        }
    }

    private static JsonObject Describe(List list, JsonObject definitions)
    {
        var result = new JsonObject { ["type"] = "array", ["items"] = Describe(list.Items, definitions) };
        switch (list.Kind)
        {
            case ListKind.Associative:
                result["x-kubernetes-list-type"] = "map";
                result["x-kubernetes-list-map-keys"] = new JsonArray([.. list.Keys.Select(key => JsonValue.Create(key))]);
                result["x-kubernetes-patch-merge-key"] = list.PatchKey;
                result["x-kubernetes-patch-strategy"] = "merge";
                break;
            case ListKind.Set:
                result["x-kubernetes-list-type"] = "set";
                result["x-kubernetes-patch-strategy"] = "merge";
                break;
            default:
                result["x-kubernetes-list-type"] = "atomic";
                break;
        }

        return result;
    }

    private static JsonObject Describe(Scalar scalar) => scalar.Kind switch
    {
        ScalarKind.Integer => new JsonObject { ["type"] = "integer", ["format"] = "int32" },
        ScalarKind.Boolean => new JsonObject { ["type"] = "boolean" },
        ScalarKind.IntegerOrText => new JsonObject { ["type"] = "string", ["format"] = "int-or-string" },
        ScalarKind.Time or ScalarKind.MicroTime => new JsonObject { ["type"] = "string", ["format"] = "date-time" },
        ScalarKind.Bytes => new JsonObject { ["type"] = "string", ["format"] = "byte" },
        _ => new JsonObject { ["type"] = "string" },
    };

    private static JsonObject Reference(Struct schema) => new() { ["$ref"] = $"#/definitions/{schema.Definition}" };
}
