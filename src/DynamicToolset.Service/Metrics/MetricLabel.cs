using System.Collections.Immutable;

namespace DynamicToolset.Service.Metrics;

/// <summary>A label of a metric. None takes a value that somebody who may only create Services can choose.</summary>
/// <param name="Values">All that there can be; empty where that is not known beforehand (a status code).</param>
internal sealed record MetricLabel(string Name, params ImmutableArray<string> Values)
{
    /// <summary>The types of the admin's rules come on top; they are as many as a rule set may have.</summary>
    public bool IsOpenToRules { get; init; }
}
