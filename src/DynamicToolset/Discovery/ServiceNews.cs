using DynamicToolset.Cluster;
using DynamicToolset.Rules;

namespace DynamicToolset.Discovery;

/// <summary>
/// Tells changes of a Service that may matter from those that cannot: a large cluster has many a second, most of them the heartbeats and
/// counters that controllers keep in annotations.
/// </summary>
public static class ServiceNews
{
    /// <summary>False where no rule, and nothing else that this program does, reads what has changed.</summary>
    public static bool IsNews(RuleSet rules, ServiceRecord known, ServiceRecord now) =>
        known.Uid != now.Uid
        || known.Kind != now.Kind
        || known.Beyond != now.Beyond
        || !known.Ports.SequenceEqual(now.Ports)
        || !Same(known.Selector, now.Selector, static _ => true)
        || !Same(known.Labels, now.Labels, rules.LabelsRead.Contains)
        || !Same(known.Annotations, now.Annotations, key => IsRead(rules, key));

    /// <summary>Whether a rule or the service itself reads this annotation.</summary>
    public static bool IsRead(RuleSet rules, string annotation) =>
        rules.AnnotationsRead.Contains(annotation)
        || OwnAnnotation.IsOne(annotation)
        || ServicePorts.ServingCertificates.Contains(annotation);

    private static bool Same(IReadOnlyDictionary<string, string> known, IReadOnlyDictionary<string, string> now, Func<string, bool> isRead) =>
        known.All(p => !isRead(p.Key) || (now.TryGetValue(p.Key, out string? value) && value == p.Value))
        && now.Keys.All(k => !isRead(k) || known.ContainsKey(k));
}
