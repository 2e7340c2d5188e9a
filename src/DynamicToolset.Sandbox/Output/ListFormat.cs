using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using DynamicToolset.Sandbox.Json;
using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Sandbox.Storage;

namespace DynamicToolset.Sandbox.Output;

/// <summary>Lists out of stored text, without taking the objects apart: lists of many thousand objects stay cheap.</summary>
internal static class ListFormat
{
    public static ReadOnlyMemory<byte> Write(KubeResource resource, ObjectPage page)
    {
        var buffer = new ArrayBufferWriter<byte>(1024 + page.Items.Sum(item => item.Json.Length));
        buffer.Write(Encoding.UTF8.GetBytes($"{{\"kind\":\"{resource.Kind}List\",\"apiVersion\":\"{resource.ApiVersion}\",\"metadata\":"));
        buffer.Write(JsonText.Write(Metadata(page)));
        buffer.Write(",\"items\":["u8);
        bool isFirst = true;
        foreach (StoredObject item in page.Items)
        {
            // Items carry neither kind nor version, as the list says both.
            buffer.Write(isFirst ? "{"u8 : ",{"u8);
            buffer.Write(item.ListItemTail.Span);
            isFirst = false;
        }

        buffer.Write("]}"u8);
        return buffer.WrittenMemory;
    }

    public static JsonObject Metadata(ObjectPage page)
    {
        var metadata = new JsonObject { ["resourceVersion"] = page.Version.ToString(CultureInfo.InvariantCulture) };
        if (page.Continue is not null)
            metadata["continue"] = page.Continue;

        if (page.Remaining is { } remaining)
            metadata["remainingItemCount"] = remaining;

        return metadata;
    }
}

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
