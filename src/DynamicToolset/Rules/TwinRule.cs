using System.Collections.Immutable;
using DynamicToolset.Cluster;

namespace DynamicToolset.Rules;

/// <summary>How to recognise several Services of one backend.</summary>
/// <param name="RoleKeys">Pod selector keys that only tell the parts of one backend apart, such as the roles of its nodes.</param>
/// <param name="Prefer">Of several Services that lead to one backend, the one that meets the earliest is taken.</param>
/// <param name="BeforeAll">A Service that meets one of them is in front of the pods of all instances, by labels that the others need not name.</param>
public sealed record TwinRule(ImmutableArray<string> RoleKeys, ImmutableArray<Condition> Prefer, ImmutableArray<Condition> BeforeAll)
{
    public static TwinRule None { get; } = new([], [], []);

    public bool IsBeforeAll(ServiceRecord service) => BeforeAll.Any(c => c.IsMetBy(service));

    /// <summary>The index of the first preference that it meets; <see cref="int.MaxValue"/> for none.</summary>
    public int PreferenceOf(ServiceRecord service)
    {
        for (int i = 0; i < Prefer.Length; i++)
        {
            if (Prefer[i].IsMetBy(service))
                return i;
        }

        return int.MaxValue;
    }
}
