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
    private static readonly string[] GivenByServer = ["resourceVersion", "uid", "creationTimestamp", "generation", "managedFields", "selfLink"];

    /// <summary>What is wrong with the text, or null where all of it was created.</summary>
    /// <param name="keepPresent">Pass over what there is already.</param>
    public static string? Load(KubeSim api, string text, bool keepPresent = false)
    {
        YamlReading reading = YamlReader.ReadAsKubectl(text, ServiceManifests.HeldNodes);
        if (reading.Problem is { } problem)
            return problem.ToString();
        foreach (YamlNode document in reading.Documents)
        {
            if (LoadObject(api, document, keepPresent) is { } refused)
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

    private static string? LoadObject(KubeSim api, YamlNode document, bool keepPresent)
    {
        if (YamlJson.ToJson(document) is not JsonObject manifest)
            return "a Kubernetes object must be a map";
        try
        {
            foreach (string name in NamespacesIn(manifest))
                EnsureNamespace(api, name);
            ForgetOtherServer(manifest);
            api.Load([manifest]);
            return null;
        }
        catch (KubeStatusException e) when (keepPresent && e.Reason == "AlreadyExists")
        {
            return null;
        }
        catch (KubeStatusException e)
        {
            return e.Message;
        }
    }

    /// <summary>What <c>kubectl get -o yaml</c> prints has what another API server gave, which none takes for an object that is to be made.</summary>
    private static void ForgetOtherServer(JsonObject manifest)
    {
        foreach (JsonObject item in (manifest["items"] as JsonArray)?.OfType<JsonObject>() ?? [])
            ForgetOtherServer(item);
        if (manifest["metadata"] is not JsonObject metadata)
            return;
        foreach (string given in GivenByServer)
            metadata.Remove(given);
    }

    private static IEnumerable<string> NamespacesIn(JsonObject manifest)
    {
        if (manifest["items"] is JsonArray items)
            return items.OfType<JsonObject>().SelectMany(NamespacesIn);
        return manifest["kind"]?.GetValue<string>() != "Namespace" && manifest["metadata"]?["namespace"]?.GetValue<string>() is { } name ? [name] : [];
    }
}
