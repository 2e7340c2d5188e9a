using System.Collections.Immutable;
using DynamicToolset.Values;
using DynamicToolset.Yaml;

namespace DynamicToolset.Overrides;

/// <summary>
/// The meaning of <c>overrides.yaml</c>: toolset names with what the admin wants of each. The text itself is never written by this
/// program, whatever it means.
/// </summary>
/// <param name="Entries">By toolset name, ordinally, the short form written out. Empty where there is a problem.</param>
/// <param name="Problem">Why the text could not be understood: position and kind, never a word of the text, which may hold secrets.</param>
public sealed record OverrideSet(ImmutableSortedDictionary<string, ToolsetValue.Map> Entries, YamlProblem? Problem)
{
    /// <summary>What else is wrong, behind the first problem.</summary>
    public ImmutableArray<YamlProblem> OtherProblems { get; init; } = [];

    /// <summary>Probable mistakes, which are used as written. In the order of the text, only the first of many, and never quoting the text.</summary>
    public ImmutableArray<YamlProblem> Slips { get; init; } = [];

    public IEnumerable<YamlProblem> Problems => Problem is null ? [] : [Problem, .. OtherProblems];

    public static OverrideSet None { get; } = new(ImmutableSortedDictionary.Create<string, ToolsetValue.Map>(StringComparer.Ordinal), null);
}
