using DynamicToolset.Discovery;

namespace DynamicToolset.Rules;

/// <summary>A port that a rule looks for. What is null does not matter.</summary>
public sealed record PortCondition(string? Name = null, int? Number = null)
{
    public bool IsMetBy(ServicePort port) =>
        port.Protocol == "TCP"
        && (Name is null || port.Name == Name)
        && (Number is null || port.Number == Number);
}
