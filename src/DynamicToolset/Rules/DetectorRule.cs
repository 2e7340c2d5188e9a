using System.Collections.Immutable;

namespace DynamicToolset.Rules;

/// <summary>What makes a Service an instance of a toolset type: every label, and one of the ports.</summary>
/// <param name="Name">Unique among the rules.</param>
/// <param name="Type">The name of a <see cref="ToolsetType"/>.</param>
/// <param name="Priority">The higher one wins where two rules match.</param>
/// <param name="Ports">In order of preference: the first condition that some port meets chooses that port.</param>
public sealed record DetectorRule(
    string Name,
    string Type,
    int Priority,
    ImmutableArray<LabelCondition> Labels,
    ImmutableArray<PortCondition> Ports);
