using System.Collections.Immutable;
using DynamicToolset.Cluster;

namespace DynamicToolset.Discovery;

/// <summary>A Service that a rule found, as far as it matters for telling twins.</summary>
/// <param name="Priority">The rule's: the higher one wins.</param>
/// <param name="IsCompatible">True where it only speaks the type's API.</param>
/// <param name="RoleKeys">Keys of its pod selector that tell nothing but the parts of one backend apart.</param>
/// <param name="Preference">The lower one wins: the index of the rule's first preference that it meets, <see cref="int.MaxValue"/> for none.</param>
/// <param name="IsBeforeAll">It stands before the pods of all instances.</param>
/// <param name="Wish">Whose owner has spoken never gives way.</param>
public sealed record TwinCandidate(
    ServiceRecord Service,
    int Priority,
    bool IsCompatible,
    ImmutableArray<string> RoleKeys,
    int Preference,
    bool IsBeforeAll = false,
    OwnerWish Wish = OwnerWish.None);
