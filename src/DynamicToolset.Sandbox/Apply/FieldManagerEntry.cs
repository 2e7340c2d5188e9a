using System.Text.Json.Nodes;
using DynamicToolset.Sandbox.Json;

namespace DynamicToolset.Sandbox.Apply;

/// <summary>What one manager owns, an entry of <c>metadata.managedFields</c>.</summary>
internal sealed record FieldManagerEntry(string Manager, bool IsApply, string Time, FieldSet Fields)
{
    /// <summary>As conflict messages name it.</summary>
    public string Display => IsApply ? $"\"{Manager}\"" : $"\"{Manager}\" using v1";

    public static FieldManagerEntry Parse(JsonObject entry) => new(
        entry.Text("manager") ?? "",
        entry.Text("operation") == "Apply",
        entry.Text("time") ?? "",
        FieldSet.Parse(entry.Child("fieldsV1") ?? []));

    public bool IsOf(string manager, bool apply) => IsApply == apply && Manager == manager;

    public JsonObject ToJson(string apiVersion)
    {
        var entry = new JsonObject
        {
            ["manager"] = Manager,
            ["operation"] = IsApply ? "Apply" : "Update",
            ["apiVersion"] = apiVersion,
        };
        if (Time.Length > 0)
            entry["time"] = Time;

        entry["fieldsType"] = "FieldsV1";
        entry["fieldsV1"] = Fields.ToJson();
        return entry;
    }
}
