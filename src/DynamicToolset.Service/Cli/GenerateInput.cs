using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Overrides;
using DynamicToolset.Service.Input;

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

    /// <summary>Something in the files could not be used, and was told and passed over.</summary>
    public bool HasFaults { get; private init; }

    /// <param name="ns">The namespace of Services that name none.</param>
    /// <param name="configMap">Is looked for among the files, as the one that is there; null for none.</param>
    /// <exception cref="InputException">A file cannot be read, or the overrides cannot be used.</exception>
    /// <exception cref="NothingReadException">There are faults, and not one Service beside them.</exception>
    public static async Task<GenerateInput> FromFilesAsync(
        ManifestPaths paths, string ns, string overridesFile, CancellationToken stop, ObjectKey? configMap = null)
    {
        var manifests = new GivenManifests(ns, configMap, new ReadProgress(Console.IsErrorRedirected ? null : Console.Error, TimeProvider.System));
        // A read of a terminal or a pipe cannot be called off, but who presses Ctrl-C need not wait for it.
        await Task.Run(() => manifests.ReadAll(paths), stop).WaitAsync(stop);
        foreach (string line in ProblemLines.Of(manifests.PassedOver).Concat(ProblemLines.Of(manifests.Faults)))
            await Console.Error.WriteLineAsync(line);
        if (!manifests.IsAny)
            throw new InputException(ManifestFile.NothingIn(manifests.Name));
        bool hasFaults = manifests.Faults.Count > 0;
        if (hasFaults && manifests.Services.IsEmpty)
            throw new NothingReadException();
        ManifestFile? overrides = await ReadOverridesAsync(overridesFile, stop);
        return new GenerateInput(manifests.Services, overrides?.Text, overrides?.Name ?? "", Present: null) { HasFaults = hasFaults }.On(manifests.ConfigMap);
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

    /// <summary>With this ConfigMap as the one that is there; its overrides count where no others are given.</summary>
    public GenerateInput On(ConfigMapRecord? present) => this with
    {
        Present = present,
        Overrides = Overrides ?? present?.Data.GetValueOrDefault(ToolsetKey.Overrides),
        OverridesName = OverridesName.Length > 0 ? OverridesName : $"{present?.Key}/{ToolsetKey.Overrides}",
    };

    /// <summary>What the overrides mean.</summary>
    public OverrideSet ParseOverrides() => Overrides is null ? OverrideParser.ParseIn(Present) : OverrideParser.Parse(Overrides);

    /// <summary>What is wrong with the overrides, and with the files below them, for people.</summary>
    public IEnumerable<string> ProblemsWith(OverrideState overrides) =>
        (overrides.Problem is { } problem ? new[] { $"{OverridesName}:{problem}" } : []).Concat(overrides.Files.Problems.Select(p => p.ToString()));

    private static async Task<ManifestFile?> ReadOverridesAsync(string path, CancellationToken stop) =>
        path.Length == 0 ? null : await ManifestFile.ReadAsync(path, FileBounds.Overrides, stop);
}
