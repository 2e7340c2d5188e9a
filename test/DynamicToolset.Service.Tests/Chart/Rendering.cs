using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using DynamicToolset.Sandbox.Json;
using DynamicToolset.Testing;
using DynamicToolset.Yaml;

namespace DynamicToolset.Service.Tests.Chart;

/// <summary>What <c>helm template</c> makes of the chart.</summary>
internal sealed record Rendering(ImmutableArray<JsonObject> Objects)
{
    public const string Release = "dynamic-toolset";
    public const string Namespace = "kubernaut-system";

    private static readonly ConcurrentDictionary<(string Values, string Release, string Namespace), Task<Rendering>> Known = new();

    public static string ChartFolder { get; } = Path.Combine(RepositoryRoot.Path, "deploy/helm/dynamic-toolset");

    /// <summary>Each set of values is rendered once.</summary>
    /// <param name="values">As in a file of values.</param>
    public static Task<Rendering> OfAsync(string values = "", string release = Release, string ns = Namespace) =>
        Known.GetOrAdd((values, release, ns), static key => RenderAsync(key.Values, key.Release, key.Namespace));

    /// <summary>Reads any manifests.</summary>
    public static Rendering Read(string manifests)
    {
        YamlReading reading = YamlReader.Read(manifests);
        Assert.True(reading.Problem is null, $"{reading.Problem}\n{manifests}");
        return new Rendering([.. reading.Documents.Select(YamlJson.ToJson).OfType<JsonObject>()]);
    }

    /// <summary>Kind and name, as kubectl prints them.</summary>
    public static string IdOf(JsonObject manifest) => $"{manifest["kind"]}/{manifest["metadata"]!["name"]}";

    public JsonObject Get(string id) => Objects.Single(o => IdOf(o) == id);

    /// <summary>What is found in an object by keys, numbers of items or names of items, with blanks between them; null where there is nothing.</summary>
    public JsonNode? At(string place)
    {
        string[] steps = place.Split(' ');
        JsonNode? found = Objects.SingleOrDefault(o => IdOf(o) == steps[0]);
        foreach (string step in steps.Skip(1))
            found = Child(found, step);
        return found;
    }

    private static JsonNode? Child(JsonNode? node, string step) => node switch
    {
        JsonObject map => map[step],
        JsonArray list when int.TryParse(step, CultureInfo.InvariantCulture, out int index) => index < list.Count ? list[index] : null,
        JsonArray list => list.SingleOrDefault(item => (string?)item?["name"] == step),
        _ => null,
    };

    private static async Task<Rendering> RenderAsync(string values, string release, string ns)
    {
        using var helm = new Helm();
        return Read(await helm.RunAsync("template", release, ChartFolder, "--namespace", ns, "--values", helm.Write("values.yaml", values)));
    }
}
