using System.Collections.Immutable;
using System.Globalization;
using DynamicToolset.Rules;

namespace DynamicToolset.Discovery;

/// <summary>Chooses a port of a Service.</summary>
internal static class ServicePorts
{
    /// <summary>The port that the rule finds this Service by; null where the rule does not match.</summary>
    public static ServicePort? Match(DetectorRule rule, ServiceRecord service) =>
        rule.Labels.All(l => l.IsMetBy(service.Labels)) ? Choose(rule, service) : null;

    /// <summary>The port that the rule prefers, whatever the labels; null where none fits.</summary>
    public static ServicePort? Choose(DetectorRule rule, ServiceRecord service)
    {
        foreach (PortCondition condition in rule.Ports)
        {
            if (service.Ports.FirstOrDefault(condition.IsMetBy) is { } port)
                return port;
        }

        return null;
    }

    /// <summary>The port of that number, else of that name, which may be of digits too; null where there is none.</summary>
    public static ServicePort? Find(ServiceRecord service, string nameOrNumber)
    {
        bool isNumber = int.TryParse(nameOrNumber, NumberStyles.None, CultureInfo.InvariantCulture, out int number);
        ImmutableArray<ServicePort> tcp = [.. service.Ports.Where(p => p.Protocol == "TCP")];
        return tcp.FirstOrDefault(p => isNumber && p.Number == number) ?? tcp.FirstOrDefault(p => p.Name == nameOrNumber);
    }

    /// <summary>
    /// The ports that may speak HTTP: those that say so in their name where there is one, else all TCP ports.
    /// </summary>
    public static ImmutableArray<ServicePort> Fitting(ServiceRecord service)
    {
        ImmutableArray<ServicePort> tcp = [.. service.Ports.Where(p => p.Protocol == "TCP")];
        ImmutableArray<ServicePort> http = [.. tcp.Where(p => p.Name?.StartsWith("http", StringComparison.Ordinal) == true)];
        return http.IsEmpty ? tcp : http;
    }

    public static string SchemeOf(ServicePort port) =>
        port.AppProtocol == "https" || port.Name?.StartsWith("https", StringComparison.Ordinal) == true ? "https" : "http";
}
