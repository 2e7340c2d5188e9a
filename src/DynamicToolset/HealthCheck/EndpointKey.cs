using DynamicToolset.Cluster;

namespace DynamicToolset.HealthCheck;

/// <summary>
/// What health is known by: a port of a Service. Scheme, path and accepted codes are only how it is asked, so an edit of those
/// changes nothing that is known.
/// </summary>
public readonly record struct EndpointKey(ObjectKey Service, int Port)
{
    public override string ToString() => $"{Service}:{Port}";
}
