using System.Collections.Immutable;

namespace DynamicToolset.Toolsets;

/// <summary>What there is to write. Equal where the content is.</summary>
/// <param name="Toolsets">In the order in which they are written: kubernetes, the built-in types, then ordinally.</param>
/// <param name="Dormant">Overrides that are written nowhere for now.</param>
public sealed record ToolsetList(ImmutableArray<Toolset> Toolsets, ImmutableArray<DormantOverride> Dormant)
{
    public bool Equals(ToolsetList? other) => other is not null && Toolsets.SequenceEqual(other.Toolsets) && Dormant.SequenceEqual(other.Dormant);

    public override int GetHashCode() => HashCode.Combine(Toolsets.Length, Dormant.Length);
}

/// <summary>An entry of the overrides that waits.</summary>
public sealed record DormantOverride(string Name, DormancyReason Reason);

/// <summary>What an override waits for.</summary>
public enum DormancyReason
{
    /// <summary>It is about a type, names no URL, and there is no such backend.</summary>
    NoBackend,

    /// <summary>The Service that has or asks for the name is there and does not answer.</summary>
    BackendUnhealthy,

    /// <summary>No Service has the name, and without <c>config.url</c> there would be nothing to ask.</summary>
    NoUrl,
}
