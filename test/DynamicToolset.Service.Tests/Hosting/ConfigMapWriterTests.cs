using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Informers;
using DynamicToolset.Kubernetes.Reconciliation;
using DynamicToolset.Reconciliation;
using DynamicToolset.Sandbox;
using DynamicToolset.Service.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.Hosting;

public sealed class ConfigMapWriterTests
{
    private const string Key = "kubernetes-toolset.yaml";

    private static readonly ImmutableArray<Drift> KeyDrift = [new Drift(DriftKind.Modified, Key, "them")];

    [Fact]
    public async Task Where_a_fought_key_waits_and_the_owners_are_refused_the_plan_is_held_back_and_not_in_place()
    {
        await using TestCluster cluster = await TestCluster.StartAsync(
            new KubeSimOptions { Intercept = context => OwnerTests.RefuseOwnersAsync(context, StatusCodes.Status403Forbidden, () => { }) });
        cluster.Load("{apiVersion: v1, kind: ConfigMap, metadata: {name: kubernaut-toolset-config, namespace: kubernaut-system}}");
        var time = new FakeTimeProvider();
        (Controller idle, KubeApiClient api) = cluster.Create(TestCluster.Defaults(), _ => { }, time);
        using (idle)
        using (api)
        {
            var backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), new Random(1));
            var writer = new ConfigMapWriter(
                new ConfigMapReconciler(api, TestCluster.ConfigMapKey, time), new RoundLog(NullLogger.Instance, ""), backoff, cluster.Metrics, time, NullLogger.Instance);
            for (int i = 0; writer.Fights.IsEmpty; i++)
                Assert.IsType<WriteOutcome.Written>(await writer.CarryOutAsync(Repair(cluster, $"{i}"), KeyDrift, wasThere: true, begun: 0));

            ConfigMapPlan.Patch repair = Repair(cluster, "mine");
            var adoption = new ConfigMapPlan.Patch(
                repair.Changes with { Owners = [OwnerReference.ToDeployment("dynamic-toolset", "u")] },
                [.. KeyDrift, new Drift(DriftKind.Metadata, OwnerReference.DriftKey, null)]);
            WriteOutcome outcome = await writer.CarryOutAsync(adoption, KeyDrift, wasThere: true, begun: 0);
            Assert.IsType<WriteOutcome.HeldBack>(Assert.IsType<WriteOutcome.OwnersRefused>(outcome).Rest);
        }
    }

    private static ConfigMapPlan.Patch Repair(TestCluster cluster, string text)
    {
        ImmutableSortedDictionary<string, string?> none = ImmutableSortedDictionary.Create<string, string?>(StringComparer.Ordinal);
        return new ConfigMapPlan.Patch(new ConfigMapPatch(cluster.Version(), none, none, none.Add(Key, text), []), KeyDrift);
    }
}
