using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Manifests;
using DynamicToolset.Sandbox.Json;
using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Yaml;

namespace DynamicToolset.Sandbox;

/// <summary>
/// Fills a simulated API server with manifests, and keeps what is to be told of them. The namespaces that they name are made. A fault costs the document
/// that it is in, or the item of a list; objects of kinds that are not simulated are counted and passed over.
/// </summary>
public sealed class SandboxManifests(KubeSim api)
{
    private static readonly string[] GivenByServer = ["resourceVersion", "uid", "creationTimestamp", "generation", "managedFields", "selfLink"];

    /// <summary>Objects that are there now.</summary>
    public int Loaded { get; private set; }

    /// <summary>How many objects there were of each kind that is not simulated; with its version where a kind of the same name is.</summary>
    public SortedDictionary<string, int> Unknown { get; } = new(StringComparer.Ordinal);

    /// <summary>What is wrong with the text, or null where all of it was created.</summary>
    /// <param name="keepPresent">Pass over what there is already.</param>
    public static string? Load(KubeSim api, string text, bool keepPresent = false)
    {
        var loading = new SandboxManifests(api);
        (List<YamlProblem> faults, List<YamlProblem> impossible) = loading.Load(text, keepPresent);
        return faults.Concat(impossible).FirstOrDefault()?.ToString()
            ?? (loading.Unknown.Count > 0 ? KubeStatusException.NotSimulated($"objects of kind {loading.Unknown.Keys.First()}").Message : null);
    }

    /// <summary>Makes a namespace where it is not there.</summary>
    public static void EnsureNamespace(KubeSim api, string name)
    {
        if (api.Store.Get(KubeResource.Namespaces, new ObjectKey("", name)) is not null)
            return;
        api.Store.Create(KubeResource.Namespaces, new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } });
    }

    /// <summary>Creates what can be created of a text.</summary>
    /// <param name="keepPresent">Pass over what there is already.</param>
    /// <returns>What is wrong, and Services of names that no API server takes, which templates make.</returns>
    public (List<YamlProblem> Faults, List<YamlProblem> Impossible) Load(string text, bool keepPresent = false)
    {
        List<YamlProblem> faults = [], impossible = [];
        YamlReader.ReadEachAsKubectl(text, ServiceManifests.HeldNodes, LoadDocument, faults.Add);
        return (faults, impossible);

        void LoadDocument(YamlNode document)
        {
            foreach ((YamlNode manifest, ObjectKind kind) in ObjectsIn(document, default))
                Load(manifest, kind, keepPresent, faults, impossible);
        }
    }

    /// <param name="listed">Of the items of a typed list, where the API server leaves it out.</param>
    private static IEnumerable<(YamlNode Manifest, ObjectKind Kind)> ObjectsIn(YamlNode node, ObjectKind listed)
    {
        if (node is not YamlNode.Mapping manifest)
            return [(node, listed)];
        var kind = new ObjectKind(TextOf(manifest["kind"]) ?? listed.Name, TextOf(manifest["apiVersion"]) ?? listed.ApiVersion);
        if (kind.Name?.EndsWith("List", StringComparison.Ordinal) != true || manifest["items"] is not YamlNode.Sequence list)
            return [(manifest, kind)];
        ObjectKind ofItems = kind.Name == "List" ? default : kind with { Name = kind.Name[..^"List".Length] };
        return list.Items.SelectMany(item => ObjectsIn(item, ofItems));
    }

    private void Load(YamlNode node, ObjectKind kind, bool keepPresent, List<YamlProblem> faults, List<YamlProblem> impossible)
    {
        if (node is not YamlNode.Mapping manifest)
        {
            faults.Add(new YamlProblem(node.Position, PrintedForPeople.WhyNoObject(node)));
            return;
        }

        if (kind.Name is null)
        {
            faults.Add(new YamlProblem(node.Position, PrintedForPeople.WhyNoObject(node)));
            return;
        }

        if (KubeResource.All.FirstOrDefault(r => r.Kind == kind.Name && (kind.ApiVersion ?? r.ApiVersion) == r.ApiVersion) is not { } resource)
        {
            string name = KubeResource.All.Any(r => r.Kind == kind.Name) ? $"{kind.Name} of {kind.ApiVersion}" : kind.Name;
            Unknown[name] = Unknown.GetValueOrDefault(name) + 1;
            return;
        }

        if (Create(resource, manifest, keepPresent) is not { } problem)
        {
            Loaded++;
            return;
        }

        // Its words are those of the API server, and have no place.
        ServiceManifests? refused = resource == KubeResource.Services ? ServiceManifests.Read(manifest) : null;
        if (refused is not { Services.IsEmpty: true })
            faults.Add(new YamlProblem(manifest.Position, problem));
        faults.AddRange(refused?.Problems ?? []);
        impossible.AddRange(refused?.Impossible ?? []);
    }

    private string? Create(KubeResource resource, YamlNode.Mapping manifest, bool keepPresent)
    {
        var json = (JsonObject)YamlJson.ToJson(manifest)!;
        try
        {
            ForgetOtherServer(json);
            if (resource.IsNamespaced && json.Child("metadata").Text("namespace") is { Length: > 0 } name)
                EnsureNamespace(api, name);
            api.Store.Create(resource, json);
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
        if (manifest.Child("metadata") is not { } metadata)
            return;
        foreach (string given in GivenByServer)
            metadata.Remove(given);
    }

    private static string? TextOf(YamlNode? node) => node is YamlNode.Scalar { IsNull: false, Text.Length: > 0 } scalar ? scalar.Text : null;

    /// <summary>Null where it is not said.</summary>
    private readonly record struct ObjectKind(string? Name, string? ApiVersion);
}
