using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Serialization;

namespace DynamicToolset.Kubernetes.Tests.Serialization;

public sealed class ServiceProjectionTests
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    /// <summary>ÿ stands for a byte that is no UTF-8. No API server sends one; but who does gets one answer, and not one by how the network cut it.</summary>
    [Theory]
    [InlineData("\"metadata\":{\"labels\":{\"app\":\"gÿ\"},", null)]
    [InlineData("\"metadata\":{\"labels\":{\"ÿ\":\"grafana\"},", null)]
    [InlineData("\"metadata\":{\"annotations\":{\"kubernauÿ.io/toolset\":\"true\"},", null)]
    [InlineData("\"spec\":{\"ports\":[{\"port\":80,\"targetPort\":-0}]},\"metadata\":{", "0")]
    [InlineData("\"spec\":{\"ports\":[{\"port\":80,\"targetPort\":8080}]},\"metadata\":{", "8080")]
    [InlineData("\"spec\":{\"ports\":[{\"port\":80,\"targetPort\":\"-0\"}]},\"metadata\":{", "-0")]
    public async Task However_its_bytes_are_cut_a_Service_is_read_the_same_or_refused(string beginning, string? targetPort)
    {
        byte[] bytes = Encoding.Latin1.GetBytes($$"""{{{beginning}}"name":"a","resourceVersion":"1"} }""");
        for (int piece = 1; piece <= bytes.Length; piece++)
        {
            if (targetPort is null)
                await Assert.ThrowsAnyAsync<JsonException>(() => ReadAsync(bytes, piece));
            else
                Assert.Equal(targetPort, Assert.Single((await ReadAsync(bytes, piece)).Ports).TargetPort);
        }
    }

    [Theory]
    [InlineData("[]", false)]
    [InlineData("null", false)]
    [InlineData("[{\"kind\":\"Grafana\",\"name\":\"g\",\"uid\":\"u\",\"controller\":true}]", true)]
    [InlineData("[{\"kind\":\"Grafana\",\"name\":\"g\",\"uid\":\"u\"}]", false)]
    [InlineData("[{\"controller\":false,\"kind\":\"A\"},{\"controller\":true,\"kind\":\"B\"}]", true)]
    [InlineData("[{\"x\":{\"controller\":true}},[{\"controller\":true}]]", false)]
    public async Task Of_its_owners_is_kept_whether_one_controls_it(string owners, bool isControlled)
    {
        byte[] bytes = Encoding.UTF8.GetBytes("""{"metadata":{"name":"a","ownerReferences":OWNERS,"resourceVersion":"1","labels":{"x":"y"}}}""".Replace("OWNERS", owners, StringComparison.Ordinal));
        ServiceRecord service = await ReadAsync(bytes, bytes.Length);
        Assert.Equal((isControlled, "y"), (service.IsControlled, service.Labels["x"]));
    }

    private static async Task<ServiceRecord> ReadAsync(byte[] bytes, int piece)
    {
        var source = new JsonSource(PipeReader.Create(new MemoryStream(bytes), new StreamPipeReaderOptions(bufferSize: piece, minimumReadSize: 1)));
        return new ServiceProjection(new StringCache()).Read((await source.ReadValueAsync(AnswerBounds.Service, Stop))!.Value);
    }
}
