using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Serialization;

namespace DynamicToolset.Kubernetes.Client;

public sealed partial class KubeApiClient
{
    /// <summary>Null where there is none.</summary>
    public async Task<DeploymentRecord?> GetDeploymentAsync(ObjectKey key, CancellationToken cancellation)
    {
        var call = new KubeCall("get", "deployments.apps", key.Namespace, key.Name)
        {
            Method = HttpMethod.Get,
            PathAndQuery = $"apis/apps/v1/namespaces/{Uri.EscapeDataString(key.Namespace)}/deployments/{Uri.EscapeDataString(key.Name)}",
        };
        try
        {
            return await AskForOneAsync(call, AnswerBounds.Deployment, json => DeploymentAnswer.Parse(json), cancellation);
        }
        catch (KubeApiException e) when (e.IsNotFound)
        {
            return null;
        }
    }
}
