namespace DynamicToolset.Reconciliation;

/// <summary>Why a needed change is not written.</summary>
public enum RefuseReason
{
    /// <summary>It is marked <c>immutable: true</c>.</summary>
    Immutable,

    /// <summary>It would be larger than <see cref="ConfigMapPlanner.LargestSize"/>.</summary>
    TooLarge,
}
