using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Manifests;

namespace DynamicToolset.Score;

/// <summary>
/// Reads a corpus of labeled Services, a JSON object on each line:
/// <c>{"install", "service": {"name", "namespace", "labels", "annotations", "ports", "type", "headless", "externalName", "selector"},
/// "expected": {"type", "port", "scheme", "primary", "schemeVisible", "alsoAcceptable"}}</c>. Without <c>expected</c> the Service should not
/// be found. What is left out of <c>service</c> is as in a manifest, and <c>schemeVisible</c> is true.
/// </summary>
public static class CorpusReader
{
    /// <exception cref="FormatException">A line is something else; its number is told.</exception>
    public static ImmutableArray<LabeledService> Read(IEnumerable<string> lines) =>
        [.. lines.Index().Where(l => !string.IsNullOrWhiteSpace(l.Item)).Select(l => ReadNumbered(l.Item, l.Index + 1)).OfType<LabeledService>()];

    private static LabeledService? ReadNumbered(string line, int number)
    {
        try
        {
            JsonNode row = JsonNode.Parse(line) ?? throw new FormatException("it is null");
            return ReadRow(row);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new FormatException($"line {number} is no labeled Service: {e.Message}", e);
        }
    }

    /// <summary>Null for what no API server would take and nobody wants to be found: templates with long names make such rows.</summary>
    private static LabeledService? ReadRow(JsonNode row)
    {
        WantedBackend? wanted = row["expected"] is { } expected ? ReadWanted(expected) : null;
        ServiceManifests read = ServiceManifests.Read(Manifest(Required(row, "service").AsObject()).ToJsonString());
        if (read.Services is [ServiceRecord service])
            return new LabeledService(Text(row, "install"), service, wanted);
        return read.Problems.IsEmpty && wanted is null ? null : throw new FormatException(read.Problems.Concat(read.Impossible).First().Message);
    }

    private static WantedBackend ReadWanted(JsonNode expected) => new(
        Text(expected, "type"),
        Text(expected, "scheme"),
        Required(expected, "port").GetValue<int>(),
        Required(expected, "primary").GetValue<bool>(),
        expected["schemeVisible"]?.GetValue<bool>() ?? true,
        [.. (expected["alsoAcceptable"]?.AsArray() ?? []).Select(t => $"{t}")]);

    /// <summary>A row means what the same Service in a file would.</summary>
    private static JsonObject Manifest(JsonObject service)
    {
        JsonObject spec = Picked(service, "type", "externalName", "selector", "ports");
        if (service["headless"]?.GetValue<bool>() == true)
            spec["clusterIP"] = "None";
        return new JsonObject
        {
            ["kind"] = "Service",
            ["metadata"] = Picked(service, "name", "namespace", "labels", "annotations"),
            ["spec"] = spec,
        };
    }

    private static JsonObject Picked(JsonObject from, params IEnumerable<string> names) =>
        new(names.Where(from.ContainsKey).Select(n => KeyValuePair.Create(n, from[n]?.DeepClone())));

    private static string Text(JsonNode node, string name) => Required(node, name).GetValue<string>();

    private static JsonNode Required(JsonNode node, string name) => node[name] ?? throw new FormatException($"{name} is missing");
}
