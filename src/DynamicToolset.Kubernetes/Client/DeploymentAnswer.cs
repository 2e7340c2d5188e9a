using System.Buffers;
using System.Text.Json;

namespace DynamicToolset.Kubernetes.Client;

/// <summary>Deployment, https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/deployment-v1/, as the answer to a GET.</summary>
internal sealed record DeploymentAnswer(DeploymentAnswer.Life? Metadata)
{
    internal static DeploymentRecord Parse(in ReadOnlySequence<byte> json) => KubeJson.Read(json, KubeJson.Default.DeploymentAnswer) switch
    {
        { Metadata: { Uid.Length: > 0 } life } => new DeploymentRecord(life.Uid, IsBeingDeleted: life.DeletionTimestamp is not null),
        _ => throw new JsonException("an object without a uid"),
    };

    internal sealed record Life(string? Uid, string? DeletionTimestamp);
}
