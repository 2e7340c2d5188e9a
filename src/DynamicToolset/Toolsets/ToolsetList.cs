using System.Collections.Immutable;
using DynamicToolset.Cluster;

namespace DynamicToolset.Toolsets;

/// <summary>What there is to write. Equal where the content is.</summary>
/// <param name="Toolsets">In the order in which they are written: kubernetes, the built-in types, then ordinally.</param>
/// <param name="Dormant">Overrides that are written nowhere for now.</param>
public sealed record ToolsetList(ImmutableArray<Toolset> Toolsets, ImmutableArray<DormantOverride> Dormant)
{
    /// <summary>What was taken out of toolsets, in their order; see <see cref="CredentialScope"/>.</summary>
    public ImmutableArray<WithheldCredentials> Withheld { get; init; } = [];

    public bool Equals(ToolsetList? other) => other is not null
        && Toolsets.SequenceEqual(other.Toolsets)
        && Dormant.SequenceEqual(other.Dormant)
        && Withheld.SequenceEqual(other.Withheld);

    public override int GetHashCode() => HashCode.Combine(Toolsets.Length, Dormant.Length);
}

/// <summary>References to secrets that a toolset does without.</summary>
/// <param name="Paths">Where they stood, such as <c>config.apiKey</c>, with a comma between two.</param>
public sealed record WithheldCredentials(string Toolset, ObjectKey Service, string Paths)
{
    public override string ToString() => $"{Toolset} of {Service}: {Paths}";
}

/// <summary>An entry of the overrides that waits.</summary>
/// <param name="Others">The first names of other backends of that type, for a person; empty where there are none.</param>
public sealed record DormantOverride(string Name, DormancyReason Reason, string Others = "");

/// <summary>What an override waits for.</summary>
public enum DormancyReason
{
    /// <summary>It is about a type, names no URL, and no backend has the type's name.</summary>
    NoBackend,

    /// <summary>The Service that has or asks for the name is there and does not answer.</summary>
    BackendUnhealthy,

    /// <summary>The Service that would have the name is only compatible, and a real one in its namespace answers.</summary>
    BackendStandsBy,

    /// <summary>No Service has the name, and without <c>config.url</c> there would be nothing to ask.</summary>
    NoUrl,
}
