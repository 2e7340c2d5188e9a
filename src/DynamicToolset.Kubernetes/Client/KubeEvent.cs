namespace DynamicToolset.Kubernetes.Client;

/// <summary>
/// Something for people to know, which <c>kubectl describe</c> shows with the object that it is about:
/// https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/. It lies in the namespace of that object.
/// </summary>
/// <param name="Name">Of the Event itself.</param>
/// <param name="Reason">One word in CamelCase, for programs.</param>
/// <param name="Count">How often it happened.</param>
public sealed record KubeEvent(
    string Name, EventSubject Subject, string Reason, string Message, int Count, DateTimeOffset First, DateTimeOffset Last)
{
    /// <summary>Nothing is wrong: it is told for the record.</summary>
    public bool IsNormal { get; init; }
}
