using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.HealthCheck;
using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Service.Probing;
using DynamicToolset.Service.Tests.LeaderElection;

namespace DynamicToolset.Service.Tests.Hosting;

/// <summary>The whole service on virtual time while an upgrade touches everything.</summary>
public sealed class StormTests : IDisposable
{
    private const int Services = 2_000;
    private const int Backends = 50;

    private readonly Electorate _electorate = new();

    /// <summary>While it lasts six rounds may begin at once, four within a quarter of a second, and then one in each.</summary>
    [Theory]
    [InlineData(1, 3)]
    [InlineData(10, 10)]
    [InlineData(40, 26)]
    public void Two_thousand_Services_that_change_and_fifty_backends_that_appear_are_a_few_writes(int tenthsOfASecond, int mostWrites)
    {
        _electorate.Store.Create(KubeResource.Namespaces, new JsonObject { ["metadata"] = new JsonObject { ["name"] = "a" } });
        for (int i = 0; i < Services; i++)
            Create($"worker-{i}", "worker");
        Replica replica = _electorate.Run("one", change: s => s with { HealthCheckEnabled = true, HolmesFormat = false }, prober: new AlwaysWell());
        _electorate.PassUntil(() => replica.Leads && Keys() == 1);
        int before = Writes(replica);
        for (int batch = 0; batch < tenthsOfASecond; batch++)
        {
            for (int i = batch; i < Services; i += tenthsOfASecond)
                Touch($"worker-{i}", batch);
            for (int i = batch; i < Backends; i += tenthsOfASecond)
                Create($"grafana-{i}", "grafana");
            _electorate.Pass(0.1);
        }

        _electorate.PassUntil(() => Keys() == 1 + Backends, atMost: 2);
        _electorate.Pass(10);
        Assert.InRange(Writes(replica) - before, 1, mostWrites);
    }

    public void Dispose() => _electorate.Dispose();

    private int Keys() => (_electorate.Store.Get(KubeResource.ConfigMaps, TestCluster.ConfigMapKey)?["data"] as JsonObject)?.Count ?? 0;

    private static int Writes(Replica replica) => replica.Api.WritesTo("configmaps").Count();

    private void Create(string name, string app) => _electorate.Store.Create(KubeResource.Services, JsonNode.Parse(
        $$"""{ "metadata": { "name": "{{name}}", "namespace": "a", "labels": { "app": "{{app}}" } }, "spec": { "ports": [{ "name": "service", "port": 3000 }] } }""")!.AsObject());

    private void Touch(string name, int revision) => _electorate.Store.MergePatch(
        KubeResource.Services, new ObjectKey("a", name), JsonNode.Parse($$"""{ "metadata": { "labels": { "helm.sh/chart": "workers-{{revision}}" } } }""")!.AsObject());

    private sealed class AlwaysWell : IProber
    {
        public Task<ProbeAnswer> AskAsync(ProbeRequest request, CancellationToken stop) =>
            Task.FromResult<ProbeAnswer>(new ProbeAnswer.Response(200, null, null, ReadOnlyMemory<byte>.Empty));
    }
}
