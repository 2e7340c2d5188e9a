using System.Text.Json.Nodes;
using DynamicToolset.Sandbox.Json;

namespace DynamicToolset.Sandbox.Resources;

/// <summary>Deployments as objects that others can belong to. No controller acts on them, so their status stays empty.</summary>
internal sealed class DeploymentRules : ResourceRules
{
    public override string? CheckName(string name) => KubeNames.CheckDns1123Subdomain(name);

    public override void SetDefaults(JsonObject value)
    {
        JsonObject spec = value.ChildOrNew("spec");
        spec.SetDefault("replicas", 1L);
        spec.SetDefault("strategy", new JsonObject
        {
            ["type"] = "RollingUpdate",
            ["rollingUpdate"] = new JsonObject { ["maxUnavailable"] = "25%", ["maxSurge"] = "25%" },
        });
        spec.SetDefault("revisionHistoryLimit", 10L);
        spec.SetDefault("progressDeadlineSeconds", 600L);
    }

    public override IEnumerable<FieldError> Validate(JsonObject value, JsonObject? stored)
    {
        JsonObject? spec = value.Child("spec");
        JsonObject? template = spec.Child("template");
        if (spec.Child("selector") is not { Count: > 0 })
            yield return FieldError.Required("spec.selector");

        JsonObject labels = template.Child("metadata").Child("labels") ?? [];
        JsonObject wanted = spec.Child("selector").Child("matchLabels") ?? [];
        if (wanted.Any(label => labels.Text(label.Key) != label.Value.AsText()))
            yield return FieldError.Invalid("spec.template.metadata.labels", labels.ToJsonString(), "`selector` does not match template `labels`");

        if (!template.Child("spec").Items("containers").Any())
            yield return FieldError.Required("spec.template.spec.containers");

        if (stored is not null && !JsonNode.DeepEquals(spec?["selector"], stored.Child("spec")?["selector"]))
            yield return FieldError.Invalid("spec.selector", spec?["selector"]?.ToJsonString() ?? "", "field is immutable");
    }
}
