using System.Text.Json.Nodes;

namespace DynamicToolset.Sandbox.Resources;

/// <summary>ServiceAccounts: names alone count here, there are no Secrets for them.</summary>
internal sealed class ServiceAccountRules : ResourceRules
{
    public override string? CheckName(string name) => KubeNames.CheckDns1123Subdomain(name);

    public override IEnumerable<FieldError> Validate(JsonObject value, JsonObject? stored) => [];
}
