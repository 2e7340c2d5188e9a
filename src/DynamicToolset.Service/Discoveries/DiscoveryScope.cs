using System.Collections.Immutable;
using DynamicToolset.Discovery;

namespace DynamicToolset.Service.Discoveries;

/// <summary>Limits the result of a discovery. Everything is evaluated in any case, since names depend on all Services.</summary>
/// <param name="Namespaces">Empty for all.</param>
/// <param name="Types">Empty for all.</param>
public sealed record DiscoveryScope(ImmutableSortedSet<string> Namespaces, ImmutableSortedSet<string> Types)
{
    public static DiscoveryScope All { get; } = Of([], []);

    /// <summary>One request may have at most this many too.</summary>
    private const int Most = 100;

    public bool IsAll => Namespaces.IsEmpty && Types.IsEmpty;

    public static DiscoveryScope Of(IEnumerable<string> namespaces, IEnumerable<string> types) =>
        new(namespaces.ToImmutableSortedSet(StringComparer.Ordinal), types.ToImmutableSortedSet(StringComparer.Ordinal));

    public bool Admits(Detection.Matched detection) =>
        (Namespaces.IsEmpty || Namespaces.Contains(detection.Service.Key.Namespace)) && (Types.IsEmpty || Types.Contains(detection.Type));

    /// <summary>The smallest that tells what either does.</summary>
    public DiscoveryScope Or(DiscoveryScope other) => new(Either(Namespaces, other.Namespaces), Either(Types, other.Types));

    public bool Equals(DiscoveryScope? other) => other is not null && Namespaces.SetEquals(other.Namespaces) && Types.SetEquals(other.Types);

    public override int GetHashCode() => HashCode.Combine(Namespaces.Count, Types.Count);

    /// <summary>So many that somebody joins with ever others are as good as all.</summary>
    private static ImmutableSortedSet<string> Either(ImmutableSortedSet<string> some, ImmutableSortedSet<string> others) =>
        some.IsEmpty || others.IsEmpty || some.Union(others) is not { Count: <= Most } both ? [] : both;
}
