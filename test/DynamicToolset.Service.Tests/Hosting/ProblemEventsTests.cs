using System.Text.Json.Nodes;
using DynamicToolset.Sandbox.Resources;

namespace DynamicToolset.Service.Tests.Hosting;

public sealed class ProblemEventsTests
{
    [Fact]
    public async Task A_problem_becomes_one_event_on_the_object_that_it_is_about()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        cluster.Load("{apiVersion: v1, kind: Service, metadata: {name: bad, namespace: monitoring, annotations: {kubernaut.io/toolset: \"maybe\"}}, spec: {ports: [{port: 1}]}}");
        await using RunningController running = await cluster.RunAsync(s => s with { ReconciliationInterval = TimeSpan.FromMilliseconds(20) });
        JsonNode onService = await EventAsync(cluster, "MalformedAnnotation");
        Assert.Equal(("Service", "bad"), (onService["involvedObject"]!["kind"]!.GetValue<string>(), onService["involvedObject"]!["name"]!.GetValue<string>()));
        Assert.DoesNotContain("maybe", onService["message"]!.GetValue<string>());

        cluster.SetData("overrides.yaml", "secret: [");
        JsonNode onConfigMap = await EventAsync(cluster, "MalformedOverrides");
        Assert.Equal(cluster.ConfigMap()!["metadata"]!["uid"]!.GetValue<string>(), onConfigMap["involvedObject"]!["uid"]!.GetValue<string>());
        Assert.StartsWith("overrides.yaml:2:1: ", onConfigMap["message"]!.GetValue<string>());
        Assert.DoesNotContain("secret", onConfigMap["message"]!.GetValue<string>());

        int rounds = running.States.Count;
        await TestCluster.EventuallyAsync(() => running.States.Count > rounds + 3, "it has looked again and again");
        Assert.Equal(2, Events(cluster).Count);
        Assert.Equal(1, onConfigMap["count"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_ConfigMap_that_cannot_be_written_says_why()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        cluster.Load("{apiVersion: v1, kind: ConfigMap, metadata: {name: kubernaut-toolset-config, namespace: kubernaut-system}, immutable: true}");
        await using RunningController running = await cluster.RunAsync();
        await EventAsync(cluster, "ConfigMapImmutable");
    }

    private static async Task<JsonNode> EventAsync(TestCluster cluster, string reason)
    {
        await TestCluster.EventuallyAsync(() => Find() is not null, $"there is an Event {reason}");
        return Find()!;

        JsonNode? Find() => Events(cluster).FirstOrDefault(e => e["reason"]!.GetValue<string>() == reason);
    }

    private static IReadOnlyList<JsonObject> Events(TestCluster cluster) => [.. cluster.Api.Store.List(KubeResource.Events)];
}
