using System.Collections.Immutable;
using DynamicToolset.Capabilities;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.HealthCheck;
using DynamicToolset.Holmes.Generation;
using DynamicToolset.Rules;
using DynamicToolset.Toolsets;
using DynamicToolset.Yaml;

namespace DynamicToolset.Reconciliation;

/// <summary>Reads back what a ConfigMap says of the endpoints in it: who holds which name, and which of them were healthy when it was written.</summary>
public sealed class PresentToolsets
{
    private readonly ImmutableDictionary<EndpointKey, EndpointForm> _endpoints;
    private readonly ImmutableHashSet<ObjectKey> _services;
    private readonly ImmutableHashSet<ObjectKey> _behindOverrides;
    private readonly ImmutableDictionary<ObjectKey, string> _types;
    private readonly ImmutableDictionary<string, CapabilityLine> _lines;

    private PresentToolsets(
        string? version,
        ImmutableDictionary<EndpointKey, EndpointForm> endpoints,
        ImmutableHashSet<ObjectKey> behindOverrides,
        ImmutableDictionary<ObjectKey, string> types,
        ImmutableDictionary<string, CapabilityLine> lines)
    {
        Version = version;
        _types = types;
        _lines = lines;
        _endpoints = endpoints;
        _services = [.. endpoints.Keys.Select(e => e.Service)];
        _behindOverrides = behindOverrides;
    }

    /// <summary>Of the ConfigMap that they were read from; null where there was none.</summary>
    public string? Version { get; }

    /// <summary>What somebody else has put there is taken for healthy until more is known.</summary>
    /// <param name="present">Null where there is no ConfigMap.</param>
    public static PresentToolsets Read(ConfigMapRecord? present)
    {
        ImmutableArray<(ObjectKey? Service, EndpointKey? Endpoint, EndpointForm Form, string? Type)> toolsets =
            [.. TextsIn(present).Select(t => Read(t.Value))];
        return new PresentToolsets(
            present?.ResourceVersion,
            toolsets.Where(t => t.Endpoint is not null).DistinctBy(t => t.Endpoint).ToImmutableDictionary(t => t.Endpoint!.Value, t => t.Form),
            // Where an override replaced the URL, the comment still names the Service.
            [.. toolsets.Where(t => t.Service is { } service && t.Endpoint?.Service != service).Select(t => t.Service!.Value)],
            toolsets.Where(t => t.Type is not null).Select(t => (Service: t.Service ?? t.Endpoint?.Service, t.Type))
                .Where(t => t.Service is not null).DistinctBy(t => t.Service).ToImmutableDictionary(t => t.Service!.Value, t => t.Type!),
            SelfDescriptions.ReadIn(present?.Data.GetValueOrDefault(ToolsetKey.Holmes)));
    }

    /// <summary>
    /// As what backends must have answered, since they stand there as another type than the rule says that finds them; without those that need not have
    /// answered anything.
    /// </summary>
    public IEnumerable<KeyValuePair<EndpointKey, BackendIdentity>> AnswersOf(IEnumerable<Detection.Matched> detections, RuleSet rules) => detections
        .Select(d => (d.EndpointKey, Name: AnswerOf(d, rules)))
        .Where(d => d.Name is not null)
        .Select(d => KeyValuePair.Create(d.EndpointKey, new BackendIdentity(d.Name!)));

    private string? AnswerOf(Detection.Matched detection, RuleSet rules)
    {
        if (_types.GetValueOrDefault(detection.Service.Key) is not { } type || type == detection.Type)
            return null;
        return detection.Fingerprint?.Names.FirstOrDefault(product => rules.FindRuleOf(product)?.Type == type);
    }

    /// <summary>What the file for HolmesGPT tells of it; null where it tells nothing.</summary>
    public CapabilityLine? SaysOf(Detection.Matched detection) => _lines.GetValueOrDefault(detection.Endpoint.ToString());

    /// <summary>Scheme and prefix of each URL that stands there, which is the one that worked.</summary>
    public IEnumerable<KeyValuePair<EndpointKey, EndpointForm>> Forms => _endpoints;

    /// <summary>The same of one; null where none stands there.</summary>
    public EndpointForm? FormOf(EndpointKey endpoint) => _endpoints.TryGetValue(endpoint, out EndpointForm form) ? form : null;

