using System.Text.Json.Nodes;

namespace DynamicToolset.Sandbox.Resources;

/// <summary>Events: an always empty list, so nothing is ever checked.</summary>
internal sealed class EventRules : ResourceRules
{
    public override string? CheckName(string name) => KubeNames.CheckDns1123Subdomain(name);

    public override IEnumerable<FieldError> Validate(JsonObject value, JsonObject? stored) => [];
}
