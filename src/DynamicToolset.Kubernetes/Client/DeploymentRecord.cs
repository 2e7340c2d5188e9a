namespace DynamicToolset.Kubernetes.Client;

/// <summary>A Deployment, as far as it matters to what belongs to it.</summary>
/// <param name="IsBeingDeleted">True where it waits for its dependents to go first.</param>
public sealed record DeploymentRecord(string Uid, bool IsBeingDeleted);
