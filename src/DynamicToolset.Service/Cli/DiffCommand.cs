using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Manifests;
using DynamicToolset.Pipeline;
using DynamicToolset.Reconciliation;
using DynamicToolset.Service.Hosting;
using DynamicToolset.Service.Input;
using DynamicToolset.Service.Options;
using DynamicToolset.Service.Watching;

namespace DynamicToolset.Service.Cli;

/// <summary>What <c>diff</c> was asked to do.</summary>
/// <param name="Files">Manifests; none: read the cluster.</param>
/// <param name="Namespace">Of Services in them that name none.</param>
/// <param name="ConfigMapFile">A file with the ConfigMap to compare with, in place of the cluster's; empty for none.</param>
/// <param name="Overrides">In place of the ConfigMap's overrides.yaml, and below it.</param>
/// <param name="Probe">Check the endpoints; else each counts as healthy.</param>
internal sealed record DiffRequest(
    Settings Settings, ManifestPaths Files, string Namespace, string ConfigMapFile, GivenOverrides Overrides, bool Probe, bool IsJson);

/// <summary>Shows what the service would change in the ConfigMap that is there, and writes nothing to the cluster.</summary>
internal static class DiffCommand
{
    private const string AllHealthy = "Every detected Service counts as healthy here; use --probe to leave out those that do not answer.";

    /// <returns>
    /// 0 where it would change nothing, 1 where it would, as kubectl diff has it, or where something in the manifests could not be read;
    /// 2 where an input cannot be used, or where it would have to change something and may not.
    /// </returns>
    public static Task<int> ExecuteAsync(DiffRequest request, CancellationToken stop) =>
        PrintedAnswer.OfAsync("dynamic-toolset diff", () => DiffAsync(request, stop));

    private static async Task<(string Text, int ExitCode)> DiffAsync(DiffRequest request, CancellationToken stop)
    {
        Settings settings = request.Settings;
        Forecast forecast = await Forecast.OpenAsync(settings, request.Overrides, stop);
        var key = new ObjectKey(settings.ConfigMapNamespace, settings.ConfigMapName);
        using KubeApiClient? api = ClusterAccess.ConnectUnlessGiven(request.Files.Paths, settings);
        GenerateInput input = await ReadAsync(request, key, api, stop);
        PipelineResult result = await forecast.MakeAsync(input, api, request.Probe, stop);
        // What a file says of an owner holds for another day, or another cluster.
        bool isOwnerKnown = api is not null && request.ConfigMapFile.Length == 0;
        DesiredConfigMap desired = isOwnerKnown ? result.Desired with { Owner = await AskOwnerAsync(settings, api!, stop) } : result.Desired;
        ConfigMapPlan plan = ConfigMapPlanner.Plan(desired, input.PresentWithOverrides);
        if (plan is ConfigMapPlan.Refuse refusal)
            throw new InputException($"{key} differs, and the service would not write it: {refusal.Detail}");
        ImmutableArray<ConfigMapChange> changes = ConfigMapChanges.Of(plan, input.Present);
        if (!changes.IsEmpty && !request.Probe && settings.HealthCheckEnabled)
            await Console.Error.WriteLineAsync(AllHealthy);
        await forecast.TellViewAsync(key, input);
        string text = request.IsJson ? Json(changes) : DiffText.Of(changes, IsColoured());
        return (text, Math.Max(input.Outcome, changes.IsEmpty ? ExitCode.Success : ExitCode.No));
    }

    private static async Task<GenerateInput> ReadAsync(DiffRequest request, ObjectKey key, KubeApiClient? api, CancellationToken stop)
    {
        string overrides = request.Overrides.Key;
        if (request.ConfigMapFile.Length > 0)
        {
            ConfigMapRecord present = await ReadConfigMapAsync(request.ConfigMapFile, key, stop);
            GenerateInput services = api is null
                ? await GenerateInput.FromFilesAsync(request.Files, request.Namespace, overrides, stop)
                : await GenerateInput.FromClusterAsync(api, key, request.Settings.Namespaces, overrides, stop);
            return (overrides.Length > 0 ? services : services with { Overrides = null, OverridesName = "" }).On(present, ManifestReading.NameOf(request.ConfigMapFile));
        }

        if (api is not null)
            return await GenerateInput.FromClusterAsync(api, key, request.Settings.Namespaces, overrides, stop);
        GenerateInput input = await GenerateInput.FromFilesAsync(request.Files, request.Namespace, overrides, stop, key);
        return input.Present is not null ? input : throw new InputException(
            $"there is no ConfigMap {key} in the files to compare with: add --configmap FILE, with what kubectl get configmap {key.Name} -n {key.Namespace} -o yaml prints");
    }

    /// <summary>Errors elsewhere in the file do not matter, but one may be why the ConfigMap is missing.</summary>
    private static async Task<ConfigMapRecord> ReadConfigMapAsync(string path, ObjectKey key, CancellationToken stop)
    {
        var given = new GivenManifests("default", key, new ReadProgress(null, TimeProvider.System));
        await Task.Run(() => given.ReadAll(new ManifestPaths([path])), stop).WaitAsync(stop);
        if (given.ConfigMap is { } found)
            return found;
        if (given.Outcome != ExitCode.Success)
            throw new InputException(string.Join('\n', given.Told));
        throw new InputException(
            $"{ManifestReading.NameOf(path)}: there is no ConfigMap {key} in it; CONFIGMAP_NAME and CONFIGMAP_NAMESPACE say which one it is");
    }

    private static async Task<DesiredOwner> AskOwnerAsync(Settings settings, KubeApiClient api, CancellationToken stop)
    {
        OwnerState state = Controller.ToOwnerState(settings);
        if (state is OwnerState.Unknown)
            state = await OwnerSource.ReadAsync(api, new ObjectKey(settings.ConfigMapNamespace, settings.OwnerDeployment), stop);
        if (state is OwnerState.Forbidden forbidden)
            await Console.Error.WriteLineAsync($"The owner is not compared: {forbidden.Error}");
        return new DesiredOwner(settings.OwnerDeployment, state);
    }

    /// <summary>For machines, with every byte of both sides.</summary>
    private static string Json(ImmutableArray<ConfigMapChange> changes) => PrintedJson.Of(new JsonObject
    {
        ["same"] = changes.IsEmpty,
        ["changes"] = new JsonArray([.. changes.Select(change => new JsonObject
        {
            ["key"] = change.Key,
            ["kind"] = JsonNamingPolicy.CamelCase.ConvertName(change.Part.ToString()),
            ["before"] = change.Before,
            ["after"] = change.After,
        })]),
    });

    /// <summary>See https://no-color.org/.</summary>
    private static bool IsColoured() =>
        !Console.IsOutputRedirected
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");
}
