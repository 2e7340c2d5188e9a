using System.Text.Json.Nodes;

namespace DynamicToolset.Sandbox.Patching;

/// <summary>JSON merge patch, RFC 7396.</summary>
internal static class MergePatch
{
    /// <summary>The patched value; neither argument is changed.</summary>
    public static JsonNode? Apply(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
            return patch?.DeepClone();

        JsonObject result = target is JsonObject ? target.DeepClone().AsObject() : [];
        Change(result, changes);
        return result;
    }

    private static void Change(JsonObject target, JsonObject changes)
    {
        foreach ((string name, JsonNode? change) in changes)
        {
            if (change is null)
                target.Remove(name);
            else if (change is JsonObject inner && target[name] is JsonObject child)
                Change(child, inner);
            else
                target[name] = Apply(null, change);
        }
    }
}
