using System.Collections.Immutable;
using System.Globalization;
using DynamicToolset.Cluster;
using DynamicToolset.Messages;
using DynamicToolset.Yaml;

namespace DynamicToolset.Manifests;

/// <summary>Turns a parsed object into a Service and collects what is wrong with it, with its place.</summary>
/// <param name="defaultNamespace">Of Services that name none.</param>
internal sealed class ServiceManifestReader(string defaultNamespace)
{
    private const int MostShared = 10_000;

    private static readonly ImmutableDictionary<string, string> NoText = ImmutableDictionary<string, string>.Empty;

    /// <summary>Label keys and the like are the same in thousands of Services.</summary>
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);

    public List<YamlProblem> Problems { get; } = [];

    /// <summary>Services that no API server would take, since their name or namespace is none: templates make names that are too long.</summary>
    public List<YamlProblem> Impossible { get; } = [];

    /// <summary>Null if it cannot be a Service, which is reported. As the service would see it: long annotations of others are dropped.</summary>
    public ServiceRecord? Read(YamlNode.Mapping manifest)
    {
        int problems = Problems.Count, impossible = Impossible.Count;
        if (IsAbsent(manifest["metadata"]))
            Report(manifest, "a Service needs \"metadata\" with a name");
        YamlNode.Mapping? metadata = Mapping(manifest, "metadata");
        YamlNode.Mapping? spec = Mapping(manifest, "spec");
        var service = new ServiceRecord(
            Key(metadata),
            Carried(metadata, "uid"),
            Carried(metadata, "resourceVersion"),
            Kind(spec),
            StringMap(metadata, "labels"),
            StringMap(metadata, "annotations"),
            Ports(spec),
            StringMap(spec, "selector"))
        {
            IsControlled = IsControlled(metadata),
        };
        return Problems.Count == problems && Impossible.Count == impossible ? ServiceBounds.Within(service) : null;
    }

    private static bool IsControlled(YamlNode.Mapping? metadata) =>
        metadata?["ownerReferences"] is YamlNode.Sequence owners
        && owners.Items.Any(o => o is YamlNode.Mapping owner && owner["controller"] is YamlNode.Scalar { IsPlain: true, Text: "true" });

    private ObjectKey Key(YamlNode.Mapping? metadata)
    {
        if (metadata is not null && IsAbsent(metadata["name"]))
            Report(metadata, "\"name\" is missing");
        // Templates leave an empty namespace behind, and kubectl takes that for none.
        bool isElsewhere = metadata?["namespace"] is not (null or YamlNode.Scalar { IsNull: true } or YamlNode.Scalar { Text: "" });
        return new ObjectKey((isElsewhere ? Name(metadata, "namespace") : defaultNamespace) ?? "", Name(metadata, "name") ?? "");
    }

    private string? Name(YamlNode.Mapping? metadata, string key)
    {
        if (Text(metadata, key) is not { } name)
            return null;
        if (DnsName.IsLabel(name))
            return name;
        Impossible.Add(new YamlProblem(
            metadata![key]!.Position, $"\"{key}\" is not of the form [a-z0-9]([-a-z0-9]*[a-z0-9])? with at most 63 characters: every API server rejects it"));
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
        TargetPort(port));

    private string? TargetPort(YamlNode.Mapping port)
    {
        if (Expect<YamlNode.Scalar>(port["targetPort"], "targetPort", "a name or a number") is not { } target)
            return null;
        string text = ManifestScalar.IntegerIn(target)?.ToString(CultureInfo.InvariantCulture) ?? target.Text;
        return text.Length > 0 ? Once(text) : null;
    }

    private int? PortNumber(YamlNode.Mapping port)
    {
        YamlNode? node = port["port"];
        if (node is YamlNode.Scalar scalar && ManifestScalar.IntegerIn(scalar) is int number and >= 1 and <= 65535)
            return number;
        bool isQuoted = node is YamlNode.Scalar { IsPlain: false } text && int.TryParse(text.Text, NumberStyles.None, CultureInfo.InvariantCulture, out _);
        Report(node ?? port, isQuoted ? "\"port\" must be a number: remove the quotes" : "\"port\" must be a number from 1 to 65535");
        return null;
    }

    private IReadOnlyDictionary<string, string> StringMap(YamlNode.Mapping? parent, string key)
    {
        if (Mapping(parent, key) is not { } map)
            return NoText;
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (YamlEntry entry in map.Entries)
        {
            if (entry.Value is not YamlNode.Scalar scalar)
                Report(entry.Value, $"the values of \"{key}\" must be texts");
            else if (IsText(entry.Key, scalar, OwnAnnotation.IsOne(entry.Key)) && !scalar.IsNull && IsKept(key, entry.Key, scalar.Text))
                texts[Once(entry.Key)] = Once(scalar.Text);
        }

        return texts;
    }

    /// <summary>Of annotations, as the service does: of labels and selectors each counts, and one that is too long is a reason to refuse.</summary>
    private static bool IsKept(string map, string key, string value) => map != "annotations" || ServiceBounds.IsKept(key, value);

    /// <summary>What is no text to kubectl is none to the API server, which refuses it. Nothing at all is what templates leave behind.</summary>
    private bool IsText(string key, YamlNode.Scalar value, bool isNeeded)
    {
        string? taken = ManifestScalar.KindOf(value) switch
        {
            ManifestScalarKind.Flag => "true or false",
            ManifestScalarKind.Number => "a number",
            ManifestScalarKind.Nothing when isNeeded => "nothing",
            _ => null,
        };
        string text = value.IsNull ? "and a text" : QuotedText.Of(value.Text);
        if (taken is not null)
            Report(value, $"this is {taken}, but the API server accepts only a string here: write {QuotedText.OrPlain(key)}: {text}");
        return taken is null;
    }

    private string Once(string text)
    {
        if (_texts.TryGetValue(text, out string? known))
            return known;
        if (_texts.Count < MostShared)
            _texts.Add(text, text);
        return text;
    }

    private YamlNode.Mapping? Mapping(YamlNode.Mapping? parent, string key) => Expect<YamlNode.Mapping>(parent?[key], key, "a map");

    public ImmutableArray<YamlNode> Sequence(YamlNode.Mapping parent, string key) =>
        Expect<YamlNode.Sequence>(parent[key], key, "a list")?.Items ?? [];

    /// <summary>A single letter is a name here: only kubectl's own reader takes y and n for more.</summary>
    public string? Text(YamlNode.Mapping? parent, string key) =>
        Expect<YamlNode.Scalar>(parent?[key], key, "a text") is { } text && (text.Text is [>= 'A'] || IsText(key, text, isNeeded: false))
            ? Once(text.Text)
            : null;

    /// <summary>What is only carried along.</summary>
    private static string Carried(YamlNode.Mapping? parent, string key) => (parent?[key] as YamlNode.Scalar)?.Text ?? "";

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

    public static bool IsAbsent(YamlNode? node) => node is null or YamlNode.Scalar { IsNull: true };

    public void Report(YamlNode? at, string message) => Problems.Add(new YamlProblem(at?.Position ?? new YamlPosition(1, 1), message));
}
