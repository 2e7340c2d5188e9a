using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Messages;

namespace DynamicToolset.Rules;

/// <summary>A TCP port that a rule looks for. What is null does not matter.</summary>
/// <param name="Number">1 to 65535.</param>
/// <param name="TargetPort">The name or number of the pod's port, as the Service gives it.</param>
public sealed record PortCondition(TextCondition? Name = null, int? Number = null, TextCondition? TargetPort = null)
{
    /// <summary>Of a Service's ports, in a message of one line.</summary>
    private const int MostShown = 8;

    /// <summary>Of the ports that were looked for: the first are the preferred ones.</summary>
    private const int MostDemanded = 3;

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

    /// <summary>That none of the wanted ports is there, and which are, for a person.</summary>
    public static string MissOf(ImmutableArray<PortCondition> wanted, ServiceRecord service)
    {
        // A port with name and number is preferred, but if the name alone is enough the number need not be mentioned.
        HashSet<Parts> all = [.. wanted.Select(w => w.AllParts())];
        ImmutableArray<string> demands = [.. wanted.Where(w => !w.AllParts().Fewer().Any(all.Contains)).Select(p => p.Demand()).Distinct()];
        string rest = demands.Length > MostDemanded ? $", nor any of {demands.Length - MostDemanded} more" : "";
        string missing = string.Join(", nor ", demands.Take(MostDemanded)) + rest;
        IEnumerable<string> present = service.Ports.Take(MostShown).Select(p => p.Describe());
        string more = service.Ports.Length > MostShown ? ", …" : "";
        return service.Ports.IsEmpty ? $"it has no port: there is not {missing}" : $"its ports are {string.Join(", ", present)}{more}: there is not {missing}";
    }

    /// <summary>What to do so that one of the wanted ports is there; null where no simple change does it.</summary>
    public static string? RemedyOf(ImmutableArray<PortCondition> wanted)
    {
        string? name = wanted
            .Where(p => p is { Number: null, TargetPort: null, Name.Operator: TextOperator.In })
            .Select(p => p.Name!.Values[0])
            .FirstOrDefault();
        int? number = wanted.Where(p => p is { Name: null, TargetPort: null }).Select(p => p.Number).FirstOrDefault();
        return (name, number) switch
        {
            (not null, not null) => $"name a TCP port {QuotedText.Of(name)}, or give it the number {number}",
            (not null, null) => $"name a TCP port {QuotedText.Of(name)}",
            (null, not null) => $"give a TCP port the number {number}",
            _ => null,
        };
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

    private Parts AllParts() => new(Number, Name?.Demand(), TargetPort?.Demand());

    /// <summary>What it asks for; null for what does not matter.</summary>
    private readonly record struct Parts(int? Number, string? Name, string? TargetPort)
    {
        /// <summary>All that ask for less, and for nothing else. Looked up and not compared with each other: a rule may have ten thousand ports.</summary>
        public IEnumerable<Parts> Fewer()
        {
            Parts[] ofOne = [new(Number, null, null), new(null, Name, null), new(null, null, TargetPort)];
            Parts[] ofTwo = [this with { Number = null }, this with { Name = null }, this with { TargetPort = null }];
            Parts self = this;
            return ofOne.Concat(ofTwo).Where(p => p != self && p != default);
        }
    }
}
