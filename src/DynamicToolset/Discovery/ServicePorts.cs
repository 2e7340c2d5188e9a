using System.Collections.Immutable;
using System.Globalization;
using DynamicToolset.Cluster;
using DynamicToolset.HealthCheck;
using DynamicToolset.Rules;

namespace DynamicToolset.Discovery;

/// <summary>Chooses a port of a Service.</summary>
internal static class ServicePorts
{
    internal static readonly ImmutableArray<string> ServingCertificates =
        ["service.beta.openshift.io/serving-cert-secret-name", "service.alpha.openshift.io/serving-cert-secret-name"];

    /// <summary>The port of that number, else of that name, which may be of digits too; null if there is none.</summary>
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

    /// <summary>As <see cref="SchemeOf(ServiceRecord, ServicePort, SchemeChoice)"/>, but for what is checked by a connection.</summary>
    public static string SchemeOf(ServiceRecord service, ServicePort port, SchemeChoice choice, HealthCheckSpec health) =>
        health.IsConnection ? EndpointUrl.Tcp : SchemeOf(service, port, choice);

    /// <summary>
    /// <c>https</c> where the rule says so, and else where the Service shows it: by <c>appProtocol</c>, by the port's name or number, or by
    /// the request for a serving certificate that OpenShift follows
    /// (https://docs.openshift.com/container-platform/latest/security/certificates/service-serving-certificate.html).
    /// </summary>
    private static string SchemeOf(ServiceRecord service, ServicePort port, SchemeChoice choice) => choice switch
    {
        SchemeChoice.Http => "http",
        SchemeChoice.Https => "https",
        _ => SignOfHttps(service, port) is null ? "http" : "https",
    };

    /// <summary>Whether only an answer can tell that a port speaks https.</summary>
    public static bool MayBeHttps(ServiceRecord service, ServicePort port, SchemeChoice choice) =>
        choice == SchemeChoice.Auto && port.AppProtocol != "http" && SignOfHttps(service, port) is null;

    /// <summary>What shows that a port speaks https, for a person; null where nothing does.</summary>
    public static string? SignOfHttps(ServiceRecord service, ServicePort port)
    {
        if (port.AppProtocol is "http" or "https")
            return port.AppProtocol == "https" ? "its appProtocol is https" : null;
        if (port.Name?.StartsWith("https", StringComparison.Ordinal) == true)
            return "the port's name starts with https";
        if (port.Number == 443)
            return "the port's number is 443";
        return ServingCertificates.FirstOrDefault(service.Annotations.ContainsKey) is { } annotation ? $"it has the annotation {annotation}" : null;
    }
}
