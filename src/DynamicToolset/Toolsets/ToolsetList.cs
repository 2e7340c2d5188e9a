using System.Collections.Immutable;

namespace DynamicToolset.Toolsets;

/// <summary>What there is to write. Equal where the content is.</summary>
/// <param name="Toolsets">In the order in which they are written: kubernetes, the built-in types, then ordinally.</param>
/// <param name="Dormant">Names of overrides that wait for a backend which is not there.</param>
public sealed record ToolsetList(ImmutableArray<Toolset> Toolsets, ImmutableArray<string> Dormant)
{
    public bool Equals(ToolsetList? other) => other is not null && Toolsets.SequenceEqual(other.Toolsets) && Dormant.SequenceEqual(other.Dormant);

    public override int GetHashCode() => HashCode.Combine(Toolsets.Length, Dormant.Length);
}
