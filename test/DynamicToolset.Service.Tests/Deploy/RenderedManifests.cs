using System.Collections.Immutable;
using System.Text.Json.Nodes;
using DynamicToolset.Manifests;
using DynamicToolset.Sandbox.Json;
using DynamicToolset.Testing;
using DynamicToolset.Yaml;

namespace DynamicToolset.Service.Tests.Deploy;

/// <summary>What <c>kubectl kustomize</c> makes of a folder.</summary>
internal sealed record RenderedManifests(string Text, ImmutableArray<JsonObject> Objects)
{
    public const string Base = "deploy/base", Ha = "deploy/overlays/ha";

    public JsonObject Deployment => The("Deployment");

    public JsonObject Pod => Deployment["spec"]!["template"]!.AsObject();

    public JsonObject Container => Pod["spec"]!["containers"]!.AsArray().Single()!.AsObject();

    public JsonObject Service => The("Service");

    /// <param name="folder">Below the root of the repository, or anywhere.</param>
    public static async Task<RenderedManifests> OfAsync(string folder)
    {
        using var kubectl = new Kubectl(kubeconfig: "");
        string text = await kubectl.RunAsync("kustomize", Path.Combine(RepositoryRoot.Path, folder));
        return new RenderedManifests(text, Read(text));
    }

    /// <summary>The objects of a file, without the labels that are added to them.</summary>
    public static ImmutableArray<JsonObject> ReadFile(string file) => Read(File.ReadAllText(Path.Combine(RepositoryRoot.Path, file)));

    public JsonObject The(string kind) => Assert.Single(Objects, o => (string?)o["kind"] == kind);

    /// <summary>The value of a variable of the container; null where it is not there, empty where it comes from the downward API.</summary>
    public string? Variable(string name) => Environment.SingleOrDefault(v => (string?)v["name"] == name) is { } variable ? (string?)variable["value"] ?? "" : null;

    public IEnumerable<JsonObject> Environment => Container["env"]!.AsArray().Select(v => v!.AsObject());

    private static ImmutableArray<JsonObject> Read(string text)
    {
        YamlReading reading = YamlReader.Read(text, ServiceManifests.Nodes);
        Assert.Null(reading.Problem);
        // As text once: numbers are of any type then.
        return [.. reading.Documents.Select(d => JsonNode.Parse(YamlJson.ToJson(d)!.ToJsonString())!.AsObject())];
    }
}
