namespace DynamicToolset.Cluster;

/// <summary>
/// How a Service is reached: <c>spec.type</c>, with the headless ones (<c>clusterIP: None</c>) told apart.
/// See https://kubernetes.io/docs/concepts/services-networking/service/.
/// </summary>
public enum ServiceKind
{
    ClusterIP,
    Headless,
    NodePort,
    LoadBalancer,
    ExternalName,
}