    /// <summary>Whichever scheme, path or cluster domain it was written with; null where only another port of its Service is there.</summary>
    public bool? Knows(Detection.Matched detection)
    {
        if (_endpoints.ContainsKey(detection.EndpointKey) || _behindOverrides.Contains(detection.Service.Key))
            return true;
        return _services.Contains(detection.Service.Key) ? null : false;
    }

    /// <summary>
    /// Who holds which name: the comment of a toolset names its Service, without one its URL does, and an annotation names those whose toolset is
    /// not there.
    /// </summary>
    /// <param name="present">Null where there is no ConfigMap.</param>
    public static Incumbents ReadHolders(ConfigMapRecord? present)
    {
        var holders = Incumbents.None.ByName.ToBuilder();
        foreach ((string key, string text) in TextsIn(present))
        {
            if ((ToolsetComment.ReadService(text) ?? Read(text).Endpoint?.Service) is { } service)
                holders[ToolsetKey.NameIn(key)] = service;
        }

        foreach ((string name, ObjectKey service) in HolderAnnotation.Read(present?.Annotations.GetValueOrDefault(HolderAnnotation.Name)))
            holders[name] = service;
        return new Incumbents(holders.ToImmutable());
    }

    /// <summary>
    /// What is known of the holders after somebody's change. What the change itself says of a name that was known before is not believed: only
    /// what still bears our own field manager was written by this program, be it that the answer to that write was lost.
    /// </summary>
    /// <param name="present">Null where there is no ConfigMap: then nothing new is known.</param>
    public static Incumbents NextHolders(Incumbents before, ConfigMapRecord? present)
    {
        if (present is null)
            return before;
        ImmutableArray<FieldManager> ours = [.. present.Managers.Where(m => m.Name == FieldManager.Ours)];
        ImmutableHashSet<string> annotated =
            [.. HolderAnnotation.Read(present.Annotations.GetValueOrDefault(HolderAnnotation.Name)).Select(h => h.Key)];
        IEnumerable<KeyValuePair<string, ObjectKey>> believed = ReadHolders(present).ByName.Where(h => !before.ByName.ContainsKey(h.Key) || IsOurs(h.Key));
        return new Incumbents(before.ByName.SetItems(believed));

        bool IsOurs(string name) => annotated.Contains(name)
            ? ours.Any(m => m.MetadataKeys.Contains(HolderAnnotation.Name))
            : ours.Any(m => m.DataKeys.Contains(ToolsetKey.Of(name)));
    }

    private static IEnumerable<KeyValuePair<string, string>> TextsIn(ConfigMapRecord? present) =>
        present is null ? [] : present.Data.Where(d => ToolsetKey.IsToolset(d.Key));

    /// <summary>The endpoint that a URL such as <c>http://grafana.monitoring:3000</c> leads to; null where it leads out of the cluster.</summary>
    private static (EndpointKey? Endpoint, EndpointForm Form) EndpointIn(string? url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? parsed) || parsed.Host.Split('.') is not [var name, var ns, .. var domain])
            return (null, default);
        bool isInCluster = domain is [] || domain[0] == "svc";
        var form = new EndpointForm(parsed.Scheme, parsed.AbsolutePath.TrimEnd('/'));
        return (isInCluster ? new EndpointKey(new ObjectKey(ns, name), parsed.Port) : null, form);
    }

    private static (ObjectKey? Service, EndpointKey? Endpoint, EndpointForm Form, string? Type) Read(string text)
    {
        var root = YamlReader.Read(text).Documents.FirstOrDefault() as YamlNode.Mapping;
        (EndpointKey? endpoint, EndpointForm form) = EndpointIn(UrlIn(root));
        return (ToolsetComment.ReadService(text), endpoint, form, (root?["toolset"] as YamlNode.Scalar)?.Text);
    }

    /// <summary>The type that the text of a toolset names, and the URL in it that leads to a Service; null where there is none.</summary>
    internal static (string? Type, Uri? Url) ReadTypeAndUrl(string text)
    {
        var root = YamlReader.Read(text).Documents.FirstOrDefault() as YamlNode.Mapping;
        string? url = UrlIn(root);
        return ((root?["toolset"] as YamlNode.Scalar)?.Text, EndpointIn(url).Endpoint is null ? null : new Uri(url!));
    }

    private static string? UrlIn(YamlNode.Mapping? root) => ((root?["config"] as YamlNode.Mapping)?["url"] as YamlNode.Scalar)?.Text;
}
