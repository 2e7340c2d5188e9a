using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Manifests;
using DynamicToolset.Service.Input;

namespace DynamicToolset.Service.Cli;

/// <summary>The Services in the manifests of a command, and reports about the rest. Only one object of each text is in memory at a time.</summary>
/// <param name="configMap">The one that is looked for; null for none.</param>
internal sealed class GivenManifests(string defaultNamespace, ObjectKey? configMap, ReadProgress progress)
{
    private readonly Dictionary<ObjectKey, (ServiceRecord Service, string Place)> _services = [];
    private readonly ManifestReading _reading = new(FileBounds.Manifests, progress);
    private string? _first;

    /// <summary>As the service would see them.</summary>
    public ImmutableArray<ServiceRecord> Services => ServiceShares.Of(_services.Values.Select(s => s.Service));

    /// <summary>The first one that is looked for; null where it is not there.</summary>
    public ConfigMapRecord? ConfigMap { get; private set; }

    /// <summary>The file that contains it.</summary>
    public string ConfigMapFile { get; private set; } = "";

    /// <summary>What is wrong, and was left out.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>Files of which nothing is known.</summary>
    public IReadOnlyList<UnreadableFile> Unreadable => _reading.Unreadable;

    /// <summary>0 where all was read, 1 with faults, 2 where a file cannot be read.</summary>
    public int Outcome => Unreadable.Count > 0 ? ExitCode.Usage : Faults.Count > 0 ? ExitCode.No : ExitCode.Success;

    /// <summary>What is no Service that could be, or no manifest.</summary>
    public List<string> PassedOver { get; } = [];

    /// <summary>The input was not empty, even if it was only a comment.</summary>
    public bool IsAny { get; private set; }

    /// <summary>What to call all of it.</summary>
    public string Name => _first ?? "";

    /// <summary>All of that, for people; where there are thousands of a sort, the first ones.</summary>
    public IEnumerable<string> Told =>
        [.. ProblemLines.Of(PassedOver), .. ProblemLines.Of(Faults), .. ProblemLines.Of(Unreadable.Select(u => u.ToString()))];

    /// <exception cref="InputException">There is too much, or a pipe was empty.</exception>
    public void ReadAll(ManifestPaths paths)
    {
        try
        {
            foreach (ManifestPath path in paths.Files())
                Read(path);
        }
        finally
        {
            progress.End();
        }
    }

    /// <summary>Null for a manifest, even a faulty one.</summary>
    public static string? WhyNoManifest(ServiceManifests read) => read switch
    {
        { IsTemplate: true } => "skipped: a template that is not rendered; render it with helm template",
        { HasObjects: false } => "skipped: it contains no Kubernetes object",
        _ => null,
    };

    private void Read(ManifestPath path)
    {
        string name = ManifestReading.NameOf(path.Path);
        if (_reading.Read(path, text => ServiceManifests.Read(text, defaultNamespace, configMap)) is not { } read)
            return;
        if (read.IsBlank && path.Path == ManifestReading.StandardInput)
            throw new InputException(ManifestFile.NothingIn(name));
        Add(name, path.IsFound, read);
    }

    private void Add(string name, bool isFound, ServiceManifests read)
    {
        _first ??= name;
        if (isFound && WhyNoManifest(read) is { } why)
        {
            PassedOver.Add($"{name}: {why}");
            return;
        }

        IsAny |= !read.IsBlank;
        if (ConfigMap is null && read.ConfigMap is not null)
            (ConfigMap, ConfigMapFile) = (read.ConfigMap, name);
        string hint = read.IsTemplate ? ". It looks like a template: render it first, for example with helm template" : "";
        Faults.AddRange(read.Problems.Select(p => $"{name}:{p}{hint}"));
        PassedOver.AddRange(read.Impossible.Select(p => $"{name}:{p}; passed over"));
        foreach ((ServiceRecord service, string place) in read.Services.Zip(read.Places, (s, p) => (s, $"{name}:{p}")))
        {
            if (!_services.TryAdd(service.Key, (service, place)))
                Faults.Add($"{place}: Service {service.Key} is there twice, first at {_services[service.Key].Place}, which is used: remove one");
        }
    }
}
