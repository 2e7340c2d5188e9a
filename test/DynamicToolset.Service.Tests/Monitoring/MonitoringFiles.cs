using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DynamicToolset.Testing;
using DynamicToolset.Yaml;

namespace DynamicToolset.Service.Tests.Monitoring;

/// <summary>The files of <c>deploy/monitoring</c>, and the pages that its alerts name.</summary>
internal static partial class MonitoringFiles
{
    public static string Folder { get; } = Path.Combine(RepositoryRoot.Path, "deploy/monitoring");

    public static string Runbooks { get; } = Path.Combine(RepositoryRoot.Path, "docs/runbooks");

    /// <summary>What promtool takes, without the object around it; JSON is YAML.</summary>
    public static JsonObject Rules { get; } = (JsonObject)Read("prometheusrule.yaml")["spec"]!;

    public static ImmutableArray<JsonObject> Alerts { get; } =
        [.. Rules["groups"]!.AsArray().SelectMany(g => g!["rules"]!.AsArray()).Select(rule => rule!.AsObject())];

    public static JsonObject Dashboard { get; } = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "dashboard.json")))!.AsObject();

    public static ImmutableArray<JsonObject> Targets { get; } =
        [.. Dashboard["panels"]!.AsArray().SelectMany(p => p!["targets"]?.AsArray() ?? []).Select(target => target!.AsObject())];

    public static ImmutableArray<string> Pages { get; } = [.. Directory.EnumerateFiles(Runbooks, "Dynamic*.md").Order(StringComparer.Ordinal)];

    /// <summary>Each with the place where it stands.</summary>
    public static ImmutableArray<(string Place, string Query)> Queries { get; } =
    [
        .. Alerts.Select(a => ($"alert {a["alert"]}", Text(a, "expr"))),
        .. Targets.Select((t, i) => ($"target {i} of the dashboard", Text(t, "expr"))),
        .. Dashboard["annotations"]!["list"]!.AsArray().Select(a => ($"annotation {a!["name"]}", Text(a!, "expr"))),
        .. Dashboard["templating"]!["list"]!.AsArray().Where(v => v!["definition"] is not null)
            .Select(v => ($"variable {v!["name"]}", Text(v!, "definition"))),
        .. Pages.SelectMany(page => Block().Matches(File.ReadAllText(page)).Select(m => (Path.GetFileName(page), m.Groups[1].Value))),
    ];

    public static ImmutableArray<(string File, string Text, JsonObject Content)> Cases { get; } =
    [
        .. Directory.EnumerateFiles(Path.Combine(Folder, "tests")).Order(StringComparer.Ordinal)
            .Select(path => (Path.GetFileName(path), File.ReadAllText(path), Read($"tests/{Path.GetFileName(path)}"))),
    ];

    public static string Text(JsonNode node, string key) => node[key]!.GetValue<string>();

    public static JsonObject Read(string file)
    {
        YamlReading reading = YamlReader.Read(File.ReadAllText(Path.Combine(Folder, file)));
        Assert.Null(reading.Problem);
        return (JsonObject)ToJson(Assert.Single(reading.Documents));
    }

    private static JsonNode ToJson(YamlNode node) => node switch
    {
        YamlNode.Scalar scalar => JsonValue.Create(scalar.Text),
        YamlNode.Sequence list => new JsonArray([.. list.Items.Select(ToJson)]),
        _ => new JsonObject(((YamlNode.Mapping)node).Entries.Select(e => KeyValuePair.Create<string, JsonNode?>(e.Key, ToJson(e.Value)))),
    };

    [GeneratedRegex("```promql\n(.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
