using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Manifests;
using DynamicToolset.Overrides;
using DynamicToolset.Service.Input;
using DynamicToolset.Yaml;

namespace DynamicToolset.Service.Cli;

/// <summary>What <c>generate</c> works on.</summary>
/// <param name="Overrides">Null where there are none.</param>
/// <param name="OverridesName">What to call them in messages.</param>
/// <param name="Present">The ConfigMap that is there; null without a cluster.</param>
internal sealed record GenerateInput(
    ImmutableArray<ServiceRecord> Services, string? Overrides, string OverridesName, ConfigMapRecord? Present)
{
    /// <summary>The ConfigMap as it would be with these overrides: they count for its size.</summary>
    public ConfigMapRecord? PresentWithOverrides =>
        Present is null || Overrides is null ? Present : Present with { Data = Present.Data.SetItem(ToolsetKey.Overrides, Overrides) };

    /// <exception cref="InputException">A file cannot be used; the message has a line for each problem.</exception>
    public static async Task<GenerateInput> FromFilesAsync(IEnumerable<string> paths, string overridesFile, CancellationToken stop)
    {
        var services = new Dictionary<ObjectKey, (ServiceRecord Service, string File)>();
        var problems = new List<string>();
        foreach (ManifestFile file in await ManifestFile.ReadAllAsync(paths, stop))
        {
            ServiceManifests read = ServiceManifests.Read(file.Text);
            problems.AddRange(read.Problems.Select(p => $"{file.Name}:{p}"));
            foreach (string line in ProblemLines.Of(read.Impossible.Select(p => $"{file.Name}:{p}; passed over")))
                await Console.Error.WriteLineAsync(line);
            foreach (ServiceRecord service in read.Services)
            {
                if (!services.TryAdd(service.Key, (service, file.Name)))
                    problems.Add($"{file.Name}: Service {service.Key} is there twice, first in {services[service.Key].File}");
            }
        }

        if (problems.Count > 0)
            throw new InputException(string.Join('\n', ProblemLines.Of(problems)));
        ManifestFile? overrides = await ReadOverridesAsync(overridesFile, stop);
        // As the service would see them.
        ImmutableArray<ServiceRecord> within = ServiceShares.Of(services.Values.Select(s => ServiceBounds.Within(s.Service)));
        return new GenerateInput(within, overrides?.Text, overrides?.Name ?? "", Present: null);
    }

    /// <exception cref="KubeApiException">The cluster cannot be read.</exception>
    /// <exception cref="InputException">The overrides file cannot be used.</exception>
    public static async Task<GenerateInput> FromClusterAsync(
        KubeApiClient api, ObjectKey configMap, ImmutableArray<string> namespaces, string overridesFile, CancellationToken stop)
    {
        var services = ImmutableArray.CreateBuilder<ServiceRecord>();
        ImmutableArray<string?> scopes = namespaces.IsEmpty ? [null] : [.. namespaces];
        foreach (string? ns in scopes)
            services.AddRange((await api.ListServicesAsync(ns, stop)).Items);
        ConfigMapRecord? present = await api.GetConfigMapAsync(configMap, stop);
        ManifestFile overrides = await ReadOverridesAsync(overridesFile, stop)
            ?? new ManifestFile($"{configMap}/{ToolsetKey.Overrides}", present?.Data.GetValueOrDefault(ToolsetKey.Overrides) ?? "");
        bool hasOverrides = overridesFile.Length > 0 || present?.Data.ContainsKey(ToolsetKey.Overrides) == true;
        return new GenerateInput(services.ToImmutable(), hasOverrides ? overrides.Text : null, overrides.Name, present);
    }

    /// <summary>What the overrides mean.</summary>
    public OverrideSet ParseOverrides() => Overrides is null ? OverrideParser.ParseIn(Present) : OverrideParser.Parse(Overrides);

    /// <summary>The text of a problem in the overrides, for people.</summary>
    public string Describe(YamlProblem problem) => $"{OverridesName}:{problem}";

    private static async Task<ManifestFile?> ReadOverridesAsync(string path, CancellationToken stop) =>
        path.Length == 0 ? null : await ManifestFile.ReadAsync(path, FileBounds.Overrides, stop);
}
