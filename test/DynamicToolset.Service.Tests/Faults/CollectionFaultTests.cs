using System.Text.Json.Nodes;
using DynamicToolset.Service.Tests.EndToEnd;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Faults;

/// <summary>What a garbage collector does to the ConfigMap while kube-controller-manager runs one.</summary>
public sealed class CollectionFaultTests
{
    private const string ConfigMapsPath = $"/api/v1/namespaces/{DeployedService.Namespace}/configmaps";

    /// <summary>It is created, its overrides are given up, and where the Deployment was back late it is adopted.</summary>
    private const int Most = 3;

    [Fact]
    public async Task A_ConfigMap_that_is_collected_with_its_Deployment_comes_back_and_belongs_to_the_next_one()
    {
        await using RealServer server = await FaultyCluster.OwnServerAsync(controllers: true);
        await using DeployedService service = await FaultyCluster.InstallAsync(server);
        await new FaultSeries("Deployment deleted and made anew, ConfigMap collected", service, Most).StrikeAsync(async trial =>
        {
            await service.DeleteDeploymentAsync();
            string uid = await service.AddDeploymentAsync();
            trial.BelongsTo(uid);
            trial.IsOver();
            await trial.LineAsync("ConfigMap recreated");
            JsonObject back = await trial.IsAsBeforeAsync();
            await CollectAsync(service);
            Assert.Equal((string)back["metadata"]!["uid"]!, (string)(await service.ReadAsync())!["metadata"]!["uid"]!);
        });
    }

    /// <summary>Returns when something later, which has no owner any more, was collected.</summary>
    private static async Task CollectAsync(DeployedService service)
    {
        JsonNode orphan = JsonNode.Parse("""
            {"metadata":{"name":"orphan","ownerReferences":[
             {"apiVersion":"apps/v1","kind":"Deployment","name":"dynamic-toolset","uid":"00000000-0000-0000-0000-000000000000"}]}}
            """)!;
        (int code, JsonObject answer) = await service.AskAsync(HttpMethod.Post, ConfigMapsPath, orphan.AsObject());
        Assert.True(code == 201, answer.ToJsonString());
        await Patience.EventuallyAsync(
            async () => (await service.AskAsync(HttpMethod.Get, $"{ConfigMapsPath}/orphan")).Code == 404, () => "what has no owner is collected");
    }
}
