using System.Collections.Immutable;
using System.Globalization;
using DynamicToolset.Cluster;
using DynamicToolset.Yaml;

namespace DynamicToolset.Manifests;

/// <summary>Turns parsed objects into Services and collects what is wrong with them, with its place.</summary>
internal sealed class ServiceManifestReader
{
    private static readonly ImmutableDictionary<string, string> NoText = ImmutableDictionary<string, string>.Empty;

    public List<ServiceRecord> Services { get; } = [];

    public List<YamlProblem> Problems { get; } = [];

    /// <summary>Services that no API server would take, since their name or namespace is none: templates make names that are too long.</summary>
    public List<YamlProblem> Impossible { get; } = [];

    public void ReadObject(YamlNode node)
    {
        if (node is not YamlNode.Mapping manifest)
        {
            Report(node, "a Kubernetes object must be a map");
            return;
        }

        switch (Text(manifest, "kind"))
        {
            case null when IsAbsent(manifest["kind"]):
                Report(manifest, "\"kind\" is missing: this is no Kubernetes object");
                break;
            case "List" or "ServiceList":
                ReadItems(manifest);
                break;
            case "Service" when Text(manifest, "apiVersion") is null or "v1":
                ReadService(manifest);
                break;
        }
    }

    private void ReadItems(YamlNode.Mapping list)
    {
        bool isServiceList = Text(list, "kind") == "ServiceList";
        foreach (YamlNode item in Sequence(list, "items"))
        {
            // The API server leaves the kind of the items of a typed list out.
            if (isServiceList && item is YamlNode.Mapping service && service["kind"] is null)
                ReadService(service);
            else
                ReadObject(item);
        }
    }

    private void ReadService(YamlNode.Mapping manifest)
    {
        int problems = Problems.Count, impossible = Impossible.Count;
        if (IsAbsent(manifest["metadata"]))
            Report(manifest, "a Service needs \"metadata\" with a name");
        YamlNode.Mapping? metadata = Mapping(manifest, "metadata");
        YamlNode.Mapping? spec = Mapping(manifest, "spec");
        var service = new ServiceRecord(
            Key(metadata),
            Text(metadata, "uid") ?? "",
            Text(metadata, "resourceVersion") ?? "",
            Kind(spec),
            StringMap(metadata, "labels"),
            StringMap(metadata, "annotations"),
            Ports(spec),
            StringMap(spec, "selector"));
        if (Problems.Count == problems && Impossible.Count == impossible)
            Services.Add(service);
    }

    private ObjectKey Key(YamlNode.Mapping? metadata)
    {
        if (metadata is not null && IsAbsent(metadata["name"]))
            Report(metadata, "\"name\" is missing");
        // Templates leave an empty namespace behind, and kubectl takes that for none.
        bool isElsewhere = metadata?["namespace"] is not (null or YamlNode.Scalar { IsNull: true } or YamlNode.Scalar { Text: "" });
        return new ObjectKey((isElsewhere ? Name(metadata, "namespace") : "default") ?? "", Name(metadata, "name") ?? "");
    }

    private string? Name(YamlNode.Mapping? metadata, string key)
    {
        if (Text(metadata, key) is not { } name)
            return null;
        if (DnsName.IsLabel(name))
            return name;
        Impossible.Add(new YamlProblem(
            metadata![key]!.Position, $"\"{key}\" is not of the form [a-z0-9]([-a-z0-9]*[a-z0-9])? with at most 63 characters: no API server takes it"));
        return null;
    }

    private ServiceKind Kind(YamlNode.Mapping? spec)
    {
        if (spec is null)
            return ServiceKind.ClusterIP;
        string type = Text(spec, "type") ?? "ClusterIP";
        bool isHeadless = type == "ClusterIP" && Text(spec, "clusterIP") == "None";
        if (isHeadless)
            return ServiceKind.Headless;
        switch (type)
        {
            case "ClusterIP":
                return ServiceKind.ClusterIP;
            case "NodePort":
                return ServiceKind.NodePort;
            case "LoadBalancer":
                return ServiceKind.LoadBalancer;
            case "ExternalName":
                return ServiceKind.ExternalName;
            default:
                Report(spec["type"], "\"type\" must be ClusterIP, NodePort, LoadBalancer or ExternalName");
                return ServiceKind.ClusterIP;
        }
    }

    private ImmutableArray<ServicePort> Ports(YamlNode.Mapping? spec)
    {
        if (spec is null)
            return [];
        var ports = ImmutableArray.CreateBuilder<ServicePort>();
        foreach (YamlNode node in Sequence(spec, "ports"))
        {
            if (node is not YamlNode.Mapping port)
                Report(node, "a port must be a map with \"port\"");
            else if (PortNumber(port) is int number)
                ports.Add(Port(port, number));
        }

        return ports.ToImmutable();
    }

    private ServicePort Port(YamlNode.Mapping port, int number) => new(
        Text(port, "name"),
        number,
        Text(port, "protocol") ?? "TCP",
        Text(port, "appProtocol"),
        Text(port, "targetPort") is { Length: > 0 } targetPort ? targetPort : null);

    private int? PortNumber(YamlNode.Mapping port)
    {
        bool isNumber = int.TryParse(Text(port, "port"), NumberStyles.None, CultureInfo.InvariantCulture, out int number);
        if (isNumber && number is >= 1 and <= 65535)
            return number;
        Report(port["port"] ?? port, "\"port\" must be a number from 1 to 65535");
        return null;
    }

    private IReadOnlyDictionary<string, string> StringMap(YamlNode.Mapping? parent, string key)
    {
        if (Mapping(parent, key) is not { } map)
            return NoText;
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (YamlEntry entry in map.Entries)
        {
            if (entry.Value is YamlNode.Scalar { IsNull: false } scalar)
                texts.Add(entry.Key, scalar.Text);
            else if (entry.Value is not YamlNode.Scalar)
                Report(entry.Value, $"the values of \"{key}\" must be texts");
        }

        return texts;
    }

    private YamlNode.Mapping? Mapping(YamlNode.Mapping? parent, string key) => Expect<YamlNode.Mapping>(parent?[key], key, "a map");

    private ImmutableArray<YamlNode> Sequence(YamlNode.Mapping parent, string key) =>
        Expect<YamlNode.Sequence>(parent[key], key, "a list")?.Items ?? [];

    private string? Text(YamlNode.Mapping? parent, string key) => Expect<YamlNode.Scalar>(parent?[key], key, "a text")?.Text;

    /// <summary>Null, without a problem, also where the value is null.</summary>
    private T? Expect<T>(YamlNode? node, string key, string kind)
        where T : YamlNode
    {
        if (node is null || IsAbsent(node))
            return null;
        if (node is not T expected)
        {
            Report(node, $"\"{key}\" must be {kind}");
            return null;
        }

        return expected;
    }

    private static bool IsAbsent(YamlNode? node) => node is null or YamlNode.Scalar { IsNull: true };

    private void Report(YamlNode? at, string message) => Problems.Add(new YamlProblem(at?.Position ?? new YamlPosition(1, 1), message));
}
