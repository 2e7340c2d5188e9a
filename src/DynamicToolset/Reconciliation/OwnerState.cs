namespace DynamicToolset.Reconciliation;

/// <summary>What is known of the Deployment that should own the ConfigMap.</summary>
public abstract record OwnerState
{
    private OwnerState()
    {
    }

    /// <summary>No owner is wanted.</summary>
    public sealed record SwitchedOff : OwnerState;

    /// <summary>The program runs in another namespace than the ConfigMap, and an owner must be in the same.</summary>
    public sealed record InOtherNamespace(string Namespace) : OwnerState;

    /// <summary>Not asked yet, or no answer to be had.</summary>
    public sealed record Unknown : OwnerState;

    /// <param name="Error">What was asked, and which right is missing.</param>
    /// <param name="MissingRight">That right alone, and the manifest that grants it.</param>
    public sealed record Forbidden(string Error, string? MissingRight = null) : OwnerState;

    /// <summary>There is none of that name.</summary>
    public sealed record Missing : OwnerState;

    /// <summary>It is being deleted, and what belongs to it goes first.</summary>
    public sealed record BeingDeleted : OwnerState;

    public sealed record Found(string Uid) : OwnerState;

    /// <summary>The API server does not let the owners be changed, be it that ours is added or taken away.</summary>
    /// <param name="Error">What the API server said.</param>
    /// <param name="MissingRight">The right that would let them, and the manifest that grants it; null where no manifest does.</param>
    public sealed record Refused(string Error, string? MissingRight = null) : OwnerState;
}
