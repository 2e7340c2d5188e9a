using DynamicToolset.Cluster;
using DynamicToolset.Yaml;

namespace DynamicToolset.Manifests;

/// <summary>Gathers the Services of the objects of a text, and drops those of a document in which a fault comes to light behind them.</summary>
/// <param name="defaultNamespace">Of Services that name none.</param>
/// <param name="configMap">The one that is looked for besides; null for none.</param>
internal sealed class ManifestObjects(string defaultNamespace, ObjectKey? configMap = null)
{
    private const string List = "List";
    private const string ServiceList = "ServiceList";
    private const string ConfigMapList = "ConfigMapList";

    private static readonly Comparer<(ServiceRecord Service, YamlPosition Place)> InOrder =
        Comparer<(ServiceRecord Service, YamlPosition Place)>.Create((a, b) => (a.Place.Line, a.Place.Column).CompareTo((b.Place.Line, b.Place.Column)));

    private readonly ServiceManifestReader _reader = new(defaultNamespace);

    /// <summary>Of the list that is being read: what they are says the list, perhaps only behind them.</summary>
    private ManifestObjects? _withoutKind;

    private YamlPosition? _firstWithoutKind;
    private (int Services, int ConfigMaps, int Problems, int Impossible, int Objects) _whole;

    public List<(ServiceRecord Service, YamlPosition Place)> Services { get; } = [];

    /// <summary>Those of the name that is looked for.</summary>
    public List<ConfigMapRecord> ConfigMaps { get; } = [];

    public List<YamlProblem> Problems => _reader.Problems;

    /// <inheritdoc cref="ServiceManifestReader.Impossible"/>
    public List<YamlProblem> Impossible => _reader.Impossible;

    /// <summary>Objects of any kind.</summary>
    public int Objects { get; private set; }

    /// <summary>Reads a document, whose items were read before it.</summary>
    public void ReadDocument(YamlNode document)
    {
        if (document is YamlNode.Mapping list && ServiceManifestReader.IsAbsent(list["kind"]))
            DropDocument();
        ReadObject(document);
        _whole = (Services.Count, ConfigMaps.Count, Problems.Count, Impossible.Count, Objects);
    }

    /// <summary>Reads an item of a list of which nothing else need be known yet.</summary>
    public void ReadItem(YamlNode item)
    {
        if (item is not YamlNode.Mapping untold || !ServiceManifestReader.IsAbsent(untold["kind"]))
        {
            ReadObject(item);
            return;
        }

        _firstWithoutKind ??= item.Position;
        _withoutKind ??= new ManifestObjects(defaultNamespace, configMap);
        _withoutKind.Add(untold);
        _withoutKind.AddConfigMap(untold);
    }

    /// <summary>Drops what was read of a document that has a fault: half of it is worse than nothing.</summary>
    public void DropDocument()
    {
        Cut(Services, _whole.Services);
        Cut(ConfigMaps, _whole.ConfigMaps);
        Cut(Problems, _whole.Problems);
        Cut(Impossible, _whole.Impossible);
        (Objects, _withoutKind, _firstWithoutKind) = (_whole.Objects, null, null);
    }

    /// <summary>Drops all that was read so far.</summary>
    public void DropAll()
    {
        _whole = default;
        DropDocument();
    }

    public void ReadFault(YamlProblem fault)
    {
        DropDocument();
        Problems.Add(fault);
        _whole.Problems = Problems.Count;
    }

    private void ReadObject(YamlNode node)
    {
        if (node is not YamlNode.Mapping manifest)
        {
            _reader.Report(node, PrintedForPeople.WhyNoObject(node));
            return;
        }

        if (ServiceManifestReader.IsAbsent(manifest["kind"]))
        {
            DropItems();
            _reader.Report(manifest, PrintedForPeople.WhyNoObject(manifest));
            return;
        }

        Objects++;
        string? kind = _reader.Text(manifest, "kind");
        if (kind == "Service" && _reader.Text(manifest, "apiVersion") is null or "v1")
            Add(manifest);
        else if (kind == "ConfigMap")
            AddConfigMap(manifest);
        else if (kind == List || kind?.EndsWith(List, StringComparison.Ordinal) == true && manifest["items"] is not null)
            ReadItems(manifest, kind);
    }

    private static void Cut<T>(List<T> list, int count) => list.RemoveRange(count, list.Count - count);

    /// <summary>Those that are in the tree, as in a list in a list.</summary>
    private void ReadItems(YamlNode.Mapping list, string kind)
    {
        foreach (YamlNode item in _reader.Sequence(list, "items"))
            ReadItem(item);
        // The API server leaves the kind of the items of a typed list out.
        if (kind == ServiceList && _withoutKind is { } typed)
        {
            Services.AddRange(typed.Services);
            Services.Sort(_whole.Services, Services.Count - _whole.Services, InOrder);
            Problems.AddRange(typed.Problems);
            Impossible.AddRange(typed.Impossible);
        }
        else if (kind == ConfigMapList && _withoutKind is { } maps)
        {
            ConfigMaps.AddRange(maps.ConfigMaps);
        }
        else if (kind == List && _firstWithoutKind is { } place)
        {
            Problems.Add(new YamlProblem(place, "\"kind\" is missing: this item is not a Kubernetes object"));
        }

        DropItems();
    }

    private void DropItems() => (_withoutKind, _firstWithoutKind) = (null, null);

    private void AddConfigMap(YamlNode.Mapping manifest)
    {
        if (configMap is { } key && ConfigMapManifests.Find(manifest, key) is { } found)
            ConfigMaps.Add(found);
    }

    private void Add(YamlNode.Mapping manifest)
    {
        if (_reader.Read(manifest) is { } service)
            Services.Add((service, manifest.Position));
    }
}
