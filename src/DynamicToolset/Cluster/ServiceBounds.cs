using System.Text;
using DynamicToolset.Messages;

namespace DynamicToolset.Cluster;

/// <summary>
/// How much is kept of one Service, and of the Services of one namespace. Whoever may create Services chooses what is in them, and all of them are
/// kept: without bounds the memory of this program would be theirs. Of 2,400 Services that charts and operators install the largest has 14
/// ports and 12 labels, and costs 4.4 KiB.
/// </summary>
public static class ServiceBounds
{
    private const string Refused = "the Service is refused, and an Event tells its owner: no backend is that large";

    /// <summary>
    /// What a Service costs that has nothing: the record, its place in the copy of the cluster, its version and uid. Measured: 0.6 KiB.
    /// </summary>
    private const int CostOfAny = 600;

    /// <summary>What the program remembers of each problem that it tells. Measured: 1.5 KiB.</summary>
    private const int CostOfProblem = 1536;

    private const int CostOfMap = 48;
    private const int CostOfPair = 16;
    private const int CostOfPort = 64;
    private const int CostOfText = 24;

    public static Bound Labels { get; } = OfService(64, "labels");

    public static Bound Selector { get; } = OfService(64, "labels in its selector");

    /// <summary>Those that are kept: ours, and the short ones of others.</summary>
    public static Bound Annotations { get; } = OfService(128, "annotations");

    public static Bound Ports { get; } = OfService(256, "ports");

    /// <summary>Kubernetes takes 317 for a label's key and 63 for its value; a health path may have 1,024.</summary>
    public static Bound Text { get; } = OfService(1024, "bytes in one text: a key, a value or the name of a port");

    /// <summary>An object in Kubernetes' store has at most 1.5 MiB.</summary>
    public static Bound Json { get; } = OfService(1024 * 1024, "bytes of metadata and spec as JSON");

    public static Bound Memory { get; } = OfService(64 * 1024, "bytes of labels, selector, annotations and ports in memory");

    /// <summary>
    /// Rules look at marks of others, such as the name of a certificate. What is longer is a document for another program, most of all the last
    /// applied configuration, and makes up the greater part of many Services.
    /// </summary>
    public static Bound ForeignAnnotation { get; } =
        new("an annotation that is not ours", 128, "bytes", "the annotation is ignored");

    /// <summary>Three thousand usual Services fit.</summary>
    public static Bound Share { get; } = new(
        "the Services of a namespace", 6 * 1024 * 1024, "bytes of Services in memory",
        "the first in the order of names are kept, as many as fit; the others are refused, and the first of them is reported");

    /// <summary>In bytes of memory, at most: what is kept of it, and what is remembered where something is wrong with it.</summary>
    public static int CostOf(ServiceRecord service)
    {
        int cost = CostOfAny + CostOf(service.Key.Namespace) + CostOf(service.Key.Name) + CostOf(service.Labels) + CostOf(service.Selector) + CostOfMap;
        bool isTold = service.Beyond is not null;
        foreach (KeyValuePair<string, string> annotation in service.Annotations.Where(IsKept))
        {
            cost += CostOf(annotation);
            isTold |= OwnAnnotation.IsOne(annotation.Key);
        }

        foreach (ServicePort port in service.Ports)
            cost += CostOfPort + CostOf(port.Name) + CostOf(port.Protocol) + CostOf(port.AppProtocol) + CostOf(port.TargetPort);
        return isTold ? cost + CostOfProblem : cost;
    }

    /// <summary>The same Service, or what is left of one that is beyond a bound.</summary>
    public static ServiceRecord Within(ServiceRecord service) => FirstBeyond(service) is { } bound ? service.Refuse(bound) : service;

    private static Bound? FirstBeyond(ServiceRecord service)
    {
        if (service.Labels.Count > Labels.Most)
            return Labels;
        if (service.Selector.Count > Selector.Most)
            return Selector;
        if (service.Annotations.Count(IsKept) > Annotations.Most)
            return Annotations;
        if (service.Ports.Length > Ports.Most)
            return Ports;
        if (TextsOf(service).Any(t => Encoding.UTF8.GetByteCount(t) > Text.Most))
            return Text;
        return CostOf(service) > Memory.Most ? Memory : null;
    }

    private static IEnumerable<string> TextsOf(ServiceRecord service) => service.Labels
        .Concat(service.Selector)
        .Concat(service.Annotations.Where(IsKept))
        .SelectMany(p => new[] { p.Key, p.Value })
        .Concat(service.Ports.SelectMany(p => new[] { p.Name, p.Protocol, p.AppProtocol, p.TargetPort }).OfType<string>());

    /// <summary>False of the long annotations of others.</summary>
    public static bool IsKept(string annotation, string value) => OwnAnnotation.IsOne(annotation) || value.Length <= ForeignAnnotation.Most;

    private static bool IsKept(KeyValuePair<string, string> annotation) => IsKept(annotation.Key, annotation.Value);

    private static int CostOf(IReadOnlyDictionary<string, string> pairs)
    {
        int cost = CostOfMap;
        foreach (KeyValuePair<string, string> pair in pairs)
            cost += CostOf(pair);
        return cost;
    }

    private static int CostOf(KeyValuePair<string, string> pair) => CostOfPair + CostOf(pair.Key) + CostOf(pair.Value);

    private static int CostOf(string? text) => text is null ? 0 : CostOfText + (sizeof(char) * text.Length);

    private static Bound OfService(long most, string unit) => new("a Service", most, unit, Refused);
}
