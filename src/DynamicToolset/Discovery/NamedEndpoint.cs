using System.Collections.Immutable;
using DynamicToolset.Cluster;

namespace DynamicToolset.Discovery;

/// <summary>A detected Service with the toolset name that it got.</summary>
public sealed record NamedEndpoint(string Name, Detection.Matched Detection)
{
    /// <summary>Among those of its type that answer: 0 is the first, who is taken where there is a place for one only.</summary>
    public int Place { get; init; }

    /// <summary>What to do so that it changes places with the first one; null where it is that one, or nothing would.</summary>
    public string? Swap { get; init; }
}

/// <summary>Who got which name.</summary>
/// <param name="Endpoints">Those that answer, in the order of the names.</param>
/// <param name="Holders">Theirs, and the names that are kept for a Service which does not answer.</param>
/// <param name="Waiting">Names, kept or asked for, of Services that are there and do not answer: nobody else's settings become a toolset of that name.</param>
/// <param name="Recorded">
/// The holders that would not be known from the toolsets alone after a restart: of names that several ask for, and of those that are kept.
/// </param>
public sealed record GivenNames(
    ImmutableArray<NamedEndpoint> Endpoints,
    Incumbents Holders,
    ImmutableHashSet<string> Waiting,
    ImmutableSortedDictionary<string, ObjectKey> Recorded)
{
    /// <summary>Compatible ones that get no name, each with the real one that answers in its namespace.</summary>
    public ImmutableDictionary<ObjectKey, ObjectKey> StandingBy { get; init; } = ImmutableDictionary<ObjectKey, ObjectKey>.Empty;

    /// <summary>Compatible ones that stand in now, each with the names of the real ones of its type in its namespace, which do not answer.</summary>
    public ImmutableDictionary<ObjectKey, ImmutableArray<string>> StandingIn { get; init; } = ImmutableDictionary<ObjectKey, ImmutableArray<string>>.Empty;

    /// <summary>The names that those would have who stand by.</summary>
    public ImmutableHashSet<string> Resting { get; init; } = [];
}
