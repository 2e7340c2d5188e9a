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
/// <param name="OverridesFile">A file in place of the ConfigMap's overrides.yaml; empty for none.</param>
/// <param name="Probe">Check the endpoints; else each counts as healthy.</param>
internal sealed record DiffRequest(Settings Settings, string OverridesFile, bool Probe, bool IsJson);

/// <summary>Shows what the service would change in the ConfigMap that is there, and writes nothing to the cluster.</summary>
internal static class DiffCommand
{
    private const string AllHealthy = "Every detected Service counts as healthy here; with --probe those that do not answer are left out.";

    /// <returns>
    /// 0 where it would change nothing, 1 where it would, as kubectl diff has it; 2 where an input cannot be used, or where it would have
    /// to change something and may not.
    /// </returns>
    public static Task<int> ExecuteAsync(DiffRequest request, CancellationToken stop) =>
        PrintedAnswer.OfAsync("dynamic-toolset diff", () => DiffAsync(request, stop));

    private static async Task<(string Text, int ExitCode)> DiffAsync(DiffRequest request, CancellationToken stop)
    {
        Settings settings = request.Settings;
        var forecast = Forecast.Open(settings);
        var key = new ObjectKey(settings.ConfigMapNamespace, settings.ConfigMapName);
        using KubeApiClient api = ClusterAccess.Connect(settings, TimeProvider.System);
        GenerateInput input = await GenerateInput.FromClusterAsync(api, key, settings.Namespaces, request.OverridesFile, stop);
        PipelineResult result = await forecast.MakeAsync(input, api, request.Probe, stop);
        DesiredConfigMap desired = result.Desired with { Owner = await AskOwnerAsync(settings, api, stop) };
        ConfigMapPlan plan = ConfigMapPlanner.Plan(desired, input.PresentWithOverrides);
        if (plan is ConfigMapPlan.Refuse refusal)
            throw new InputException($"{key} differs, and the service would not write it: {refusal.Detail}");
        ImmutableArray<ConfigMapChange> changes = ConfigMapChanges.Of(plan, input.Present);
        if (!changes.IsEmpty && !request.Probe && settings.HealthCheckEnabled)
            await Console.Error.WriteLineAsync(AllHealthy);
        string text = request.IsJson ? Json(changes) : DiffText.Of(changes, IsColoured());
        return (text, changes.IsEmpty ? ExitCode.Success : ExitCode.No);
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
