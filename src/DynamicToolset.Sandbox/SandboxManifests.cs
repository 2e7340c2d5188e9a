using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Manifests;
using DynamicToolset.Sandbox.Json;
using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Yaml;

namespace DynamicToolset.Sandbox;

/// <summary>Fills a simulated API server with manifests. The namespaces that they name are made.</summary>
public static class SandboxManifests
{
    /// <summary>What is wrong with the text, or null where all of it was created.</summary>
    public static string? Load(KubeSim api, string text)
    {
        YamlReading reading = YamlReader.Read(text, ServiceManifests.Nodes);
        if (reading.Problem is { } problem)
            return problem.ToString();
        foreach (YamlNode document in reading.Documents)
        {
            if (LoadObject(api, document) is { } refused)
                return $"{document.Position}: {refused}";
        }

        return null;
    }

    /// <summary>Makes a namespace where it is not there.</summary>
    public static void EnsureNamespace(KubeSim api, string name)
    {
        if (api.Store.Get(KubeResource.Namespaces, new ObjectKey("", name)) is not null)
            return;
        api.Store.Create(KubeResource.Namespaces, new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } });
    }

    private static string? LoadObject(KubeSim api, YamlNode document)
    {
        if (YamlJson.ToJson(document) is not JsonObject manifest)
            return "a Kubernetes object must be a map";
        try
        {
            foreach (string name in NamespacesIn(manifest))
                EnsureNamespace(api, name);
            api.Load([manifest]);
            return null;
        }
        catch (KubeStatusException e)
        {
            return e.Message;
        }
    }

    private static IEnumerable<string> NamespacesIn(JsonObject manifest)
    {
        if (manifest["items"] is JsonArray items)
            return items.OfType<JsonObject>().SelectMany(NamespacesIn);
        return manifest["kind"]?.GetValue<string>() != "Namespace" && manifest["metadata"]?["namespace"]?.GetValue<string>() is { } name ? [name] : [];
    }
}
