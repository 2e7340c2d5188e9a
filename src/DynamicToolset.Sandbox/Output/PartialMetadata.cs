using System.Text.Json.Nodes;
using DynamicToolset.Sandbox.Storage;

namespace DynamicToolset.Sandbox.Output;

/// <summary>Objects cut down to their metadata.</summary>
internal static class PartialMetadata
{
    public static JsonObject Of(JsonObject value) => new()
    {
        ["kind"] = "PartialObjectMetadata",
        ["apiVersion"] = "meta.k8s.io/v1",
        ["metadata"] = value["metadata"]?.DeepClone(),
    };

    public static JsonObject ListOf(ObjectPage page) => new()
    {
        ["kind"] = "PartialObjectMetadataList",
        ["apiVersion"] = "meta.k8s.io/v1",
        ["metadata"] = ListFormat.Metadata(page),
        ["items"] = new JsonArray([.. page.Items.Select(item => Of(item.Read()))]),
    };
}
