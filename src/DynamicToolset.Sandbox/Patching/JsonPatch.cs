using System.Text.Json.Nodes;
using DynamicToolset.Sandbox.Json;

namespace DynamicToolset.Sandbox.Patching;

/// <summary>JSON patch, RFC 6902: all operations or none.</summary>
internal static class JsonPatch
{
    /// <exception cref="PatchException">The patch is malformed, a test fails, or a place does not exist.</exception>
    public static JsonNode? Apply(JsonNode target, JsonNode? patch)
    {
        if (patch is not JsonArray operations)
            throw new PatchException("a JSON patch is a list of operations", IsMalformed: true);

        JsonNode? result = target.DeepClone();
        foreach (JsonNode? operation in operations)
            result = Apply(result, operation as JsonObject ?? throw new PatchException("an operation is an object", IsMalformed: true));

        return result;
    }

    private static JsonNode? Apply(JsonNode? root, JsonObject operation)
    {
        JsonPointer path = Pointer(operation, "path");
        switch (operation.Text("op"))
        {
            case "add":
                return Add(root, path, Value(operation));
            case "remove":
                return Remove(root, path);
            case "replace":
                path.Find(root);
                return path.IsRoot ? Value(operation) : Add(Remove(root, path), path, Value(operation));
            case "move":
                return Move(root, Pointer(operation, "from"), path);
            case "copy":
                return Add(root, path, Pointer(operation, "from").Find(root)?.DeepClone());
            case "test":
                return Test(root, path, Value(operation));
            default:
                throw new PatchException($"unknown operation \"{operation.Text("op")}\"");
        }
    }

    private static JsonNode? Add(JsonNode? root, JsonPointer path, JsonNode? value)
    {
        if (path.IsRoot)
            return value;

        if (path.FindParent(root) is JsonArray items)
            items.Insert(JsonPointer.IndexOf(path.LastToken, items, forInsert: true), value);
        else
            path.FindParent(root).AsObject()[path.LastToken] = value;

        return root;
    }

    private static JsonNode? Remove(JsonNode? root, JsonPointer path)
    {
        path.Find(root);
        if (path.IsRoot)
            return null;

        if (path.FindParent(root) is JsonArray items)
            items.RemoveAt(JsonPointer.IndexOf(path.LastToken, items, forInsert: false));
        else
            path.FindParent(root).AsObject().Remove(path.LastToken);

        return root;
    }

    private static JsonNode? Move(JsonNode? root, JsonPointer from, JsonPointer path)
    {
        if (from.Contains(path))
            throw new PatchException("a value cannot be moved into itself");

        JsonNode? moved = from.Find(root)?.DeepClone();
        return Add(Remove(root, from), path, moved);
    }

    private static JsonNode? Test(JsonNode? root, JsonPointer path, JsonNode? expected) =>
        JsonNode.DeepEquals(path.Find(root), expected) ? root : throw new PatchException("a test operation failed");

    private static JsonPointer Pointer(JsonObject operation, string name) =>
        JsonPointer.Parse(operation.Text(name) ?? throw new PatchException($"an operation lacks \"{name}\""));

    private static JsonNode? Value(JsonObject operation) => operation.TryGetPropertyValue("value", out JsonNode? value)
        ? value?.DeepClone()
        : throw new PatchException("an operation lacks \"value\"");
}
