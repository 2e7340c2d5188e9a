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
    /// <summary>Where the overrides come from, for a person; null where there are none.</summary>
    public string? OverridesFrom { get; private init; }

    /// <summary>The ConfigMap as it would be with these overrides: they count for its size.</summary>
    public ConfigMapRecord? PresentWithOverrides =>
        Present is null || Overrides is null ? Present : Present with { Data = Present.Data.SetItem(ToolsetKey.Overrides, Overrides) };

    /// <summary>0 if everything was used; 1 if something was reported and skipped; 2 if a file could not be read.</summary>
    public int Outcome { get; private init; }

    /// <param name="ns">The namespace of Services that name none.</param>
    /// <param name="configMap">Is looked for among the files, as the one that is there; null for none.</param>
    /// <exception cref="InputException">There is too much, or nothing, or the overrides cannot be used.</exception>
    /// <exception cref="NothingReadException">There are faults, and not one Service beside them.</exception>
    public static async Task<GenerateInput> FromFilesAsync(
        ManifestPaths paths, string ns, string overridesFile, CancellationToken stop, ObjectKey? configMap = null)
    {
        var manifests = new GivenManifests(ns, configMap, new ReadProgress(Console.IsErrorRedirected ? null : Console.Error, TimeProvider.System));
        // A read of a terminal or a pipe cannot be called off, but who presses Ctrl-C need not wait for it.
        await Task.Run(() => manifests.ReadAll(paths), stop).WaitAsync(stop);
        foreach (string line in manifests.Told)
            await Console.Error.WriteLineAsync(line);
        if (manifests.Outcome != ExitCode.Success && manifests.Services.IsEmpty)
            throw new NothingReadException(manifests.Outcome);
        if (!manifests.IsAny)
            throw new InputException(ManifestFile.NothingIn(manifests.Name));
        return (await WithAsync(manifests.Services, overridesFile, stop) with { Outcome = manifests.Outcome }).On(manifests.ConfigMap, manifests.ConfigMapFile);
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
        return (await WithAsync(services.ToImmutable(), overridesFile, stop)).On(present, "the cluster");
    }

    /// <summary>With this ConfigMap as the one that is there; its overrides count where no others are given.</summary>
    /// <param name="where">What it was found in, for a person.</param>
    public GenerateInput On(ConfigMapRecord? present, string where)
    {
        if (present is null)
            return this;
        if (Overrides is not null)
            return this with { Present = present };
        string? overrides = present.Data.GetValueOrDefault(ToolsetKey.Overrides);
        return this with
        {
            Present = present,
            Overrides = overrides,
            OverridesName = $"{present.Key}/{ToolsetKey.Overrides}",
            OverridesFrom = overrides is null ? null : $"the ConfigMap {present.Key} in {where}",
        };
    }

    /// <summary>What the overrides mean.</summary>
    public OverrideSet ParseOverrides() => Overrides is null ? OverrideParser.ParseIn(Present) : OverrideParser.Parse(Overrides);

    /// <summary>What is wrong with the overrides, and with the files below them, for people.</summary>
    public IEnumerable<string> ProblemsWith(OverrideState overrides) =>
    [
        .. (overrides.Problem is { } first ? overrides.OtherProblems.Prepend(first) : []).Select(p => $"{OverridesName}:{p}"),
        .. overrides.Files.Files.SelectMany(f => f.Problems).Select(p => p.ToString()),
    ];

    /// <summary>What is taken, and surely was not meant, for people.</summary>
    public IEnumerable<string> WarningsOf(OverrideState overrides) =>
    [
        .. overrides.Slips.Select(s => $"{OverridesName}:{s.Position}: warning: {s.Message}"),
        .. overrides.Files.Files.SelectMany(f => f.Warnings).Select(w => $"{w.File}:{w.Position}: warning: {w.Message}"),
    ];

    private static async Task<GenerateInput> WithAsync(ImmutableArray<ServiceRecord> services, string overridesFile, CancellationToken stop)
    {
        var alone = new GenerateInput(services, Overrides: null, OverridesName: "", Present: null);
        if (overridesFile.Length == 0)
            return alone;
        ManifestFile given = await ManifestFile.ReadAsync(overridesFile, FileBounds.Overrides, stop);
        return alone with { Overrides = given.Text, OverridesName = given.Name, OverridesFrom = given.Name };
    }
}
