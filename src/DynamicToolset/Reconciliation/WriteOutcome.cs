using DynamicToolset.Cluster;

namespace DynamicToolset.Reconciliation;

/// <summary>What became of one step.</summary>
public abstract record WriteOutcome
{
    private WriteOutcome()
    {
    }

    /// <param name="Step">What was written: without the owners where those were refused.</param>
    /// <param name="Present">The ConfigMap as the API server answered.</param>
    /// <param name="OwnersRefused">Why the API server does not let the owners be changed, while it took the rest; null where it does.</param>
    public sealed record Written(ConfigMapPlan Step, ConfigMapRecord Present, ConfigMapWrite Write, OwnersRefusal? OwnersRefused) : WriteOutcome;

    /// <summary>The API server does not let the owners be changed, and there was nothing else to write.</summary>
    public sealed record OnlyOwnersRefused(OwnersRefusal Refusal) : WriteOutcome;

    /// <summary>Only the ownership of fields was written.</summary>
    public sealed record Disowned : WriteOutcome;

    /// <summary>Only the fence of a new leader was written.</summary>
    public sealed record Fenced(ConfigMapRecord Present) : WriteOutcome;

    /// <summary>It could not be written, or the ConfigMap is no longer what the plan was made for; what stands there stays.</summary>
    public sealed record NotWritten : WriteOutcome;
}

/// <param name="Error">What the API server said.</param>
/// <param name="MissingRight">The right that would have done, and the manifest that grants it; null where no manifest does.</param>
public sealed record OwnersRefusal(string Error, string? MissingRight);
