using System.Diagnostics;
using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Reconciliation;
using DynamicToolset.Service.Tests.EndToEnd;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Faults;

/// <param name="Recovered">From the end of the fault until the ConfigMap is what it was before.</param>
/// <param name="Writes">Of the service.</param>
/// <param name="IsIntact">No write of the service changed the overrides.</param>
internal sealed record FaultResult(TimeSpan Recovered, int Writes, bool IsIntact);

/// <summary>One run of a fault: who wrote what meanwhile, and when it was over.</summary>
/// <param name="before">The ConfigMap.</param>
internal sealed class FaultTrial(DeployedService service, JsonObject before)
{
    private const string Rival = "rival";

    private readonly PublishedProgram _programBefore = service.Program;
    private readonly int _linesBefore = service.Program.Output.Count;
    private readonly HashSet<string> _byOthers = new(StringComparer.Ordinal);
    private string[] _owners = Owners(before);
    private long _over = Stopwatch.GetTimestamp();

    /// <summary>The lines that the service wrote since.</summary>
    public IEnumerable<string> Lines => service.Program.Output.Skip(LinesBefore);

    private int LinesBefore => service.Program == _programBefore ? _linesBefore : 0;

    /// <summary>From now on the time is counted.</summary>
    public void IsOver() => _over = Stopwatch.GetTimestamp();

    /// <summary>That version is no write of the service.</summary>
    public void IsByOthers(string version) => _byOthers.Add(version);

    /// <summary>In the end the ConfigMap belongs to another Deployment than before.</summary>
    public void BelongsTo(string uid) => _owners = [uid];

    /// <summary>A line that the service writes after this run began.</summary>
    public Task<string> LineAsync(string message) => service.Program.LineAsync($"\"msg\":\"{message}\"", LinesBefore);

    public void AssertSaidNothingOf(params string[] messages) =>
        Assert.DoesNotContain(Lines, line => messages.Any(m => line.Contains($"\"msg\":\"{m}\"", StringComparison.Ordinal)));

    /// <summary>Somebody edits a key, as soon as the API server takes it.</summary>
    public Task SpoilAsync(string key) => Patience.EventuallyAsync(() => TrySpoilAsync(key), () => $"the API server takes an edit of {key}");

    /// <summary>Returns when the ConfigMap is what it was before.</summary>
    public Task<JsonObject> IsAsBeforeAsync() => service.UntilAsync(IsAsBefore, $"it is what it was before, that is {before.ToJsonString()}\nnow");

    public async Task<FaultResult> EndAsync()
    {
        await IsAsBeforeAsync();
        TimeSpan recovered = Stopwatch.GetElapsedTime(_over);
        await service.DiscoverAsync();
        string settled = VersionOf((await service.ReadAsync())!);
        await service.DiscoverAsync();
        Assert.Equal(settled, VersionOf((await service.ReadAsync())!));
        (int writes, bool isIntact) = Judge(await service.StatesSinceAsync(VersionOf(before)));
        return new FaultResult(recovered, writes, isIntact);
    }

    private static string VersionOf(JsonObject configMap) => (string)configMap["metadata"]!["resourceVersion"]!;

    private async Task<bool> TrySpoilAsync(string key)
    {
        try
        {
            var patch = new JsonObject { ["data"] = new JsonObject { [key] = "toolset: mine" } };
            (int code, JsonObject answer) = await service.AskAsync(
                HttpMethod.Patch, $"{DeployedService.ConfigMapPath}?fieldManager={Rival}", patch, DeployedService.MergePatch);
            if (code == 200)
                IsByOthers(VersionOf(answer));
            return code == 200;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <param name="states">All that the ConfigMap was in since.</param>
    private (int Writes, bool IsIntact) Judge(IReadOnlyList<JsonObject> states)
    {
        (int writes, bool isIntact, JsonObject last) = (0, true, before);
        foreach (JsonObject state in states)
        {
            if (!_byOthers.Contains(VersionOf(state)))
            {
                writes++;
                isIntact &= DeployedService.Data(state, FaultyCluster.OverridesKey) == DeployedService.Data(last, FaultyCluster.OverridesKey);
                Assert.Empty(ToolsetsIn(before).Except(ToolsetsIn(state)));
            }

            last = state;
        }

        return (writes, isIntact);
    }

    private bool IsAsBefore(JsonObject? now) =>
        now is not null
        && JsonNode.DeepEquals(now["data"], before["data"])
        && JsonNode.DeepEquals(now["metadata"]!["labels"], before["metadata"]!["labels"])
        && JsonNode.DeepEquals(Annotations(now), Annotations(before))
        && Owners(now).SequenceEqual(_owners)
        && !OwnsOverrides(now);

    private static IEnumerable<string> ToolsetsIn(JsonObject configMap) =>
        configMap["data"]!.AsObject().Select(entry => entry.Key).Where(key => key != FaultyCluster.OverridesKey);

    private static string[] Owners(JsonObject configMap) =>
        [.. (configMap["metadata"]!["ownerReferences"]?.AsArray() ?? []).Select(owner => (string)owner!["uid"]!)];

    /// <summary>Without those that say when and in which term was written.</summary>
    private static JsonObject Annotations(JsonObject configMap)
    {
        JsonObject annotations = configMap["metadata"]!["annotations"]?.DeepClone().AsObject() ?? [];
        annotations.Remove(DesiredConfigMap.LastChangeAnnotation);
        annotations.Remove(DesiredConfigMap.LeaderEpochAnnotation);
        return annotations;
    }

    /// <summary>GitOps could not change the key any more without a conflict.</summary>
    public static bool OwnsOverrides(JsonObject configMap) =>
        (configMap["metadata"]!["managedFields"]?.AsArray() ?? []).Any(entry => (string?)entry!["manager"] == FieldManager.Ours
            && entry["fieldsV1"]?["f:data"]?[$"f:{FaultyCluster.OverridesKey}"] is not null);
}
