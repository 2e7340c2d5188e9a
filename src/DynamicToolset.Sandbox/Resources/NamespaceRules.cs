using System.Text.Json.Nodes;
using DynamicToolset.Sandbox.Json;

namespace DynamicToolset.Sandbox.Resources;

/// <summary>Namespaces: active from the start, labelled with their own name.</summary>
internal sealed class NamespaceRules : ResourceRules
{
    public override string? CheckName(string name) => KubeNames.CheckDns1123Label(name);

    public override void SetDefaults(JsonObject value)
    {
        value.ChildOrNew("status").SetDefault("phase", "Active");
        JsonObject metadata = value.ChildOrNew("metadata");
        if (metadata.Text("name") is { } name)
            metadata.ChildOrNew("labels")["kubernetes.io/metadata.name"] = name;
    }

    public override void Allocate(JsonObject value, ServiceAllocator allocator) =>
        value.ChildOrNew("spec").SetDefault("finalizers", new JsonArray("kubernetes"));

    public override IEnumerable<FieldError> Validate(JsonObject value, JsonObject? stored) => [];
}
