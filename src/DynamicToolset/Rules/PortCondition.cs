using DynamicToolset.Discovery;

namespace DynamicToolset.Rules;

/// <summary>A TCP port that a rule looks for. What is null does not matter.</summary>
/// <param name="Number">1 to 65535.</param>
/// <param name="TargetPort">The name or number of the pod's port, as the Service gives it.</param>
public sealed record PortCondition(TextCondition? Name = null, int? Number = null, TextCondition? TargetPort = null)
{
    public bool IsMetBy(ServicePort port) =>
        port.Protocol == "TCP"
        && (Number is null || port.Number == Number)
        && (Name is null || Name.IsMetBy(port.Name))
        && (TargetPort is null || TargetPort.IsMetBy(port.TargetPort));

    public ServicePort? Find(ServiceRecord service)
    {
        foreach (ServicePort port in service.Ports)
        {
            if (IsMetBy(port))
                return port;
        }

        return null;
    }

    /// <summary>For a person: <c>a TCP port with the number 9090 whose name must be "web"</c>.</summary>
    public string Demand()
    {
        string number = Number is null ? "a TCP port" : $"a TCP port with the number {Number}";
        return (Name, TargetPort) switch
        {
            (null, null) => number,
            (not null, null) => $"{number} whose name {Name.Demand()}",
            (null, not null) => $"{number} whose targetPort {TargetPort.Demand()}",
            _ => $"{number} whose name {Name.Demand()} and whose targetPort {TargetPort.Demand()}",
        };
    }
}
