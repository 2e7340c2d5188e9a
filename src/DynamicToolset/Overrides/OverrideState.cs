using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Rules;
using DynamicToolset.Values;
using DynamicToolset.Yaml;

namespace DynamicToolset.Overrides;

/// <summary>
/// The overrides in force. While the present text cannot be understood the last ones that were in the ConfigMap stay; where none were yet (the
/// program started with a bad text) nothing is known of what the admin wants. Equal where the content is.
/// </summary>
/// <param name="InForce">Of this text alone; null where nothing is known of it.</param>
/// <param name="Problem">What is wrong with the present text; null where nothing is.</param>
public sealed record OverrideState(ImmutableSortedDictionary<string, ToolsetValue.Map>? InForce, YamlProblem? Problem)
{
    public static OverrideState Start { get; } = new(null, null);

    /// <summary>What else is wrong with the present text, behind the first problem.</summary>
    public ImmutableArray<YamlProblem> OtherProblems { get; private init; } = [];

    /// <inheritdoc cref="OverrideSet.Slips"/>
    public ImmutableArray<YamlProblem> Slips { get; private init; } = [];

    /// <summary>What lies below: this text counts where both speak of one value.</summary>
    public OverrideFiles Files { get; init; } = OverrideFiles.None;

    /// <summary>False if the overrides are unknown: content of the ConfigMap may be the admin's wish and is left alone.</summary>
    public bool IsKnown => InForce is not null && Files.Files.All(f => f.State.InForce is not null);

    /// <summary>Of the text and of each file the first, with the number of the others in it.</summary>
    public IEnumerable<RuleProblem> Problems => RuleProblem.FirstOf(OfText) is { } first ? Files.Problems.Prepend(first) : Files.Problems;

    /// <summary>The first of all, with the number of the others in the text and in all files; null where nothing is wrong.</summary>
    public RuleProblem? FirstProblem => RuleProblem.FirstOf(OfText.Concat(Files.Files.SelectMany(f => f.Problems)));

    /// <summary>Slips in the text and in the files.</summary>
    public IEnumerable<RuleProblem> Warnings =>
        [.. Slips.Select(s => new RuleProblem(ToolsetKey.Overrides, s.Position, s.Message)), .. Files.Files.SelectMany(f => f.Warnings)];

    private IEnumerable<RuleProblem> OfText => Problem is { } first
        ? OtherProblems.Prepend(first).Select(p => new RuleProblem(ToolsetKey.Overrides, p.Position, p.Message))
        : [];

    /// <summary>After what was in force, which is not always what was read last.</summary>
    public OverrideState Next(OverrideSet present) =>
        (present.Problem is null ? new OverrideState(present.Entries, null) : this with { Problem = present.Problem }) with
        {
            OtherProblems = present.OtherProblems,
            Slips = present.Slips,
        };

    /// <summary>What is wanted in the end, by toolset name; null where something of it is not known.</summary>
    public ImmutableSortedDictionary<string, ToolsetValue.Map>? Merge()
    {
        if (Files.Files.IsEmpty)
            return InForce;
        if (!IsKnown)
            return null;
        var merged = OverrideSet.None.Entries.ToBuilder();
        foreach ((string name, ToolsetValue.Map wanted) in Files.Files.SelectMany(f => f.State.InForce!).Concat(InForce!))
            merged[name] = merged.TryGetValue(name, out ToolsetValue.Map? below) ? OverrideMerger.Merge(below, wanted) : wanted;

        return merged.ToImmutable();
    }

    /// <summary>Which sources set values of a toolset; empty if none does.</summary>
    public ImmutableArray<OverrideOrigin> OriginsOf(string toolset)
    {
        IEnumerable<(string Origin, ToolsetValue.Map? Body)> bodies = Files.Files
            .Select(f => (f.Origin, f.State.InForce?.GetValueOrDefault(toolset)))
            .Append((ToolsetKey.Overrides, InForce?.GetValueOrDefault(toolset)));
        ImmutableArray<(string, ToolsetValue.Map)> there = [.. from b in bodies where b.Body is not null select (b.Origin, b.Body)];
        return there.IsEmpty ? [] : OverrideOrigins.Of(there);
    }

    public bool Equals(OverrideState? other) =>
        other is not null && Problem == other.Problem && AreEqual(InForce, other.InForce) && Files == other.Files
        && OtherProblems.SequenceEqual(other.OtherProblems);

    public override int GetHashCode() => HashCode.Combine(InForce?.Count, Problem);

    private static bool AreEqual(ImmutableSortedDictionary<string, ToolsetValue.Map>? some, ImmutableSortedDictionary<string, ToolsetValue.Map>? others) =>
        some is null || others is null ? some == others : some.Keys.SequenceEqual(others.Keys) && some.Values.SequenceEqual(others.Values);
}
