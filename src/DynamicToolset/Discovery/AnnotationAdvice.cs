using System.Collections.Immutable;
using System.Globalization;
using DynamicToolset.Cluster;

namespace DynamicToolset.Discovery;

/// <summary>The annotations that make a Service a toolset of a type, whatever the rules say: tried out, not guessed.</summary>
/// <param name="Annotations">Those to set; the others stay as they are.</param>
/// <param name="Replaces">Some of them are there with another value.</param>
/// <param name="OtherPorts">Ports that fit as well as the one in <paramref name="Annotations"/>; empty where no port has to be chosen.</param>
public sealed record AnnotationAdvice(
    ImmutableArray<KeyValuePair<string, string>> Annotations, bool Replaces, ImmutableArray<ServicePort> OtherPorts)
{
    /// <summary>Null where no annotation helps: it has no TCP port, is an ExternalName Service, or another annotation is malformed.</summary>
    public static AnnotationAdvice? For(Detector detector, ServiceRecord service, string type)
    {
        ImmutableArray<KeyValuePair<string, string>> wanted =
            [KeyValuePair.Create(ToolsetAnnotations.Toolset, "true"), KeyValuePair.Create(ToolsetAnnotations.Type, type)];
        if (Works(detector, service, wanted))
            return Of(service, wanted, []);
        ImmutableArray<ServicePort> fitting = ServicePorts.Fitting(service);
        foreach (ServicePort port in fitting)
        {
            ImmutableArray<KeyValuePair<string, string>> withPort =
                wanted.Add(KeyValuePair.Create(ToolsetAnnotations.Port, port.Number.ToString(CultureInfo.InvariantCulture)));
            if (Works(detector, service, withPort))
                return Of(service, withPort, fitting.Remove(port));
        }

        return null;
    }

    private static bool Works(Detector detector, ServiceRecord service, ImmutableArray<KeyValuePair<string, string>> annotations)
    {
        Dictionary<string, string> all = service.Annotations.ToDictionary(StringComparer.Ordinal);
        foreach ((string key, string value) in annotations)
            all[key] = value;
        return detector.Detect(service with { Annotations = all }) is Detection.Matched;
    }

    private static AnnotationAdvice Of(
        ServiceRecord service, ImmutableArray<KeyValuePair<string, string>> annotations, ImmutableArray<ServicePort> otherPorts)
    {
        ImmutableArray<KeyValuePair<string, string>> changes = [.. annotations.Where(a => service.Annotations.GetValueOrDefault(a.Key) != a.Value)];
        return new AnnotationAdvice(changes, changes.Any(c => service.Annotations.ContainsKey(c.Key)), otherPorts);
    }
}
