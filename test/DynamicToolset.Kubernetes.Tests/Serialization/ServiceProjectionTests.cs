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

    private static async Task<ServiceRecord> ReadAsync(byte[] bytes, int piece)
    {
        var source = new JsonSource(PipeReader.Create(new MemoryStream(bytes), new StreamPipeReaderOptions(bufferSize: piece, minimumReadSize: 1)));
        return new ServiceProjection(new StringCache()).Read((await source.ReadValueAsync(AnswerBounds.Service, Stop))!.Value);
    }
}
