using System.Text.RegularExpressions;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rules;

namespace DynamicToolset.Journal;

/// <summary>Labels, annotations and selectors: those that decide, with a placeholder for each value that does not.</summary>
internal sealed partial class ShownMetadata(Placeholders placeholders)
{
    public ServiceRecord Of(ServiceRecord service, RuleSet rules) => service with
    {
        Labels = service.Labels.Where(l => rules.LabelsRead.Contains(l.Key)).ToDictionary(),
        Annotations = service.Annotations.Where(a => ServiceNews.IsRead(rules, a.Key)).ToDictionary(a => a.Key, a => OfService(a.Key, a.Value, rules)),
        Selector = service.Selector.ToDictionary(p => p.Key, p => OfSelector(p.Value, rules.SelectorConditions[p.Key])),
    };

    /// <summary>A placeholder where each rule decides the same about it. Whether two Services have the same pods is decided by equality.</summary>
    private string OfSelector(string value, IEnumerable<TextCondition> conditions)
    {
        string hidden = placeholders.Hidden(value);
        return conditions.All(c => c.IsMetBy(hidden) == c.IsMetBy(value)) ? hidden : value;
    }

    /// <summary>Whatever somebody writes into the place of a random value of ours.</summary>
    public string? Fence(string? value) => value is null || FenceForm.IsMatch(value) ? value : placeholders.Hidden(value);

    public string Label(string value) => value == DesiredConfigMap.ManagedBy ? value : placeholders.Hidden(value);

    /// <summary>Of the ConfigMap; null where nothing is decided by it.</summary>
    public string? OfConfigMap(string key, string value) => key switch
    {
        DesiredConfigMap.LeaderEpochAnnotation => Fence(value),
        HolderAnnotation.Name => HoldersIn(value),
        DesiredConfigMap.OverrideErrorAnnotation => placeholders.Hidden(value),
        _ => null,
    };

    /// <summary>What cannot be followed is told without its value, so any other that cannot be followed will do.</summary>
    private string OfService(string key, string value, RuleSet rules)
    {
        if (rules.AnnotationsRead.Contains(key))
            return value;
        bool isFit = key switch
        {
            ToolsetAnnotations.Toolset => value is "true" or "false" or "enabled",
            ToolsetAnnotations.HealthEndpoint => UrlPath.IsPlain(value),
            ToolsetAnnotations.Type or ToolsetAnnotations.Name or ToolsetAnnotations.Port or ToolsetAnnotations.Scheme => DnsName.IsLabel(value),
            _ => false,
        };
        return isFit ? value : placeholders.Hidden(value);
    }

    private string HoldersIn(string value)
    {
        string read = string.Join(',', HolderAnnotation.Read(value).Select(h => $"{h.Key}={h.Value}"));
        return read == value ? value : $"{read},{placeholders.Hidden(value)}";
    }

    [GeneratedRegex(@"\A[0-9a-f]{0,16}\z", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex FenceForm { get; }
}
