namespace DynamicToolset.Reconciliation;

/// <summary>Why nothing is written although something differs.</summary>
public enum RefuseReason
{
    /// <summary>It is marked <c>immutable: true</c>.</summary>
    Immutable,

    /// <summary>It would be larger than <see cref="ConfigMapPlanner.LargestSize"/>.</summary>
    TooLarge,
}
