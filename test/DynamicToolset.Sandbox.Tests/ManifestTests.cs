using static DynamicToolset.Sandbox.Tests.Cluster;

namespace DynamicToolset.Sandbox.Tests;

public sealed class ManifestTests
{
    [Fact]
    public async Task What_kubectl_get_printed_of_another_cluster_is_taken()
    {
        await using Cluster cluster = await StartAsync();
        Assert.Null(SandboxManifests.Load(cluster.Sim, """
            apiVersion: v1
            kind: List
            metadata: {resourceVersion: ""}
            items:
            - apiVersion: v1
              kind: Service
              metadata:
                name: grafana
                namespace: monitoring
                creationTimestamp: "2020-11-30T16:04:03Z"
                resourceVersion: "35"
                uid: 0e50eab3-c909-4018-b6ff-5f134b47a79f
                managedFields: [{manager: helm, operation: Update, apiVersion: v1, fieldsType: FieldsV1, fieldsV1: {}}]
              spec: {clusterIP: 10.96.0.7, clusterIPs: [10.96.0.7], ports: [{name: http, port: 3000, targetPort: 3000}], type: ClusterIP}
              status: {loadBalancer: {}}
            """));
        Answer made = (await cluster.GetAsync("/api/v1/namespaces/monitoring/services/grafana")).Expect(200);
        Assert.NotEqual("0e50eab3-c909-4018-b6ff-5f134b47a79f", made.Text("metadata", "uid"));
    }
}
