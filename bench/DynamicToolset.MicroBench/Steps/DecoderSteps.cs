using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Serialization;

namespace DynamicToolset.MicroBench.Steps;

/// <summary>What the API server sends, as it is read. All of it is there, so that nothing waits.</summary>
internal static class DecoderSteps
{
    public static ImmutableArray<Step> All { get; } =
    [
        new("decode a list", 500, DecodeList),
        new("decode a watch", 500, DecodeWatch),
        new("decode a watch: one large Service", 500, n => DecodeWatchOf([Service(0, labels: n)])),
    ];

    private static Action DecodeList(int count)
    {
        byte[] list = Encoding.UTF8.GetBytes(new JsonObject
        {
            ["kind"] = "ServiceList",
            ["metadata"] = new JsonObject { ["resourceVersion"] = "1" },
            ["items"] = new JsonArray([.. Enumerable.Range(0, count).Select(i => Service(i, labels: 5))]),
        }.ToJsonString());
        return () =>
        {
            JsonSource source = JsonSource.Over(new MemoryStream(list));
            var projection = new ServiceProjection(new StringCache());
            Finished(ListPage.ReadAsync(source, projection, projection.Gather().Keep, CancellationToken.None));
            Finished(source.CompleteAsync().AsTask());
        };
    }

    private static Action DecodeWatch(int count) => DecodeWatchOf([.. Enumerable.Range(0, count).Select(i => Service(i, labels: 5))]);

    private static Action DecodeWatchOf(ImmutableArray<JsonObject> services)
    {
        byte[] events = Encoding.UTF8.GetBytes(string.Concat(services.Select(s => $"{{\"type\":\"MODIFIED\",\"object\":{s.ToJsonString()}}}\n")));
        return () =>
        {
            var strings = new StringCache();
            var stream = new WatchStream<ServiceRecord>(
                new KubeCall("watch", "services") { Method = HttpMethod.Get, PathAndQuery = "" }, "services", new ServiceProjection(strings), strings, new HttpResponseMessage(),
                JsonSource.Over(new MemoryStream(events)), TimeSpan.FromMinutes(1), TimeProvider.System);
            while (Finished(stream.NextAsync(CancellationToken.None).AsTask()) is not null)
            {
                // The next one.
            }

            Finished(stream.DisposeAsync().AsTask());
        };
    }

    private static void Finished(Task task)
    {
        if (!task.IsCompleted)
            throw new InvalidOperationException("It waits, and what others allocate would not be counted.");
        task.GetAwaiter().GetResult();
    }

    private static T Finished<T>(Task<T> task)
    {
        Finished((Task)task);
        return task.Result;
    }

    /// <summary>As an API server sends one that Helm installed.</summary>
    private static JsonObject Service(int index, int labels) => new()
    {
        ["kind"] = "Service",
        ["apiVersion"] = "v1",
        ["metadata"] = new JsonObject
        {
            ["name"] = $"orders-{index}",
            ["namespace"] = $"team-{index % 50}",
            ["uid"] = new Guid(index, 0, 0, new byte[8]).ToString(),
            ["resourceVersion"] = $"{1_000_000 + index}",
            ["creationTimestamp"] = "2026-01-01T12:00:00Z",
            ["labels"] = new JsonObject(Enumerable.Range(0, labels).Select(i => KeyValuePair.Create($"app.kubernetes.io/label-{i}", (JsonNode?)$"value-{i}"))),
            ["annotations"] = new JsonObject { ["meta.helm.sh/release-name"] = $"orders-{index}", ["meta.helm.sh/release-namespace"] = "team" },
            ["managedFields"] = new JsonArray(new JsonObject
            {
                ["manager"] = "helm",
                ["operation"] = "Update",
                ["fieldsV1"] = new JsonObject { ["f:metadata"] = new JsonObject { ["f:labels"] = new JsonObject { [".."] = new JsonObject() } } },
            }),
        },
        ["spec"] = new JsonObject
        {
            ["ports"] = new JsonArray(new JsonObject { ["name"] = "http", ["protocol"] = "TCP", ["port"] = 8080, ["targetPort"] = "http" }),
            ["selector"] = new JsonObject { ["app.kubernetes.io/name"] = "orders", ["app.kubernetes.io/instance"] = $"orders-{index}" },
            ["clusterIP"] = "10.96.0.10",
            ["type"] = "ClusterIP",
        },
        ["status"] = new JsonObject { ["loadBalancer"] = new JsonObject() },
    };
}
