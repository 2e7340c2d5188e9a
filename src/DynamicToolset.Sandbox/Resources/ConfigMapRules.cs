using System.Text;
using System.Text.Json.Nodes;
using DynamicToolset.Sandbox.Json;

namespace DynamicToolset.Sandbox.Resources;

/// <summary>ConfigMaps: keys, sizes, immutability.</summary>
internal sealed class ConfigMapRules : ResourceRules
{
    /// <summary>Bytes of all values together.</summary>
    private const int DataLimit = 1024 * 1024;

    private static readonly string[] Contents = ["data", "binaryData"];

    public override string? CheckName(string name) => KubeNames.CheckDns1123Subdomain(name);

    public override IEnumerable<FieldError> Validate(JsonObject value, JsonObject? stored)
    {
        JsonObject data = value.Child("data") ?? [];
        JsonObject binaryData = value.Child("binaryData") ?? [];
        foreach (FieldError error in CheckKeys(data, "data").Concat(CheckKeys(binaryData, "binaryData")))
            yield return error;

        foreach (string key in data.Select(entry => entry.Key).Where(binaryData.ContainsKey))
            yield return FieldError.Invalid($"data[{key}]", key, "duplicate of key present in binaryData");

        long size = data.Sum(entry => (long)Encoding.UTF8.GetByteCount(entry.Value.AsText() ?? ""))
            + binaryData.Sum(entry => (long)Convert.FromBase64String(entry.Value.AsText() ?? "").Length);
        if (size > DataLimit)
            yield return FieldError.TooLong("", DataLimit);

        foreach (FieldError error in CheckImmutable(value, stored))
            yield return error;
    }

    private static IEnumerable<FieldError> CheckKeys(JsonObject entries, string field) => entries
        .Select(entry => (entry.Key, Problem: KubeNames.CheckConfigMapKey(entry.Key)))
        .Where(entry => entry.Problem is not null)
        .Select(entry => FieldError.Invalid($"{field}[{entry.Key}]", entry.Key, entry.Problem!));

    private static IEnumerable<FieldError> CheckImmutable(JsonObject value, JsonObject? stored)
    {
        if (!stored.IsTrue("immutable"))
            yield break;

        string[] changed = [.. Contents.Where(field => !JsonNode.DeepEquals(value[field], stored![field]))];
        if (!value.IsTrue("immutable"))
            changed = ["immutable", .. changed];

        foreach (string field in changed)
            yield return FieldError.Forbidden(field, "field is immutable when `immutable` is set");
    }
}
