using System.Text.Json.Nodes;
using DynamicToolset.Sandbox.Json;

namespace DynamicToolset.Sandbox.Resources;

/// <summary>Events: they live where the object is that they tell of, and those with a time of their own name who reports.</summary>
internal sealed class EventRules : ResourceRules
{
    private static readonly string[] Required = ["reportingInstance", "action", "reason", "type"];

    public override bool CreatesOnUpdate => true;

    public override IReadOnlyList<string> SelectableFields { get; } =
    [
        "involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid", "involvedObject.apiVersion",
        "involvedObject.resourceVersion", "involvedObject.fieldPath", "reason", "reportingComponent", "source", "type",
    ];

    public override string? CheckName(string name) => KubeNames.CheckDns1123Subdomain(name);

    public override void SetDefaults(JsonObject value)
    {
        value.SetDefault("reportingComponent", "");
        value.SetDefault("reportingInstance", "");
    }

    public override string ValueOf(JsonObject value, string field) => field switch
    {
        "source" => value.Child("source").Text("component") ?? value.Text("reportingComponent") ?? "",
        _ when field.StartsWith("involvedObject.", StringComparison.Ordinal) => value.Child("involvedObject").Text(field["involvedObject.".Length..]) ?? "",
        _ => value.Text(field) ?? "",
    };

    public override IEnumerable<FieldError> Validate(JsonObject value, JsonObject? stored)
    {
        string place = value.Child("metadata").Text("namespace") ?? "";
        string involved = value.Child("involvedObject").Text("namespace") ?? "";
        // Cluster-scoped objects have their events in the namespace "default".
        if (involved != place && (involved.Length > 0 || place != "default"))
            yield return FieldError.Invalid("involvedObject.namespace", involved, "does not match event.namespace");

        if (value["eventTime"] is null)
            yield break;

        string reporter = value.Text("reportingComponent") ?? "";
        if (reporter.Length == 0)
            yield return FieldError.Required("reportingController");

        if (KubeNames.CheckQualifiedName(reporter) is { } problem)
            yield return FieldError.Invalid("reportingController", reporter, problem);

        foreach (string field in Required.Where(field => string.IsNullOrEmpty(value.Text(field))))
            yield return FieldError.Required(field);
    }
}
