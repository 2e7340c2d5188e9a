using System.Collections.Immutable;
using DynamicToolset.Values;
using DynamicToolset.Yaml;

namespace DynamicToolset.Overrides;

/// <summary>
/// The overrides in force. While the present text cannot be understood the last ones that were in the ConfigMap stay; where none were yet (the
/// program started with a bad text) nothing is known of what the admin wants. Equal where the content is.
/// </summary>
/// <param name="InForce">Null where nothing is known: what stands in the ConfigMap may be the admin's wish and is left alone.</param>
/// <param name="Problem">What is wrong with the present text; null where nothing is.</param>
public sealed record OverrideState(ImmutableSortedDictionary<string, ToolsetValue.Map>? InForce, YamlProblem? Problem)
{
    public static OverrideState Start { get; } = new(null, null);

    /// <summary>After what was in force, which is not always what was read last.</summary>
    public OverrideState Next(OverrideSet present) =>
        present.Problem is null ? new OverrideState(present.Entries, null) : this with { Problem = present.Problem };

    public bool Equals(OverrideState? other) => other is not null && Problem == other.Problem && AreEqual(InForce, other.InForce);

    public override int GetHashCode() => HashCode.Combine(InForce?.Count, Problem);

    private static bool AreEqual(ImmutableSortedDictionary<string, ToolsetValue.Map>? some, ImmutableSortedDictionary<string, ToolsetValue.Map>? others) =>
        some is null || others is null ? some == others : some.Keys.SequenceEqual(others.Keys) && some.Values.SequenceEqual(others.Values);
}
