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
        foreach ((string name, JsonNode? change) in changes)
        {
            if (change is null)
                result.Remove(name);
            else
                result[name] = Apply(result[name], change);
        }

        return result;
    }
}
