using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Manifests;
using DynamicToolset.Pipeline;
using DynamicToolset.Reconciliation;
using DynamicToolset.Service.Input;
using DynamicToolset.Service.Options;

namespace DynamicToolset.Service.Cli;

/// <summary>What <c>generate</c> was asked to do.</summary>
/// <param name="Files">Manifests; none: read the cluster.</param>
/// <param name="Namespace">Of Services in them that name none.</param>
/// <param name="Overrides">In place of the ConfigMap's overrides.yaml, and below it.</param>
/// <param name="Probe">Check the endpoints; else each counts as healthy.</param>
internal sealed record GenerateRequest(
    Settings Settings, ManifestPaths Files, string Namespace, GivenOverrides Overrides, bool Probe, bool IsJson);

/// <summary>Prints the ConfigMap that the service would write, and writes nothing to the cluster.</summary>
internal static class GenerateCommand
{
    /// <returns>
    /// 0 with the ConfigMap on standard output; 1 where something in the manifests had to be left out of it; 2 where a file with them cannot be
    /// read, or an input cannot be used at all, and then with nothing on it.
    /// </returns>
    public static Task<int> ExecuteAsync(GenerateRequest request, CancellationToken stop) =>
        PrintedAnswer.OfAsync("dynamic-toolset generate", () => GenerateAsync(request, stop));

    private static async Task<(string Text, int ExitCode)> GenerateAsync(GenerateRequest request, CancellationToken stop)
    {
        Settings settings = request.Settings;
        Forecast forecast = await Forecast.OpenAsync(settings, request.Overrides, stop);
        var key = new ObjectKey(settings.ConfigMapNamespace, settings.ConfigMapName);
        using KubeApiClient? api = ClusterAccess.ConnectUnlessGiven(request.Files.Paths, settings);
        GenerateInput input = api is null
            ? await GenerateInput.FromFilesAsync(request.Files, request.Namespace, request.Overrides.Key, stop, key)
            : await GenerateInput.FromClusterAsync(api, key, settings.Namespaces, request.Overrides.Key, stop);
        PipelineResult result = await forecast.MakeAsync(input, api, request.Probe, stop);
        string text = Print(request.IsJson, key, result.Desired, input.Overrides);
        // Of Services in a file, and nothing else, there is nothing to say.
        if (api is not null || input is not { Present: null, OverridesFrom: null } || forecast.HasOverridesBelow)
            await forecast.TellViewAsync(key, input);
        return (text, input.Outcome);
    }

    private static string Print(bool isJson, ObjectKey key, DesiredConfigMap desired, string? overrides)
    {
        var plan = ConfigMapPlanner.Plan(desired, null, overrides);
        if (plan is not ConfigMapPlan.Create { Content: var content })
            throw new InputException(((ConfigMapPlan.Refuse)plan).Detail);
        ImmutableArray<KeyValuePair<string, string>> data = overrides is null
            ? desired.Data
            : desired.Data.Add(KeyValuePair.Create(ToolsetKey.Overrides, overrides));
        var manifest = new ConfigMapManifest(key, content.Labels, content.Annotations, data);
        return isJson ? manifest.ToJson() : manifest.ToYaml();
    }
}
