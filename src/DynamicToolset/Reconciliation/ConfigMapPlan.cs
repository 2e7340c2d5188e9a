using System.Collections.Immutable;
using System.Diagnostics;

namespace DynamicToolset.Reconciliation;

/// <summary>The one next step towards the desired ConfigMap.</summary>
public abstract record ConfigMapPlan
{
    private ConfigMapPlan()
    {
    }

    /// <summary>What it is in one word, for who looks on.</summary>
    public string Word => this switch
    {
        None => "none",
        Create => "create",
        Patch => "patch",
        Disown => "disown",
        Fence => "fence",
        Yield => "yield",
        Refuse => "refuse",
        _ => throw new UnreachableException(),
    };

    /// <summary>Data keys that it writes.</summary>
    public IEnumerable<string> KeysSet => this switch
    {
        Create { Content.Data: var data } => data.Keys,
        Patch { Changes.Data: var data } => data.Where(d => d.Value is not null).Select(d => d.Key),
        _ => [],
    };

    /// <summary>Data keys that it takes away, binary ones too.</summary>
    public IEnumerable<string> KeysRemoved => this is Patch { Changes: var changes }
        ? changes.Data.Where(d => d.Value is null).Select(d => d.Key).Union(changes.BinaryDataRemovals)
        : [];

    /// <summary>Nothing differs: nothing is written.</summary>
    public sealed record None : ConfigMapPlan;

    /// <summary>It is not there. The admin's overrides come back with it, as they were last seen.</summary>
    public sealed record Create(ConfigMapContent Content) : ConfigMapPlan;

    public sealed record Patch(ConfigMapPatch Changes, ImmutableArray<Drift> Drift) : ConfigMapPlan;

    /// <summary>All is as it should be, but our field manager owns what is the admin's: see <see cref="FieldOwnership"/>.</summary>
    public sealed record Disown(string ResourceVersion, ImmutableArray<string> Fields) : ConfigMapPlan;

    /// <summary>
    /// The first act of a new leader, be there something else to write or not: it moves the version, so that whatever a leader before it has still
    /// on its way is refused.
    /// </summary>
    /// <param name="Value">Of <see cref="DesiredConfigMap.LeaderEpochAnnotation"/>.</param>
    public sealed record Fence(string ResourceVersion, string Value) : ConfigMapPlan;

    /// <summary>
    /// Somebody else has fenced it since this leader did. Most likely another replica leads, and this one has stood still with its clock: nothing is written
    /// before a new term.
    /// </summary>
    public sealed record Yield : ConfigMapPlan;

    /// <param name="Detail">A sentence for people: what stands in the way, and what to do.</param>
    public sealed record Refuse(RefuseReason Reason, string Detail) : ConfigMapPlan;
}
